"""A sheet that asks for formulas."""

from functools import cache

from reference_solutions.assignment import build_assignment
from submissions_schema.assignment_file import parse_assignment_file

SHEET = """
assignment: formulas
title: Formulas
index: {t: 0..2}
symbols:
  x: {domain: [-1, 1]}
  w: {domain: [0.5, 2]}
  v: {shape: [3]}
  s: {shape: [2], domain: [-1, 1]}
  D: {integer: true}
steps:
  y: w * x**2
  "z[t]": v[t] * x
  "g[t]": grad(L, z[t])
  u: s * w
  L: sum(z[t] * z[t], t)
questions:
  q:
    points: 7
    answers:
      square: {kind: formula, value: y}
      total: {kind: formula, value: "sum(z[t], t)"}
      few: {kind: formula, value: w * x, may_use: [w, x]}
      vector: {kind: formula, value: u}
      size: {kind: formula, value: "D * (D + 1)"}
      order: {kind: order, value: "D**2"}
      adjoint: {kind: formula, value: "grad(L, z[1])"}
"""


@cache
def made():
    """The graph of the sheet, and its ranges."""
    reference = build_assignment(parse_assignment_file(SHEET, "sheet.yaml")).reference
    return reference.graph, reference.ranges


# The formula begins behind `  q: {square: "` on line 4.
FIRST = len('  q: {square: "') + 1


SYMBOLS = dict.fromkeys(("n", "m", "k"))
"""In which orders of growth are stated."""
