import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions_schema.problems import InputError
from submissions_schema.submission import load_submission, parse_submission, safe_file_stem


def problems_of(text):
    with pytest.raises(InputError) as caught:
        parse_submission(text, "s.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_answers_stay_trees_of_texts():
    text = "assignment: a2\nstudent: {id: student-a, name: A}\nanswers: {q1: text, q2: {h: [012]}}"
    submission = parse_submission(text, "s.yaml").submission
    assert submission.assignment == "a2"
    assert (submission.student.id, submission.student.name) == ("student-a", "A")
    assert submission.answers == {"q1": "text", "q2": {"h": ["012"]}}


def test_a_student_may_be_an_id_alone():
    submission = parse_submission("assignment: a\nstudent: 012\nanswers: {}", "s").submission
    assert (submission.student.id, submission.student.name) == ("012", "")


def test_a_question_may_be_left_empty():
    submission = parse_submission("assignment: a\nstudent: s\nanswers:\n  q1:\n", "s").submission
    assert submission.answers == {"q1": None}


def test_a_submission_is_read_from_a_file_with_its_places(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text("assignment: a\nstudent: s\nanswers: {q1: 3}\n")
    loaded = load_submission(path, name="s.yaml")
    assert loaded.submission.answers == {"q1": "3"}
    assert str(loaded.document.place(("answers", "q1"))) == "s.yaml:3:15"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("assignment: a\nstudent: s\n", "s.yaml:1:1: the key `answers` is missing"),
        (
            "assignment: a\nstudent: s\nanswers:\n",
            "s.yaml:3:9: `answers` can't be read: expected a mapping, got nothing",
        ),
        (
            "assignment: a\nstudent: s\nanswers: q1:3\n",
            "s.yaml:3:10: `answers` can't be read: expected a mapping, "
            "got `q1:3` (is a space missing after a colon?)",
        ),
        (
            "- a\n",
            "s.yaml:1:1: the file must hold a mapping: "
            "expected the keys `assignment`, `student`, `answers`, got a list",
        ),
        (
            "assignment: a\nstudent: {id: s, nam: x}\nanswers: {}\n",
            "s.yaml:2:18: unknown key `nam`; did you mean `name`? (in `student`)",
        ),
        (
            "assignment: a\nstudent: s\nanswers: {}\nzzz: 1\n",
            "s.yaml:4:1: unknown key `zzz`: expected one of `assignment`, `student`, `answers`",
        ),
        (
            "assignment: a\nstudent: ''\nanswers: {}\n",
            "s.yaml:2:10: `student.id` can't be read: expected some text, got an empty text",
        ),
        (
            'assignment: a\nstudent: "a\\u202Eb"\nanswers: {}\n',
            "s.yaml:2:10: the text holds an invisible character (in `student.id`): "
            "expected letters, digits and signs, got U+202E",
        ),
    ],
)
def test_a_problem_is_told_with_its_place(text, problem):
    assert problems_of(text) == [problem]


def test_an_id_too_long_is_told():
    (problem,) = problems_of(f"assignment: a\nstudent: {'x' * 101}\nanswers: {{}}\n")
    assert "s.yaml:2:10: `student.id` can't be read: expected at most 100 characters" in problem


def test_all_problems_are_told_at_once_in_the_order_of_the_file():
    found = problems_of("asignment: a\nstudent: [1]\nanswers: []\n")
    assert [problem.split(": ")[0] for problem in found] == [
        "s.yaml:1:1",
        "s.yaml:1:1",
        "s.yaml:2:10",
        "s.yaml:3:10",
    ]
    assert not any("pydantic" in problem or "http" in problem for problem in found)


def test_thousands_of_unknown_keys_are_told_in_bounds():
    found = problems_of("".join(f"k{n}: 1\n" for n in range(20_000)))
    assert len(found) == 101
    assert any("there are more problems" in problem for problem in found)


@pytest.mark.parametrize("student_id", ["student-a", "s1234567", "a.b_c", "0"])
def test_an_ordinary_id_is_its_own_file_name(student_id):
    assert safe_file_stem(student_id) == student_id


@pytest.mark.parametrize(
    "student_id", ["con", "NUL", "com1", "lpt9.x", "..", "../x", "a/b", "a.", "", ".a", "a" * 300]
)
def test_a_name_that_a_file_system_refuses_is_changed(student_id):
    stem = safe_file_stem(student_id)
    assert stem != student_id
    assert not set(stem) & set('/\\:*?"<>|. ')
    assert len(stem) < 100
    assert stem.split(".")[0].casefold() not in {"con", "nul", "com1", "lpt9"}


ids = st.text(st.sampled_from("aAbB.-=_é/ I\u0131")) | st.text()


@given(ids, ids)
def test_two_ids_never_share_a_file_name(first, second):
    def on_disk(student_id):
        return unicodedata.normalize("NFKC", safe_file_stem(student_id)).casefold()

    assert (on_disk(first) == on_disk(second)) is (first == second)
    for student_id in (first, first.swapcase(), first + "."):
        assert (on_disk(student_id) == on_disk(first)) is (student_id == first)
    assert safe_file_stem(safe_file_stem(first)) != safe_file_stem(second) or (
        second == safe_file_stem(first)
    )
