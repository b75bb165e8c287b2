"""Grading one submission, in stages: read, compare, carry forward, diagnose, mark, report.

Every stage takes frozen values and returns new ones (:mod:`checker.grading.run` has their order).
"""

from checker.grading.individual import IndividualGrader
from checker.grading.run import Grader, unreadable

__all__ = ["Grader", "IndividualGrader", "unreadable"]
