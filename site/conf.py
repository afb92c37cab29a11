"""How Sphinx makes the site; site/build.py runs it on a folder with the notebooks and index.md."""

import os
import re
from html import escape

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

# Where the site will be, if that is known: OWNER/REPOSITORY is what GitHub's machines say.
REPOSITORY = os.environ.get("GITHUB_REPOSITORY", "")
SITE_URL = os.environ.get("SITE_URL", "")
if REPOSITORY and not SITE_URL:
    SITE_URL = "https://{}.github.io/{}".format(*REPOSITORY.split("/"))
SITE_URL = SITE_URL and SITE_URL.rstrip("/") + "/"

project = html_title = "From log to a − y"
copyright = "the authors: text CC BY 4.0, code BSD 3-Clause"
language = "en"
root_doc = "index"
exclude_patterns = ["README.md"]  # index.md takes its beginning

extensions = ["myst_nb", "sphinx.ext.githubpages"]
myst_enable_extensions = ["dollarmath"]
nb_execution_mode = "off"  # site/build.py has run them
nb_ipywidgets_js = {"widgets.js": {"defer": "defer"}}

html_theme = "furo"
html_theme_options = {
    "top_of_page_buttons": ["view"],  # templates/components/view-this-page.html
    "light_css_variables": {"color-brand-primary": "#00527f", "color-brand-content": "#00629a"},
    "dark_css_variables": {"color-brand-primary": "#8fd0f5", "color-brand-content": "#8fd0f5"},
}
html_baseurl = SITE_URL
html_favicon = "favicon.svg"
html_css_files = ["site.css"]
html_js_files = [("page.js", {"defer": "defer"})]
templates_path = ["templates"]
html_math_renderer = "katex"
html_copy_source = html_show_sourcelink = False
html_use_index = False


class KeepStillPicture(SphinxPostTransform):
    """A widget's output also shows its still form, until site/widgets.js shows the widget."""

    default_priority = 3  # before myst-nb takes one form of each output and drops the others

    def run(self):
        for output in self.document.findall(nodes.container):
            forms = {form.get("mime_type"): form for form in output.children}
            widget = forms.get("application/vnd.jupyter.widget-view+json")
            if widget is not None and "text/html" in forms:
                still = "".join(child.astext() for child in forms["text/html"].children)
                widget.insert(0, nodes.raw("", f'<div class="still">{still}</div>', format="html"))


def visit_math(tag):
    def visit(self, node):
        self.body.append(f'<{tag} class="math">{escape(node.astext())}</{tag}>')
        raise nodes.SkipNode

    return visit, None


def describe(app, pagename, templatename, context, doctree):
    """Say what the page is about, for search engines and where a link to it is shared."""
    if doctree is None:
        return
    first = " ".join(next(doctree.findall(nodes.paragraph)).astext().split())
    about = re.sub(r"^(The )?question[.:] *", "", first, flags=re.IGNORECASE)
    tags = {
        "og:type": "article",
        "og:site_name": project,
        "og:title": next(doctree.findall(nodes.title)).astext(),
        "og:description": about[0].upper() + about[1:],
    }
    if REPOSITORY:
        context["binder"] = f"https://mybinder.org/v2/gh/{REPOSITORY}/HEAD"
    if SITE_URL:
        tags["og:url"] = context["pageurl"]
        tags["og:image"] = SITE_URL + "assets/loss_curves.png"
        tags["og:image:alt"] = "The two loss curves, for y = 1 and y = 0, cross at a = 0.5."
    context["metatags"] += f'<meta name="description" content="{escape(tags["og:description"])}">'
    for name, content in tags.items():
        context["metatags"] += f'<meta property="{name}" content="{escape(content)}">'


def setup(app):
    app.add_html_math_renderer("katex", visit_math("span"), visit_math("div"))
    app.add_post_transform(KeepStillPicture)
    app.connect("html-page-context", describe)
