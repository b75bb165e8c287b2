"""Marks by a person: out as a file to fill in, back into the reports, and never lost."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.marking.applying import with_marks
from checker.marking.marks import parse_marks, text_hash
from checker.marking.queue import queue_summary, queue_yaml
from checker.reports.html import submission_html
from checker.reports.markdown import submission_markdown
from checker.reports.overview import overview
from checker.reports.results_json import results_json
from checker.reports.terminal import submission_text
from submissions_schema.problems import InputError

WHY = ("why", "Because of the mean.\nAnd the chain rule.")
HOW = ("how", "By hand.")


@pytest.fixture
def run(submission, make_run):
    return make_run(
        submission("s1", 7, name="Ada Example", texts=[WHY, HOW]),
        submission("s2", 5, texts=[("why", "No idea: [really]")]),
        submission("s3", None),
    )


def marks(text):
    return parse_marks(text, "ungraded.yaml", assignment="hw-1")


def filled(queue, *points, comment=""):
    """The queue with the first points filled in, as a person would."""
    for number in points:
        queue = queue.replace("points:\n", f"points: {number}\n", 1)
        queue = queue.replace("comment:\n", f"comment: {comment}\n", 1)
    return queue


def apply(run, text):
    return with_marks(run, marks(text))


def answers(marked, student):
    (report,) = (s for s in marked.run.submissions if s.student == student)
    return {answer.answer: answer for answer in report.answers}


# --- out --------------------------------------------------------------------------------------


def test_the_queue_is_a_file_that_a_person_can_fill_in(run):
    text = queue_yaml(run)
    assert text.count("\n- student: ") == 3
    assert (
        "- student: s1\n"
        '  name: "Ada Example"\n'
        "  question: q2\n"
        "  answer: why\n"
        "  text: |-\n"
        "    Because of the mean.\n"
        "    And the chain rule.\n"
        f'  hash: "{text_hash(WHY[1])}"\n'
        "  max_points: 2\n"
        "  points:\n"
        "  comment:\n"
    ) in text
    assert queue_summary(overview(run)) == "3 answers of 2 students wait for a person"


def test_without_answers_for_a_person_there_is_no_queue(submission, make_run):
    run = make_run(submission("s1"))
    assert queue_yaml(run) == ""
    assert queue_summary(overview(run)) == ""


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn"]))
PRINTABLE = st.lists(TEXTS | st.sampled_from(["\n", "\n  ", "a:[b", "\t", "- student: x\n"])).map(
    "".join
)


@given(PRINTABLE, PRINTABLE)
def test_any_text_comes_back_as_it_was(submission, make_run, first, second):
    run = make_run(submission("s1", texts=[("a", first), ("b", second)]))
    read = marks(queue_yaml(run)).marks
    assert [(mark.text or "", mark.hash) for mark in read] == [
        (first, text_hash(first)),
        (second, text_hash(second)),
    ]


@pytest.mark.parametrize("id", ["yes", "1.50", "null", "~", "a: b", "# x", "x:[", "'", '"', "ü"])
def test_any_id_comes_back_as_it_was(submission, make_run, id):
    assert marks(queue_yaml(make_run(submission(id, texts=[HOW])))).marks[0].student == id


# --- back -------------------------------------------------------------------------------------


def test_points_and_comments_go_into_the_reports(run):
    marked = apply(run, filled(queue_yaml(run), "1.5", "2", "0", comment="See page 3."))
    assert marked.remarks == ()
    assert marked.used == 3
    ada, ben, broken = marked.run.submissions
    assert (ada.score, ada.pending, ada.status) == (10.5, 0, "graded")
    assert (ben.score, ben.pending, ben.status) == (5, 0, "graded")
    assert broken == run.submissions[2]
    assert [(q.points, q.pending) for q in ada.questions] == [(7, 0), (3.5, 0)]
    why = answers(marked, "s1")["why"]
    assert (why.verdict, why.points, why.reason) == ("ungraded", 1.5, "marked by a person")
    assert why.message == "See page 3."
    for show in (submission_html, submission_markdown):
        assert "See page 3." in show(marked.run, ada)
    assert "marked by a person" in submission_text(marked.run, ada, width=100, colour=False)
    assert '"points": 1.5' in results_json(marked.run)


def test_a_submission_is_graded_only_when_nothing_waits(run):
    marked = apply(run, filled(queue_yaml(run), "1.5"))
    ada = marked.run.submissions[0]
    assert (ada.score, ada.pending, ada.status) == (8.5, 2, "needs_review")
    assert answers(marked, "s1")["why"].message == "3 words."


def test_a_comment_alone_is_no_mark(run):
    text = queue_yaml(run).replace("comment:\n", "comment: later\n", 1)
    marked = apply(run, text)
    assert (marked.run, marked.used) == (run, 0)
    assert "comment: later" in queue_yaml(run, marks(text))


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ("2.5", "too many points for `q2` `why`: expected at most 2, got 2.5"),
        ("-1", "expected at least 0, got `-1`"),
        ("two", "expected a number, got `two`"),
        ("1,5", "expected a number, got `1,5`"),
        (".nan", "expected a"),
        ("[1]", "got a list"),
    ],
)
def test_points_that_cannot_be_are_errors_with_their_place(run, points, says):
    text = filled(queue_yaml(run), points)
    line = text[: text.index(f"points: {points}")].count("\n") + 1
    with pytest.raises(InputError) as caught:
        apply(run, text)
    (problem,) = caught.value.problems
    assert str(problem.place) == f"ungraded.yaml:{line}:11"
    assert says in str(problem)


def test_all_points_out_of_range_are_named_at_once(run):
    with pytest.raises(InputError) as caught:
        apply(run, filled(queue_yaml(run), "3", "1", "4"))
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("assignment: hw-1", "assignment: hw-2", "these marks are for another assignment"),
        ("  points:", "  point:", "unknown key `point`"),
        (
            'hash: "sha256:',
            'hash: "sha512:',
            "this is no hash of an answer's text (in `marks[0].hash`): expected",
        ),
        ("  answer: why\n", "", "the key `answer` is missing"),
        ("marks:", "marks: &a", "anchor"),
    ],
)
def test_a_file_of_another_form_is_refused_with_its_place(run, old, new, says):
    text = queue_yaml(run)
    head, _, rest = text.partition("assignment:")
    text = head + ("assignment:" + rest).replace(old, new, 1)
    with pytest.raises(InputError, match=re.escape(says)) as caught:
        marks(text)
    assert caught.value.problems[0].place.line is not None


def test_one_answer_marked_in_two_ways_is_an_error(run):
    text = filled(queue_yaml(run), "1")
    entry = text[
        text.index("\n- student: s1") : text.index("\n- student: s1", text.index("- st") + 9)
    ]
    assert marks(text + entry).marks
    with pytest.raises(InputError, match=r"marked differently on line \d+: expected 1, got 2"):
        marks(text + entry.replace("points: 1", "points: 2"))


# --- again ------------------------------------------------------------------------------------


def test_a_regrade_keeps_marks_and_flags_answers_that_have_changed(run, submission, make_run):
    text = filled(queue_yaml(run), "1.5", "2")
    again = make_run(submission("s1", 7, texts=[WHY, ("how", "With a computer.")]))
    marked = apply(again, text)
    ada = marked.run.submissions[0]
    assert (ada.score, ada.pending, ada.status) == (8.5, 2, "needs_review")
    assert ada.problems == (
        "s1.yaml:6:8: `q2` `how` has changed since it was marked; it waits for a person again",
    )
    (remark,) = marked.remarks
    assert re.fullmatch(
        r"ungraded\.yaml:\d+:3: the answer of s1 to `q2` `how` has changed since it was marked, "
        r"2 points are not given",
        remark,
    )


def test_the_queue_written_again_loses_no_mark(run, submission, make_run):
    first = marks(filled(queue_yaml(run), "1.5", "2", "0", comment="x"))
    again = make_run(submission("s1", 7, texts=[WHY, ("how", "With a computer.")]))
    text = queue_yaml(with_marks(again, first).run, first)
    second = marks(text)
    points = {(mark.key, mark.hash): mark.points for mark in second.marks}
    assert points == {
        (("s1", "q2", "why"), text_hash(WHY[1])): 1.5,
        (("s1", "q2", "how"), text_hash("With a computer.")): None,
        (("s1", "q2", "how"), text_hash(HOW[1])): 2,
        (("s2", "q2", "why"), text_hash("No idea: [really]")): 0,
    }
    assert queue_yaml(again, second) == text
    assert [m.text for m in second.marks if m.student == "s2"] == ["No idea: [really]"]


def test_the_first_of_several_files_of_marks_counts(run):
    old, new = marks(filled(queue_yaml(run), "1", "1")), marks(filled(queue_yaml(run), "2"))
    points = [mark.points for mark in marks(queue_yaml(run, new, old)).marks]
    assert points == [2, 1, None]


def test_marks_for_nobody_are_listed_with_suggestions(run):
    text = filled(queue_yaml(run), "1", "1", "1")
    changes = [("s2", "s2x"), ("q2", "q2.1"), ("why", "whz")]
    for (old, new), field in zip(changes, ("student", "question", "answer"), strict=True):
        position = text.rindex(f"{field}: {old}")
        changed = text[:position] + f"{field}: {new}" + text[position + len(f"{field}: {old}") :]
        (remark,) = apply(run, changed).remarks
        assert re.match(rf"ungraded\.yaml:\d+:\d+: .*`{new}`.*did you mean `{old}`\?", remark)


def test_marks_for_what_can_not_be_marked_now_are_listed(run, submission, make_run):
    text = filled(queue_yaml(run), "1", "1", "1")
    again = make_run(submission("s1", None), submission("s2"))
    assert [remark.partition(" ")[2] for remark in apply(again, text).remarks] == [
        "the file of `s1` can't be read now",
        "the file of `s1` can't be read now",
        "there is no question `q2`",
    ]
    to_numbers = text.replace("question: q2\n  answer: why", "question: q1\n  answer: h")
    assert "is not for a person to mark: it is correct" in apply(run, to_numbers).remarks[0]


def test_a_mark_for_one_of_two_files_does_not_call_the_other_changed(submission, make_run):
    files = [
        submission("s1", 1, file=f"{n}.yaml", texts=[("why", f"Text {n}.")]) for n in ("a", "b")
    ]
    run = make_run(*files)
    text = queue_yaml(run).replace("  points:\n", "  points: 1\n", 1)
    marked = with_marks(run, parse_marks(text, "m.yaml"))
    assert marked.used == 1
    assert marked.remarks == ()
    assert [s.problems for s in marked.run.submissions] == [(), ()]
    assert [s.status for s in marked.run.submissions] == ["graded", "needs_review"]


# --- answers that could not be read -----------------------------------------------------------


@pytest.fixture
def unread(submission, make_run):
    report = submission("s1", 7, texts=[("h_1", "O.5")])
    (numbers, words) = report.questions
    (answer,) = words.answers
    answer = replace(answer, verdict="invalid", message="`O.5` has the letter `O` in it.")
    return make_run(replace(report, questions=(numbers, replace(words, answers=(answer,)))))


def test_an_answer_that_could_not_be_read_is_marked_by_a_person_and_stays_so(unread):
    queue = queue_yaml(unread)
    assert "O.5" in queue
    marked = apply(unread, filled(queue, "1.5"))
    (report,) = marked.run.submissions
    assert (report.status, report.pending, report.score) == ("graded", 0, 8.5)
    assert "Marked by a person" in submission_markdown(marked.run, report)
    assert "points: 1.5" in queue_yaml(marked.run, marks(filled(queue, "1.5")))
    assert "points: 1.5\n" in queue_yaml(unread, marks(filled(queue, "1.5")))


def test_an_unread_answer_that_earns_nothing_is_not_for_a_person(unread):
    (report,) = unread.submissions
    (numbers, words) = report.questions
    answer = replace(words.answers[0], points=0.0)
    settled = replace(report, questions=(numbers, replace(words, answers=(answer,))))
    assert queue_yaml(replace(unread, submissions=(settled,))) == ""
