"""How Sphinx makes the site; site/build.py runs it on a folder with the notebooks and index.md."""

import os
import re
from html import escape

from docutils import nodes
from sphinx.search import SearchLanguage
from sphinx.transforms.post_transforms import SphinxPostTransform

# Where the site will be, if that is known: OWNER/REPOSITORY is what GitHub's machines say.
REPOSITORY = os.environ.get("GITHUB_REPOSITORY", "")
SITE_URL = os.environ.get("SITE_URL", "")
if REPOSITORY and not SITE_URL:
    SITE_URL = "https://{}.github.io/{}".format(*REPOSITORY.split("/"))
SITE_URL = SITE_URL and SITE_URL.rstrip("/") + "/"

project = html_title = "From log to a − y"
copyright = "the authors: text CC BY 4.0, code BSD 3-Clause"
language = "en"  # site/build.py says which, and which there are
LANGUAGES = os.environ.get("SITE_LANGUAGES", language).split()
# What the site itself says, in each of its languages.
WORDS = {
    "en": {
        "project": "From log to a − y",
        "here": "Sliders and answer boxes work on this page. To run and change code, open the "
        "notebook:",
        "run": "Run this notebook",
        "live": "Run and change this lesson here",
        "loads": "Python runs in this tab: the first start loads about 40 MB and takes up to a "
        "minute; nothing leaves your browser.",
        "binder": "Open in Binder",
        "notebook": "Download notebook",
        "course": "Whole course",
        "other": "简体中文",
        "picture": "A path walks down to the lowest point, and an S-curve lies through students.",
    },
    "zh_CN": {
        "project": "从 log 到 a − y",
        "here": "本页的滑块和答题框可以直接用。想运行或修改代码，请打开笔记本：",
        "run": "运行这个笔记本",
        "live": "就在这里运行和修改这一课",
        "loads": "Python 就在这个标签页里运行：第一次要下载大约 40 MB，最多一分钟；"
        "你的内容不会离开浏览器。",
        "binder": "在 Binder 中打开",
        "notebook": "下载笔记本",
        "course": "下载整个课程",
        "other": "English",
        "picture": "一条路走下山坡到最低点，一条 S 形曲线穿过学生们。",
    },
}
root_doc = "index"
exclude_patterns = ["README.md"]  # index.md takes its beginning

extensions = ["myst_nb", "sphinx.ext.githubpages"]
myst_enable_extensions = ["dollarmath"]
nb_execution_mode = "off"  # site/build.py has run them
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
    def visit(self, node):
        self.body.append(f'<{tag} class="math">{escape(node.astext())}</{tag}>')
        raise nodes.SkipNode

    return visit, None


def describe(app, pagename, templatename, context, doctree):
    """Say what the page is about, for search engines and where a link to it is shared."""
    if doctree is None:
        return
    first = " ".join(next(doctree.findall(nodes.paragraph)).astext().split())
    about = re.sub(r"^(The )?(question|问题)[.:：] *", "", first, flags=re.IGNORECASE)
    words = WORDS[app.config.language]
    tags = {
        "og:type": "article",
        "og:site_name": words["project"],
        "og:title": next(doctree.findall(nodes.title)).astext(),
        "og:description": about[0].upper() + about[1:],
    }
    place = "" if app.config.language == "en" else app.config.language + "/"
    context |= {"words": words, "place": place, "other": ""}
    if len(LANGUAGES) > 1:
        [other] = set(LANGUAGES) - {app.config.language}
        context["other"] = f"../{pagename}.html" if place else f"{other}/{pagename}.html"
        context["other_language"] = other.replace("_", "-")
    if os.environ.get("SITE_LIVE"):
        door = f"lab-{app.config.language}" if place else "lab"
        context["live"] = f"{'../' if place else ''}live/{door}/index.html?path=notebooks/{place}"
    if REPOSITORY:
        context["binder"] = f"https://mybinder.org/v2/gh/{REPOSITORY}/HEAD"
    if SITE_URL:
        tags["og:url"] = context["pageurl"]
        tags["og:image"] = SITE_URL + "assets/walk.png"
        tags["og:image:alt"] = words["picture"]
    context["metatags"] += f'<meta name="description" content="{escape(tags["og:description"])}">'
    for name, content in tags.items():
        context["metatags"] += f'<meta property="{name}" content="{escape(content)}">'


def speak(app, config):
    """Set what depends on the language, which is known only now."""
    words = WORDS[config.language]
    config.project = config.html_title = words["project"]
    config.nb_code_prompt_show, config.nb_code_prompt_hide = "{type}", "hide"  # see finish.mjs
    if SITE_URL and config.language != "en":
        config.html_baseurl = f"{SITE_URL}{config.language}/"


def keep_together(app, doctree):
    """Keep "05 · The" on one line with what follows, and "a − y" on one line."""
    for text in next(doctree.findall(nodes.title)).findall(nodes.Text):
        kept = re.sub(r"^(\d\d) · (The |One |A )?| − ", lambda m: m[0].replace(" ", "\xa0"), text)
        text.parent.replace(text, nodes.Text(kept))


def setup(app):
    app.connect("config-inited", speak)
    app.connect("doctree-read", keep_together)
    app.add_html_math_renderer("katex", visit_math("span"), visit_math("div"))
    app.add_post_transform(KeepStillPicture)
    app.add_search_language(Pairs)
    app.connect("html-page-context", describe)
