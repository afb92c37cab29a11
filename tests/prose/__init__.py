"""Checks every formula, and every number with a decimal point, in the course's English text.

A number must be one that the notebook's code holds or prints. An equation or inequality must hold
for all values of its symbols, or for those that its own cell or the running example gives; or it
gives a quantity a value that the code has. ``=`` means exactly, ``≈`` to the last digit shown. An
arrow must be a limit. An expression that stands alone must occur in an equation or in the code.

documents: cells, paragraphs, formulas, the numbers of the code. reading: LaTeX to SymPy trees.
quantities: what the symbols mean. check: the checks. mutations: faults that they must find.
"""
