"""Whether a translated notebook says what the English one says, as far as a machine can tell.

Each translated cell holds, in its metadata, the fingerprint of the English cell that it says. Where
the English one has changed since, the cell waits for a translator. In all others: the same code but
for words in strings and comments, the same formulas, numbers, signs and symbols in each text, the
same printed numbers, the same folds.
"""

import ast
import difflib
import hashlib
import os
import re
from collections import Counter

import nbformat

from . import execute
from .lessons import FORMULA

FENCE = re.compile(r"```(?:python)?\n(.*?)```", re.DOTALL)
NUMBER = re.compile(r"(?<![A-Za-z\d.])[−-]?\d+(?:[.,]\d+)*(?: ?%)?")  # 61 %, in Chinese 61%
# What a text shares with its translation: looked for in this order, and each then taken out.
FACTS = {
    "blocks of code": re.compile("```"),
    "formulas": FORMULA,
    "code in the text": re.compile(r"`[^`\n]+`"),
    "links": re.compile(r"\]\((?!zh_CN/|\.\./)[^)\s]+\)"),
    "numbers": NUMBER,
    "signs": re.compile("[−+×·=<>≤≥≈→±√∞∂ηΔσΣ∇′₀₁₂²³⁻]"),
    # A letter of its own is a symbol; "a", "A" and "I" are words too, in English.
    "symbols": re.compile(r"(?<![A-Za-z’'\d])[b-zB-HJ-Z](?![A-Za-z])", re.ASCII),
    "headings": re.compile("^#+(?= )", re.MULTILINE),
    "rows of tables": re.compile(r"^\|", re.MULTILINE),
    "folded answers": re.compile("<details>"),
}
CHINESE = re.compile("[\u3001-\u9fff\uff01-\uff5e]")  # and its punctuation
OURS = re.compile(r"^language\.use_language\(.*\)\n?|(?<=import )language, ", re.MULTILINE)
DATA_URI = re.compile(r"data:image/[^\"')]*")
ATTRIBUTE = re.compile(r' style="[^"]*"')


def fingerprint(cell):
    return hashlib.sha256(cell.source.encode()).hexdigest()[:12]


def counted(pattern, text):
    text = text.replace("\N{NO-BREAK SPACE}", " ")
    return Counter(found.replace(" %", "%") for found in pattern.findall(text))


class Wordless(ast.NodeTransformer):
    """Code without its strings, which are kept in their order; of f-strings, the words."""

    def __init__(self):
        self.strings = []

    def visit_JoinedStr(self, node):
        words = [part.value for part in node.values if isinstance(part, ast.Constant)]
        self.strings.append("".join(words))
        fields = [ast.unparse(part) for part in node.values if not isinstance(part, ast.Constant)]
        return ast.Constant(tuple(sorted(fields)))

    def visit_Constant(self, node):
        if not isinstance(node.value, str):
            return node
        self.strings.append(node.value)
        return ast.Constant("")


def code_differences(english, translated):
    """Yield where code is not the same, or a string neither the same nor a translation."""
    readers = Wordless(), Wordless()
    trees = [ast.parse(OURS.sub("", source)) for source in (english, translated)]
    codes = [ast.unparse(reader.visit(tree)).splitlines() for reader, tree in zip(readers, trees)]
    if codes[0] != codes[1]:
        yield f"the code differs: {changed(*codes)}"
        return
    for one, two in zip(*(reader.strings for reader in readers)):
        if one != two and not (CHINESE.search(two) and facts_of(one) == facts_of(two)):
            yield f"the string {two!r} is not {one!r}, nor a translation of it"


def facts_of(words):
    signs = re.findall("[−+×·=<>/*]|(?<![A-Za-z])-|-(?![A-Za-z])", words)
    return sorted([*counted(NUMBER, words).elements(), *signs])


def text_differences(english, translated):
    """Yield which of the FACTS are not the same, and where blocks of code differ."""
    for codes in zip(FENCE.findall(english), FENCE.findall(translated)):
        yield from code_differences(*codes)
    texts = [FENCE.sub("```", text) for text in (english, translated)]
    for name, pattern in FACTS.items():
        found = [counted(pattern, text) for text in texts]
        if found[0] != found[1]:
            yield f"{name} differ: {missing(*found)}"
        texts = [pattern.sub(" ", text) for text in texts]


def printed(cell):
    """Return the numbers that a cell's outputs show."""
    texts = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        texts.append(output.get("text", "") or data.get("text/html") or data.get("text/plain", ""))
    return counted(NUMBER, ATTRIBUTE.sub("", DATA_URI.sub("", "\n".join(texts))))


def waiting(english, translated):
    """Yield the id of each English cell that waits for a translator, and why."""
    said = {cell.id: cell.metadata.get("english") for cell in translated.cells}
    for cell in english.cells:
        if cell.id not in said:
            yield cell.id, "is new in English"
        elif said[cell.id] != fingerprint(cell):
            yield cell.id, "has changed in English"


def to_translate(path):
    """Yield a line for each cell that waits, with the command for afterwards."""
    place = f"{path.parent.name} {path.stem}"
    command = f"python3 course.py translated {place}"
    for cell, why in waiting(*editions(path)):
        yield f"{place}: cell {cell} {why}; once it says that: {command} {cell}"


def editions(path):
    """Return the English notebook and the translated one that lies at ``path``."""
    return [nbformat.read(file, as_version=4) for file in (execute.NOTEBOOKS / path.name, path)]


def differences(english, translated):
    """Yield what differs in all that does not wait, a cell's differences with its id."""
    left = {cell for cell, _ in waiting(english, translated)}
    here = [cell.id for cell in translated.cells]
    there = [cell.id for cell in english.cells if cell.id in here]
    if here != there:  # to be mended without knowing the language
        yield f"delete or move cells, as in English: {changed(there, here)}"
    ones = {cell.id: cell for cell in english.cells if cell.id not in left}
    code_waits = any(cell.id in left for cell in execute.code_cells(english))
    for two in translated.cells:
        if one := ones.get(two.id):
            yield from (f"{two.id}: {what}" for what in cell_differences(one, two))
            if not code_waits and printed(one) != printed(two):
                yield f"{two.id}: printed numbers differ: {missing(printed(one), printed(two))}"


def changed(english, translated):
    return "".join(
        f"\n    {line}" for line in difflib.ndiff(english, translated) if line[0] in "-+"
    )


def cell_differences(one, two):
    folds = [{k: v for k, v in cell.metadata.items() if k != "english"} for cell in (one, two)]
    if one.cell_type != two.cell_type or folds[0] != folds[1]:
        yield f"another kind of cell, or folded otherwise: {folds[1]}, not {folds[0]}"
    elif one.cell_type == "markdown":
        yield from text_differences(one.source, two.source)
    else:
        yield from code_differences(one.source, two.source)


def missing(one, two):
    return f"English only {[*(one - two)]}, translated only {[*(two - one)]}"


def must_be_current():
    """Whether what waits for a translator fails: before publishing, but not on a pull request."""
    return os.environ.get("CURRENT_TRANSLATIONS") == "1"


def stamp(path, ids=()):
    """Take the English cells as said, all or these, in the translated notebook at ``path``."""
    english, notebook = editions(path)
    current = {cell.id: fingerprint(cell) for cell in english.cells}
    for cell in notebook.cells:
        if cell.id in current and (not ids or cell.id in ids):
            cell.metadata["english"] = current[cell.id]
    path.write_text(execute.as_committed(notebook), encoding="utf-8", newline="\n")
