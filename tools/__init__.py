"""What makes and judges the notebooks; course.py calls it, so that its commands run anywhere.

execute: run and write them as they are committed. lessons: how long they are. parity: whether a
translation says what the English notebook says. prose: whether formulas and numbers are right.
"""
