"""Diagnosis: which small edit of the reference reproduces the numbers that a student wrote."""
