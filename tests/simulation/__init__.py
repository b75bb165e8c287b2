"""Simulated cohorts: submissions whose mistakes are known, and how well the checker finds them."""
