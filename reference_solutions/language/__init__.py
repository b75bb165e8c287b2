"""Formulas: text to expression and back, what students write, and the value of an expression."""
