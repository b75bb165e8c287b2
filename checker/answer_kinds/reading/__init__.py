"""Reading what students write: numbers and lists of them, formulas, orders of growth."""
