"""A sheet of two numbers, one from the other; and the same with a question that a person marks."""

TINY = """\
assignment: tiny
title: A tiny sheet
given: {x: [1, 2, 4]}
steps: {s: sum(x), r: 1 / s}
questions:
  q1: {title: Sum, points: 2, answers: {s: s}}
  q2: {title: Inverse, points: 2, answers: {r: r}}
"""
WITH_TEXT = f"{TINY}  q3: {{title: Why, points: 6, answers: {{text: {{kind: text}}}}}}\n"
