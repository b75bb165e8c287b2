"""Grading again: whose points changed since an earlier run, and why."""
