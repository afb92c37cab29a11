"""Whether a translated notebook says what the English one says, as far as a machine can tell.

python -m tests.parity LANGUAGE NAME [CELL …]   take the English cells as said (all, or these)

Same cells, same code but for words in strings and comments, same formulas, numbers, signs and
symbols in each text, same printed numbers, same folds; and each translated cell holds, in its
metadata, the fingerprint of the English cell that it says.
"""

import ast
import hashlib
import re
import sys
from collections import Counter

import nbformat

from tests import execute

FENCE = re.compile(r"```(?:python)?\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)
HREF = re.compile(r"\]\(([^)\s]+)\)")
NUMBER = re.compile(r"(?<![A-Za-z\d.])[−-]?\d+(?:[.,]\d+)*(?: ?%)?")  # 61 %, in Chinese 61%
SIGN = re.compile("[−+×·=<>≤≥≈→±√∞∂ηΔσΣ∇′₀₁₂²³⁻]")
# A letter of its own is a symbol; "a", "A" and "I" are words too, in English.
SYMBOL = re.compile(r"(?<![A-Za-z’'\d])[b-zB-HJ-Z](?![A-Za-z])", re.ASCII)
CHINESE = re.compile("[\u3400-\u9fff]")
OURS = re.compile(r"^language\.use_language\(.*\)\n?|(?<=import )language, ", re.MULTILINE)
DATA_URI = re.compile(r"data:image/[^\"')]*")
ATTRIBUTE = re.compile(r' style="[^"]*"')


def fingerprint(cell):
    return hashlib.sha256(cell.source.encode()).hexdigest()[:12]


def counted(pattern, text):
    return Counter(found.replace(" %", "%") for found in pattern.findall(text))


def code_skeleton(source):
    """Return code without its words: strings in another script than ASCII keep their numbers."""
    tree = ast.parse(OURS.sub("", source))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            words = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
            fields = [ast.dump(part) for part in node.values if not isinstance(part, ast.Constant)]
            node.values = [ast.Constant(value=sorted(fields)), ast.Constant(value=facts_of(words))]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = told(node.value)
    return ast.dump(tree)


def told(words):
    """Return what must be the same of a string: its numbers and signs, if it has words."""
    if CHINESE.search(words) or re.search("[A-Za-z]{2}", words):
        return facts_of(words)
    return words


def facts_of(words):
    signs = re.findall("[−+×·=<>/*]|(?<![A-Za-z])-|-(?![A-Za-z])", words)
    return sorted([*counted(NUMBER, words).elements(), *signs])


def strings_kept(english, translated):
    """Yield strings that differ although nothing in them was translated."""
    pairs = zip(*(strings_of(source) for source in (english, translated)))
    for one, two in pairs:
        if one != two and not CHINESE.search(two):
            yield f"the string {two!r} is neither translated nor {one!r}"


def strings_of(source):
    """Return the strings of some code in their order, f-strings left out."""
    tree = ast.parse(OURS.sub("", source))
    inside = {id(p) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for p in ast.walk(n)}
    strings = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in inside]
    return [node.value for node in strings if isinstance(node.value, str)]


def text_facts(text):
    """Return what a text must share with its translation, by name."""
    facts = {"fenced code": [code_skeleton(code) for code in FENCE.findall(text)]}
    text = FENCE.sub(" ", text)
    facts["formulas"] = counted(FORMULA, text)
    text = FORMULA.sub(" ", text)
    facts["code in the text"] = counted(INLINE, text)
    text = INLINE.sub(" ", text)
    links = [href for href in HREF.findall(text) if "zh_CN/" not in href and "../" not in href]
    facts["links"] = sorted(links)
    text = HREF.sub("] ", text)
    facts["numbers"] = counted(NUMBER, text)
    text = NUMBER.sub(" ", text)
    facts["signs"] = counted(SIGN, text)
    facts["symbols"] = counted(SYMBOL, text)
    facts["headings"] = re.findall("^#+(?= )", text, re.MULTILINE)
    facts["rows of tables"] = len(re.findall(r"^\|", text, re.MULTILINE))
    facts["folded answers"] = text.count("<details>")
    return facts


def printed(cell):
    """Return the numbers that a cell's outputs show, in order of size."""
    texts = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        texts.append(output.get("text", "") or data.get("text/html") or data.get("text/plain", ""))
    return counted(NUMBER, ATTRIBUTE.sub("", DATA_URI.sub("", "\n".join(texts))))


def differences(english, translated):
    """Yield what differs between two notebooks, beginning with the cell's id."""
    ids = [cell.id for cell in english.cells]
    if ids != [cell.id for cell in translated.cells]:
        others = [cell.id for cell in translated.cells]
        yield f"the cells or their order are not the same: {missing(Counter(ids), Counter(others))}"
        return
    for one, two in zip(english.cells, translated.cells):
        for difference in cell_differences(one, two):
            yield f"{two.id}: {difference}"


def cell_differences(one, two):
    if two.metadata.get("english") != fingerprint(one):
        yield "the English cell has changed since it was translated"
    folds = [{k: v for k, v in cell.metadata.items() if k != "english"} for cell in (one, two)]
    if one.cell_type != two.cell_type or folds[0] != folds[1]:
        yield f"another kind of cell, or folded otherwise: {folds[1]}, not {folds[0]}"
    elif one.cell_type == "markdown":
        facts = text_facts(one.source), text_facts(two.source)
        for name, fact in facts[0].items():
            if fact != facts[1][name]:
                yield f"{name} differ: {missing(fact, facts[1][name])}"
    else:
        if code_skeleton(one.source) != code_skeleton(two.source):
            yield "the code differs"
        else:
            yield from strings_kept(one.source, two.source)
        if printed(one) != printed(two):
            yield f"printed numbers differ: {missing(printed(one), printed(two))}"


def missing(one, two):
    if isinstance(one, Counter):
        return f"English only {[*(one - two)]}, translated only {[*(two - one)]}"
    return f"English {one}, translated {two}"


def main(language, name, *ids):
    [path] = execute.NOTEBOOKS.glob(f"{name}*.ipynb")
    english = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
    target = execute.NOTEBOOKS / language / path.name
    notebook = nbformat.read(target, as_version=4)
    for cell in notebook.cells:
        if cell.id in english and (not ids or cell.id in ids):
            cell.metadata["english"] = fingerprint(english[cell.id])
    target.write_text(execute.as_committed(notebook), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
