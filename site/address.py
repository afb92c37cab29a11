"""Where the course is on GitHub.

python3 site/address.py OWNER/REPOSITORY writes it into README and TEACHING, for good.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README*.md", "TEACHING*.md")  # they say OWNER/REPOSITORY where it is not known
GITHUB = re.compile(r"github\.com[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?$")


def repository():
    """OWNER/REPOSITORY, as GitHub's machines say it, or else this checkout's remote; or ""."""
    if os.environ.get("GITHUB_REPOSITORY"):
        return os.environ["GITHUB_REPOSITORY"]
    if not (ROOT / ".git").exists():  # Git would ask the folders above
        return ""
    git = ["git", "-C", str(ROOT), "remote", "get-url", "origin"]
    try:
        answer = subprocess.run(git, capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    found = GITHUB.search(answer.stdout.strip())
    return found[1] if found else ""


def site_url(repository):
    """Where GitHub Pages puts the site, if SITE_URL does not say it; or "" if nothing is known."""
    url = os.environ.get("SITE_URL", "")
    if repository and not url:
        owner, name = repository.split("/")
        host = f"{owner.lower()}.github.io"
        url = f"https://{host}" if name.lower() == host else f"https://{host}/{name}"
    return url and url.rstrip("/") + "/"


def fill_in(text, repository):
    """Put the address, if it is known, where a text of the course leaves it open."""
    if not repository:
        return text
    owner, name = repository.split("/")
    return text.replace("OWNER", owner).replace("REPOSITORY", name)


def write(folder, repository):
    """Write the address into the folder's README and TEACHING."""
    for pattern in PAGES:
        for page in folder.glob(pattern):
            text = page.read_text(encoding="utf-8")
            page.write_text(fill_in(text, repository), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not re.fullmatch(r"[\w.-]+/[\w.-]+", sys.argv[1]):
        sys.exit(__doc__.strip())
    write(ROOT, sys.argv[1])
