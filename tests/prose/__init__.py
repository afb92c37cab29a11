"""Checks every equation and every number in the course's text.

text      notebooks as cells and blocks        latex     LaTeX to SymPy trees
world     what the symbols mean                reading   the mathematics of a block
compare   two sides of a relation              marks     recognising an expression
decimals  numbers in prose                     programs  expressions in code
check     all of it, for a document            mutations faults that must be found
"""
