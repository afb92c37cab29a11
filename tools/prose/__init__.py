"""Checks every formula, and every number with a decimal point, in the course's English text.

CONTRIBUTING.md says what is checked. documents: cells, paragraphs, formulas, the numbers of the
code. reading: LaTeX to SymPy trees. quantities: what the symbols mean. check: the checks.
"""
