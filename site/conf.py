"""How Sphinx makes the site; site/build.py runs it on a folder with the notebooks and index.md."""

import os
import re
import tomllib
from html import escape
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.search import SearchLanguage
from sphinx.transforms.post_transforms import SphinxPostTransform

# Where the course and the site will be, if that is known: site/build.py says it.
REPOSITORY = os.environ.get("GITHUB_REPOSITORY", "")
SITE_URL = os.environ.get("SITE_URL", "")
# What the site itself says, in each of its languages.
FILES = sorted(Path(__file__).parent.glob("words/*.toml"))
WORDS = {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in FILES}

language = "en"  # site/build.py says which
root_doc = "index"

extensions = ["myst_nb", "sphinx.ext.githubpages"]
myst_enable_extensions = ["dollarmath"]
nb_merge_streams = True  # where the output of a cell is cut is a matter of timing
nb_execution_mode = "off"  # site/build.py has run them
nb_code_prompt_show = "{type}"  # see name_folds
nb_ipywidgets_js = {}  # page.js loads widgets.js where a widget comes near the screen

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


class Pairs(SearchLanguage):
    """Search in Chinese, which has no spaces: two neighbouring characters are a term."""

    lang = "zh"
    language_name = "Chinese"
    stopwords = set()
    js_splitter_code = """
var splitQuery = (query) => (query.match(/[\\u3400-\\u9fff]+|\\w+/g) ?? []).flatMap((run) =>
  /^\\w|^.$/u.test(run) ? [run] : [...run].slice(1).map((next, k) => run[k] + next));
"""

    def split(self, input):
        runs = re.findall("[\u3400-\u9fff]+|[A-Za-z0-9_]+", input)
        return [term for run in runs for term in self.pairs(run)]

    def pairs(self, run):
        chinese = run > "\u3400" and len(run) > 1
        return [run[k : k + 2] for k in range(len(run) - 1)] if chinese else [run]


def visit_math(tag):
    """Leave formulas as they are to site/math.mjs."""

    def visit(self, node):
        self.body.append(f'<{tag} class="math">{escape(node.astext())}</{tag}>')
        raise nodes.SkipNode

    return visit, None


def describe(app, pagename, templatename, context, doctree):
    """Give the templates their words, and say what the page is about where it is linked to."""
    words = WORDS[app.config.language]
    place = "" if app.config.language == "en" else app.config.language + "/"
    context |= {"words": words, "place": place, "others": others(app.config.language, pagename)}
    context["finish"] = lambda html: finish(html, words)
    context["repository"] = REPOSITORY
    if doctree is None:
        return
    first = " ".join(next(doctree.findall(nodes.paragraph)).astext().split())
    about = re.sub("^" + words["question"], "", first, flags=re.IGNORECASE)
    tags = {
        "og:type": "article",
        "og:site_name": words["project"],
        "og:title": next(doctree.findall(nodes.title)).astext(),
        "og:description": about[0].upper() + about[1:],
    }
    if os.environ.get("SITE_LIVE"):
        door = f"lab-{app.config.language}" if place else "lab"
        context["live"] = f"{'../' if place else ''}live/{door}/index.html?path=notebooks/{place}"
    if SITE_URL:
        tags["og:url"] = context["pageurl"]
        tags["og:image"] = SITE_URL + "assets/walk.png"
        tags["og:image:alt"] = words["picture"]
    context["metatags"] += f'<meta name="description" content="{escape(tags["og:description"])}">'
    for name, content in tags.items():
        context["metatags"] += f'<meta property="{name}" content="{escape(content)}">'


def others(language, pagename):
    """The same page in each other language: where it is, its language, and that language's name."""
    top = "" if language == "en" else "../"
    return [
        (f"{top}{'' if code == 'en' else code + '/'}{pagename}.html", code.replace("_", "-"), name)
        for code, name in ((code, words["name"]) for code, words in WORDS.items())
        if code != language
    ]


def finish(html, words):
    """Name the landmarks, which the theme does not, and say the theme's own words as we do."""
    for landmark, name in {"sidebar": "sidebar", "toc": "contents"}.items():
        named = f'<aside aria-label="{words["landmarks"][name]}" class="{landmark}-drawer'
        html = html.replace(f'<aside class="{landmark}-drawer', named)
    html = html.replace('<th class="head"><p></p></th>', "<td></td>")  # the corner of a table
    # The theme would have every fold read out by this name, and not by what is to be seen on it.
    html = html.replace('<summary aria-label="Toggle hidden content">', "<summary>")
    theme = "|".join(map(re.escape, words["theme"]))
    found = re.compile(rf'(>\s*|aria-label=")({theme})(?=\s|<|")')
    return found.sub(lambda match: match[1] + words["theme"][match[2]], html)


def speak(app, config):
    """Set what depends on the language, which is known only now."""
    words = WORDS[config.language]
    config.project = config.html_title = words["project"]
    config.copyright = words["copyright"]
    if SITE_URL and config.language != "en":
        config.html_baseurl = f"{SITE_URL}{config.language}/"


def name_folds(app, doctree, docname):
    """Say of each fold what to do before it is opened, and what is then seen."""
    for fold in doctree.findall(HideCodeCellNode):
        kind = fold["prompt_show"].removesuffix("s")
        fold["prompt_show"], fold["prompt_hide"] = WORDS[app.config.language]["fold"][kind]


def keep_together(app, doctree):
    """Keep "05 · The" on one line with what follows, and "a − y" on one line."""
    for text in next(doctree.findall(nodes.title)).findall(nodes.Text):
        kept = re.sub(r"^(\d\d) · (The |One |A )?| − ", lambda m: m[0].replace(" ", "\xa0"), text)
        text.parent.replace(text, nodes.Text(kept))


def setup(app):
    app.connect("config-inited", speak)
    app.connect("doctree-read", keep_together)
    app.connect("doctree-resolved", name_folds)
    app.add_html_math_renderer("katex", visit_math("span"), visit_math("div"))
    app.add_post_transform(KeepStillPicture)
    app.add_search_language(Pairs)
    app.connect("html-page-context", describe)
