"""The course's own helpers; notebooks import from its modules. The formulas are in `logistic`."""
