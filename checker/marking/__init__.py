"""Marks by people: what waits for them, who marks what, and back into the reports."""
