"""How notebooks become paper and pages, from JupyterLab's menu and on the command line."""

import re
from html import escape, unescape

from nbformat.v4 import new_output

STILL = re.compile(
    r'<img[^>]* src="data:image/png;base64,([^"]+)">(?:<figcaption>([^<]*)</figcaption>)?'
)


def give_pictures(notebook, resources):
    """LaTeX knows no HTML: it gets the PNG that is in it, and the sentence below."""
    for cell in notebook.cells:
        for output in list(cell.get("outputs", [])):
            still = STILL.search(output.get("data", {}).get("text/html", ""))
            if still:
                output.data["image/png"] = still[1]
                if still[2]:
                    sentence = new_output("stream", text=unescape(still[2]) + "\n")
                    cell.outputs.insert(cell.outputs.index(output) + 1, sentence)
    return notebook, resources


def fold(notebook, resources):
    """A page opens what the notebook folds, such as the answer to a prediction, at a click."""
    for cell in notebook.cells:
        if cell.get("outputs") and cell.metadata.get("jupyter", {}).get("outputs_hidden"):
            inside = "".join(map(page_of, cell.outputs))
            folded = f"<details><summary>…</summary>{inside}</details>"
            cell.outputs = [new_output("display_data", {"text/html": folded})]
    return notebook, resources


def page_of(output):
    data = output.get("data", {})
    text = output.get("text") or data.get("text/plain", "")
    return data.get("text/html") or f"<pre>{escape(text)}</pre>"


c = get_config()  # noqa: F821 (Jupyter gives it)
c.LatexExporter.preprocessors = [
    give_pictures,
    "nbconvert.preprocessors.ExtractOutputPreprocessor",
]
c.HTMLExporter.preprocessors = [fold]
c.WebPDFExporter.preprocessors = []  # nobody can click on paper
