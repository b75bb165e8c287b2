"""Seed-003, convolution and pooling: the real submission, and mistakes planted in it."""

import json

import numpy as np
import pytest

from tests.checker.cases.homework import HW2, ids


def test_row_5_the_counts_and_the_shape_are_right(real):
    _, answers = real(HW2)
    assert [answers["1A", name].verdict for name in ("i", "ii")] == ["correct"] * 2


@pytest.mark.parametrize(
    ("written", "mistake"),
    [
        (600, "conv-parameters-without-biases"),
        (624, "conv-parameters-bias-for-each-plane"),
        (208, "conv-parameters-input-channels-forgotten"),
    ],
)
def test_row_5_a_wrong_count_is_named(one, written, mistake):
    report = one(HW2, "1A", "i", written)
    assert report.verdict == "mistake"
    assert ids(report) == (mistake,)


@pytest.mark.parametrize("written", ["8 * (5*5*3 + 1)", "608.0", "6.08e2", "600 + 8"])
def test_row_5_a_count_may_be_worked_out_in_writing(one, written):
    assert one(HW2, "1A", "i", written).verdict == "correct"


@pytest.mark.parametrize("written", [607, 609, 608.4, 0, -608, 6080])
def test_row_5_a_count_is_exact(one, written):
    assert one(HW2, "1A", "i", written).verdict in ("wrong", "mistake")


def test_row_5_channels_first_is_recognised_for_what_it_is(one):
    report = one(HW2, "1A", "ii", [8, 28, 28])
    assert report.verdict == "mistake"
    assert ids(report) == ("conv-shape-in-other-order",)
    assert "channels" in report.message


@pytest.mark.parametrize(
    ("written", "mistake"),
    [([27, 27, 8], "conv-shape-without-plus-one"), ([32, 32, 8], "conv-shape-kept")],
)
def test_row_5_a_wrong_shape_is_named(one, written, mistake):
    assert ids(one(HW2, "1A", "ii", written)) == (mistake,)


def test_row_5_a_shape_of_two_numbers_says_what_was_expected(one):
    report = one(HW2, "1A", "ii", [28, 28])
    assert report.verdict == "invalid"
    assert "expected 3 numbers, got 2 numbers" in report.message


@pytest.mark.parametrize("written", ["(28, 28, 8)", "28 x 28 x 8", "28\u00d728\u00d78", "28,28,8"])
def test_row_5_a_shape_may_be_written_as_in_a_text(one, written):
    assert one(HW2, "1A", "ii", written).verdict == "correct"


def test_row_5_channels_first_is_recognised_in_round_brackets_too(one):
    listed = one(HW2, "1A", "ii", "[8, 28, 28]")
    assert listed.verdict == "mistake"
    assert ids(one(HW2, "1A", "ii", "(8, 28, 28)")) == ids(listed)


IMAGES = [f"image_{i}" for i in (1, 2, 3, 4)]
AVERAGES = [
    [[1, 0.5], [0.5, 0.25]],
    [[0.5, 1], [0.25, 0.5]],
    [[0.25, 0.5], [0.5, 1]],
    [[0.5, 0.25], [1, 0.5]],
]


def test_row_6_both_kinds_of_pooling_are_right(real):
    _, answers = real(HW2)
    for question in ("1B.i", "1B.ii"):
        assert [answers[question, image].verdict for image in IMAGES] == ["correct"] * 4


@pytest.fixture(scope="module")
def pooled(bench):
    """The reports on the four images of one question."""

    def pooled(question: str, values):
        written = json.dumps(dict(zip(IMAGES, values, strict=True)))
        report = bench(HW2).grade(f"  {question}: {written}")
        return [answer for answer in report.answers if answer.question == question]

    return pooled


@pytest.mark.parametrize("ones", [[[1, 1], [1, 1]], [[1.0, 1.0], [1.0, 1.0]]])
def test_row_6_max_for_average_is_recognised_and_charged_once(pooled, ones):
    reports = pooled("1B.i", [ones] * 4)
    assert {ids(report) for report in reports} == {("max-pool-for-average",)}
    assert [report.mistakes[0].charged for report in reports].count(True) == 1


def test_row_6_average_for_max_is_recognised(pooled):
    assert {ids(report) for report in pooled("1B.ii", AVERAGES)} == {("average-pool-for-max",)}


def test_row_6_sum_for_mean_is_recognised(pooled):
    sums = [(4 * np.array(values)).astype(int).tolist() for values in AVERAGES]
    reports = pooled("1B.i", sums)
    assert {ids(report) for report in reports} == {("avg-pool-summed",)}
    assert {report.mistakes[0].certainty for report in reports} == {"likely"}


def moved_by_one(image: np.ndarray, reduce) -> list[list[float]]:
    return [[float(reduce(image[i : i + 2, j : j + 2])) for j in range(3)] for i in range(3)]


@pytest.mark.parametrize(
    ("question", "reduce", "mistake"),
    [("1B.i", np.mean, "avg-pool-stride-one"), ("1B.ii", np.max, "max-pool-stride-one")],
)
def test_row_6_stride_one_is_recognised_in_its_own_shape(bench, pooled, question, reduce, mistake):
    graph = bench(HW2).graph
    images = [np.asarray(graph.value(graph.ids[image, ()])) for image in IMAGES]
    reports = pooled(question, [moved_by_one(image, reduce) for image in images])
    assert {report.verdict for report in reports} == {"mistake"}
    assert {ids(report) for report in reports} == {(mistake,)}
    assert all("got 3 x 3 numbers" in report.message for report in reports)


def test_row_6_stride_one_is_charged_once(bench, pooled):
    graph = bench(HW2).graph
    images = [np.asarray(graph.value(graph.ids[image, ()])) for image in IMAGES]
    reports = pooled("1B.i", [moved_by_one(image, np.mean) for image in images])
    assert sum(report.points for report in reports) == pytest.approx(3.5)
