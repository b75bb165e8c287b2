"""Grading one submission, in stages: read, compare, carry forward, diagnose, mark, report."""
