"""Checks every formula and every number with a decimal point in the course's English text.

A number must be one that the notebook's code holds or prints. An equation or inequality must hold
for all values of its symbols, or for the values that its own cell or the running example gives
them; a quantity may also be given any number that the code holds or prints. ``=`` means exactly,
``≈`` to the last digit shown. An arrow must be a limit. An expression that stands alone must occur
in an equation or in the code, so that a turned sign is seen there, too.

documents   cells, paragraphs, formulas, the numbers of the code
reading     LaTeX to statements and SymPy trees
quantities  what the course's symbols mean, the running example
check       the checks
mutations   faults that the checks must find
"""
