"""Report formats: one module a format, each a function from a report to a string."""
