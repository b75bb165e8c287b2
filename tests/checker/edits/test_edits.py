"""Edits of the reference graph: each returns a distinct graph, says what it is, and has a price."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.diagnosis.evidence import ACCEPT
from checker.edits import structural
from checker.edits.formulas import formulas
from checker.edits.prices import price_of_choice
from checker.edits.workshop import Workshop
from reference_solutions.graph import constant_node, round_significant, rounded_node
from reference_solutions.operations import catalogue

ASSIGNMENTS = ["fit3181-a2", "feedforward", "two-layer", "attention", "gated"]

REARRANGED = """
assignment: rearranged
title: What can be put in the wrong place
given: {U: [[1, 2], [3, -1]], r: [0.5, 2], h: [1, 0.3], a: 0.9, eps: 0.1}
steps:
  k: U @ (r * h)
  m: a * h + k
  n: m / sqrt(sum(k ** 2) + eps)
questions:
  q: {points: 1, answers: {n: n}}
"""

RECOMPUTED = """
assignment: recomputed
title: What is shown of what no rule says
index: {n: 0..1, k: 0..2}
given:
  p: [[0.35, 0.25, 0.15], [0.62, 0.45, 0.83]]
  M: [[0.5, -1.2], [0.8, 0.4]]
  w: [0.7, -0.9]
  g: [0.2, 0.4]
steps:
  s[n]: sum(p[n, k], k)
  r[n, k]: p[n, k] / s[n]
  c: sum(M, axis=0)
  d: w ** 2
  e: d + 1
  w_new: w - g
  o: where(w > 0, w, g)
questions:
  q: {points: 5, answers: {r_0: "r[0, 0]", c: c, e: e, w: w_new, o: o}}
"""
CASES = r"o = \begin{cases} {g} & \text{if } {[w > 0]} \\ {w} & \text{otherwise} \end{cases}"

STARTED = """
assignment: started
title: A starting value that is not zero
index: {t: 0..2}
given: {W: [[0.5, -0.3], [0.2, 0.7]], "h[-1]": [0.4, -0.6], x: [[1, 2], [-1, 0.5], [0.3, 1.5]]}
steps:
  h[t]: tanh(W @ h[t-1] + x[t])
  L: sum(h[2])
questions:
  q: {points: 2, answers: {h_0: "h[0]", L: L}}
"""

EXAMPLES = [
    example.sheet(example.asked)
    for kind in structural.kinds().values()
    for example in kind.examples
]


@pytest.fixture(params=ASSIGNMENTS, scope="module")
def made(request, bench):
    return bench(request.param)


def same(found, values):
    return all(
        (a is None and b is None) or np.array_equal(a, b, equal_nan=True)
        for a, b in zip(found, values, strict=True)
    )


def test_an_edit_with_the_references_own_values_changes_nothing(made):
    everything = range(len(made.graph.nodes))
    for number in everything:
        value = made.graph.value(number)
        if value is None:
            continue
        put = constant_node(value, made.graph.nodes[number].key)
        found = made.graph.edited({number: put}).evaluate(made.nodes)
        assert same([found[node] for node in made.nodes], made.right())
        found = made.graph.edited({}).evaluate(made.nodes, {number: value})
        assert same([found[node] for node in made.nodes], made.right())


def test_no_edit_at_all_changes_nothing(made):
    found = made.graph.edited({}).evaluate(made.nodes)
    assert same([found[node] for node in made.nodes], made.right())


def test_edits_never_mutate_the_graph(made):
    graph = made.graph
    nodes = tuple(graph.nodes)
    families = dict(graph.families)
    before = [None if v is None else v.copy() for v in map(graph.value, range(len(nodes)))]
    for edit in made.edits:
        made.values((edit,))
    assert tuple(graph.nodes) == nodes
    assert dict(graph.families) == families
    assert same([graph.value(number) for number in range(len(nodes))], before)


def test_an_edit_on_top_of_another_leaves_the_first_as_it_was(made):
    first, second = made.edits[0], made.edits[-1]
    under = made.graph.edited(first.replacements)
    before = under.evaluate(made.nodes)
    both = under.edited(made.graph.edited(second.replacements))
    both.evaluate(made.nodes)
    after = under.evaluate(made.nodes)
    assert same([before[node] for node in made.nodes], [after[node] for node in made.nodes])
    assert both is not under


def test_every_edit_says_what_it_is(made):
    known = set(catalogue()) | set(structural.kinds())
    for edit in made.edits:
        assert edit.id in known
        assert edit.where.strip()
        assert edit.message.strip()
        assert edit.message.rstrip()[-1] in ".!?)"
        assert edit.bits > 0
        assert edit.replacements


INTERNAL = re.compile(
    r"#|\bvia\b|\baxis\d|Ref\(|Index\(|lambda|None\b|[{}]|<\w|\w>|\bvariant\b|_\d+\b|/q\d|  "
)


def test_no_message_shows_internal_names(made):
    told = {
        text for edit in made.edits for text in (edit.message, edit.where) if INTERNAL.search(text)
    }
    assert told == set()


def test_every_edit_reads_as_a_formula_that_differs_from_the_sheets(made):
    workshop = Workshop(made.assignment.reference)
    for edit in made.edits:
        right, used = formulas(workshop, edit)
        assert bool(right) == bool(used)
        assert right != used or not right
        assert "#" not in right + used


def shown(bench, names):
    """The ids of the edits that can show the formula with the mistake in it."""
    for name in names:
        workshop = Workshop(bench(name).assignment.reference)
        for edit in bench(name).edits:
            if all(formulas(workshop, edit)):
                yield edit.id


def test_every_structural_kind_can_show_its_formula(bench):
    assert set(structural.kinds()) <= set(shown(bench, [STARTED, *EXAMPLES]))


def test_what_no_rule_says_is_shown_as_it_was_computed(bench):
    sheet = bench(RECOMPUTED)
    workshop = Workshop(sheet.assignment.reference)
    told = {(edit.id, formulas(workshop, edit)[1]) for edit in sheet.edits}
    shares = r"r_{n, k} = \frac{p_{n, k}}{\sum_{n} p_{n, k}}"
    kept = (
        r"w_{\mathrm{new}} = \begin{cases} w & \text{entry 0} \\ w-g & \text{otherwise} \end{cases}"
    )
    assert {
        ("reduced-over-other-axis", shares),
        ("reduced-over-other-axis", r"c = \sum M\;\text{over axis 1}"),
        ("partly-not-updated", kept),
        ("updated-for-old", r"e = d+1\;\text{with } w_{\mathrm{new}} \text{ for } w"),
        ("given-entries-exchanged", r"M_{0, 0} = -1.2,\; M_{0, 1} = 0.5"),
        ("condition-turned-round", CASES),
    } <= told


def test_a_formula_written_anew_is_shown_as_it_was_computed(bench):
    made = bench(REARRANGED)
    workshop = Workshop(made.assignment.reference)
    told = {(e.id, formulas(workshop, e)[1]) for e in made.edits if e.index is None}
    assert ("moved-through-product", r"k = r \odot U\,h") in told
    assert ("brackets-misplaced", r"n = \frac{m}{\sqrt{\sum k^{2}}+\mathrm{eps}}") in told
    assert ("complement-weighted", r"m = a\,h+\left(1-a\right)\,k") in told
    assert ("given-miscopied", r"U_{1, 0} = -3") in told


def test_what_is_rearranged_may_be_so_at_one_step_only(bench):
    made = bench("gated")
    places = {
        (edit.message, edit.index)
        for edit in made.edits
        if edit.id == "exchanged" and edit.index is not None
    }
    told = "`f[2]` and `i[2]` are exchanged: each was computed with the weights of the other."
    assert (told, (2,)) in places


def test_replaced_nodes_are_nodes_of_the_edited_family(made):
    for edit in made.edits:
        for number, node in edit.replacements.items():
            assert made.graph.nodes[number].key == node.key


def test_an_edit_at_one_place_costs_more_than_everywhere(made):
    everywhere = {}
    for edit in made.edits:
        if edit.index is None:
            key = edit.key
            everywhere[key] = min(edit.bits, everywhere.get(key, np.inf))
    for edit in made.edits:
        if edit.index is not None:
            assert edit.bits > everywhere[edit.key]


def test_an_edit_costs_little_enough_to_be_named_by_its_evidence(made):
    assert max(edit.bits for edit in made.edits) < 25
    assert min(edit.bits for edit in made.edits) >= 2


def test_equal_keys_mean_the_same_mistake_in_the_same_formula(made):
    told = {}
    for edit in made.edits:
        if edit.index is None and made.graph.families[edit.family].kind != "given":
            told.setdefault(edit.key, set()).add((edit.id, edit.message))
    assert {key: words for key, words in told.items() if len(words) > 1} == {}


def test_every_operation_that_the_answers_need_has_its_mistakes_tried(fit):
    ids = {edit.id for edit in fit.edits}
    for id in (
        "cross-entropy-log-base-10",
        "tanh-left-out",
        "sigmoid-for-tanh",
        "sum-for-mean",
        "matrix-transposed",
    ):
        assert id in ids


def test_a_starting_value_that_is_not_zero_may_be_forgotten(bench, named):
    made = bench(STARTED)
    (edit,) = (e for e in made.edits if e.id == "starting-value-changed" and "zero" in e.message)
    assert edit.where == "h[-1]"
    names = named(made.hand_in(made.values((edit,)), 8))
    assert "starting-value-changed" in names["h_0"]


def test_taking_a_neighbour_beyond_the_range_stays_at_its_end(fit):
    """h[t+1] for h[t] at the last step: a student takes the last one there is."""
    edit = next(
        e
        for e in fit.edits
        if e.id == "neighbouring-step"
        and e.index is None
        and e.message.startswith("`h[t+1]` was taken in `yhat[t]`")
    )
    values = dict(zip(fit.names, fit.values((edit,)), strict=True))
    right = dict(zip(fit.names, fit.right(), strict=True))
    assert values["yhat_0"] == pytest.approx(right["yhat_1"])
    assert values["yhat_2"] == pytest.approx(right["yhat_2"])


def test_the_gradient_carried_forward_is_one_edit_of_the_family_of_carries(fit):
    everywhere = [e for e in fit.edits if e.id == "gradient-carried-forward" and e.index is None]
    assert everywhere
    assert all(len(e.replacements) > 1 for e in everywhere)


@given(st.integers(1, 10_000))
def test_a_choice_among_more_costs_more(options):
    assert price_of_choice(options) >= 0
    assert price_of_choice(options + 1) > price_of_choice(options)


def test_a_choice_among_one_or_none_is_free():
    assert price_of_choice([]) == price_of_choice([1]) == 0


@given(st.integers(1, 12), st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5))
def test_rounding_is_idempotent_and_keeps_its_digits(digits, values):
    once = round_significant(np.array(values), digits)
    assert np.allclose(round_significant(once, digits), once, rtol=1e-12, atol=0)
    for value, rounded in zip(values, once, strict=True):
        assert rounded == pytest.approx(float(f"{value:.{digits - 1}e}"), rel=10.0 ** (1 - digits))


def test_the_edit_round_rounds_what_a_node_computes(fit):
    number = fit.graph.find("h", 0)
    rounded = rounded_node(fit.graph.nodes[number], 3)
    found = fit.graph.edited({number: rounded}).evaluate([number])[number]
    assert found.tolist() == [-0.762, 0.0, 0.964]


def test_prices_leave_room_for_evidence():
    assert all(kind.bits > ACCEPT for kind in structural.kinds().values())
