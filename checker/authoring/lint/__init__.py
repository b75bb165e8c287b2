"""What is weak about an assignment, before students see it: one module a check."""
