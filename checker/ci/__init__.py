"""Grading a push: what a continuous-integration service is told, and in which form."""
