"""Queues for several markers, and what comes back from them."""

import json
import re

import pytest
import yaml

from checker.marking.marks import Asked, parse_marks, text_hash
from checker.marking.split import split
from tests.checker.marking.class_of_texts import Desk


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path, 7)
    made.grade()
    return made


def queues(desk, folder="marking"):
    files = sorted((desk.folder / folder).glob("marker-*.yaml"))
    return {path: yaml.safe_load(path.read_text("utf-8")) for path in files}


def filled(path, points, to):
    text = path.read_text("utf-8")
    to.write_text(re.sub(r"^  points:$", f"  points: {points}", text, flags=re.M), "utf-8")
    return to


def results(desk):
    return json.loads((desk.folder / "report" / "results.json").read_text("utf-8"))


def test_nobody_has_an_answer_of_anothers_and_all_have_as_many(desk):
    done = desk.split(3)
    assert done.exit_code == 0, done.output
    found = queues(desk)
    marks = [
        (mark["student"], mark["question"]) for queue in found.values() for mark in queue["marks"]
    ]
    assert len(marks) == len(set(marks)) == 14
    assert [len(queue["marks"]) for queue in found.values()] == [5, 4, 5]
    assert {mark["question"] for mark in next(iter(found.values()))["marks"]} == {"q1"}


def test_by_student_each_student_has_one_marker(desk):
    desk.split(3, "--by", "student")
    markers = {}
    for queue in queues(desk).values():
        for mark in queue["marks"]:
            markers.setdefault(mark["student"], set()).add(queue["marker"])
    assert all(len(theirs) == 1 for theirs in markers.values())
    assert len(markers) == 7


def test_queues_are_blind_and_pseudonyms_stay(desk):
    desk.split(2)
    key = yaml.safe_load((desk.folder / "marking" / "key.yaml").read_text("utf-8"))
    for queue in queues(desk).values():
        assert not {mark["student"] for mark in queue["marks"]} & set(key["pseudonyms"].values())
        assert all("name" not in mark for mark in queue["marks"])
    desk.split(3)
    again = yaml.safe_load((desk.folder / "marking" / "key.yaml").read_text("utf-8"))
    assert again["pseudonyms"] == key["pseudonyms"]
    assert again["splits"][0] == key["splits"][0]


def test_what_comes_back_is_merged_with_the_key_from_folders_and_files(desk, tmp_path):
    desk.split(2)
    back = tmp_path / "back"
    back.mkdir()
    one, two = queues(desk)
    filled(one, 1, back / "one.yaml")
    second = filled(two, 2, tmp_path / "two.yaml")
    alone = desk.grade("--marks", back)
    assert alone.exit_code == 2
    assert "the key to them was not named" in alone.output
    done = desk.grade("--marks", tmp_path / "marking", "--marks", back, "--marks", second)
    assert "Marker 1: 7 of 7 marked, mean 33.33 %." in done.output
    assert "Marker 2: 7 of 7 marked, mean 100 %." in done.output
    page = (desk.folder / "report" / "index.html").read_text("utf-8")
    assert '<th scope="row">1</th><td>7 of 7</td><td>33.33 %</td>' in page
    answers = [a for s in results(desk)["submissions"] for a in s["answers"]]
    assert {(a["question"], a["points"]) for a in answers} == {("q1", 1), ("q2", 2), ("q3", 1)}
    again = desk.grade("--marks", tmp_path / "report" / "ungraded.yaml")
    assert "14 marks of" in again.output


def test_two_marks_of_one_answer_that_differ_are_refused_with_both_places(desk, tmp_path):
    queue = desk.folder / "report" / "ungraded.yaml"
    one = filled(queue, 1, tmp_path / "one.yaml")
    two = filled(queue, 2, tmp_path / "two.yaml")
    before = (desk.folder / "report" / "results.json").read_bytes()
    done = desk.grade("--marks", one, "--marks", two)
    assert done.exit_code == 2
    line = one.read_text("utf-8").splitlines().index("- student: s00") + 1
    assert f"this answer of s00 is marked differently at {one}:{line}:3" in done.output
    assert done.output.count("is marked differently") == 14
    assert (desk.folder / "report" / "results.json").read_bytes() == before
    same = desk.grade("--marks", one, "--marks", one)
    assert "14 marks of" in same.output


def test_comments_that_differ_are_refused_and_one_alone_is_taken(desk, tmp_path):
    queue = desk.folder / "report" / "ungraded.yaml"
    plain = filled(queue, 1, tmp_path / "plain.yaml")
    text = plain.read_text("utf-8")
    paths = []
    for n, word in enumerate(("Good.", "Bad.")):
        paths.append(tmp_path / f"{n}.yaml")
        paths[-1].write_text(text.replace("  comment:\n", f"  comment: {word}\n", 1), "utf-8")
    assert desk.grade("--marks", plain, "--marks", paths[0]).exit_code == 0
    first = results(desk)["submissions"][0]["answers"][0]
    assert (first["points"], first["message"]) == (1, "Good.")
    done = desk.grade("--marks", paths[0], "--marks", paths[1])
    assert done.exit_code == 2
    assert "expected `Good.`, got `Bad.`" in done.output


def test_everything_wrong_with_all_files_is_said_at_once(desk, tmp_path):
    (tmp_path / "a.yaml").write_text("assignment: essay\nmarks: [3]\n", "utf-8")
    (tmp_path / "b.yaml").write_text("assignment: essay\nmarks: 3\n", "utf-8")
    done = desk.grade("--marks", tmp_path / "a.yaml", "--marks", tmp_path / "b.yaml")
    assert done.exit_code == 2
    assert "a.yaml" in done.output
    assert "b.yaml" in done.output
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "there are no marks in this folder" in desk.grade("--marks", empty).output


def test_a_queue_with_marks_in_it_is_not_written_over(desk):
    desk.split(2)
    (one, _) = queues(desk)
    filled(one, 1, one)
    done = desk.split(3)
    assert done.exit_code == 2
    assert "a mark stands here, which would be lost" in done.output
    assert "points: 1" in one.read_text("utf-8")


def test_without_anything_that_waits_there_are_no_queues(desk, tmp_path):
    done = desk.checker("marking", tmp_path, "--split", 2)
    assert done.exit_code == 2
    assert "no answer waits for a person" in done.output


def test_fewer_answers_than_markers_leave_some_without_a_queue():
    entry = f'- {{student: a, question: q, answer: t, hash: "{text_hash("x")}", text: x}}\n'
    waiting = parse_marks(f"assignment: e\nmarks:\n{entry}", "u.yaml")
    made = split(waiting, 5, "question", blind=False)
    assert [len(queue.marks) for queue in made.queues] == [1]
    assert made.queues[0].questions == {"q": Asked()}
