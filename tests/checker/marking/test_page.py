"""A marker's page in a real browser, by keyboard, with the marks that come back."""

import json

import pytest

from tests.browser import CHROMIUM, Browser
from tests.checker.marking.class_of_texts import TEXT, Desk

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not on the PATH"),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    made = Desk(tmp_path_factory.mktemp("desk"), 20)
    assert made.grade().exit_code == 0
    assert made.split(1).exit_code == 0
    return made


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


def state(page):
    return page.evaluate(
        "({place: document.getElementById('place').textContent,"
        " progress: document.getElementById('progress').textContent,"
        " text: document.getElementById('text').textContent,"
        " points: document.getElementById('points').value,"
        " comment: document.getElementById('comment').value})"
    )


def reload(page):
    page.evaluate("window.before = true")
    page.call("Page.reload")
    page.until("window.before === undefined && document.readyState === 'complete'")


def test_forty_answers_are_marked_by_keyboard_with_a_reload_between(desk, browser):
    page = browser.open(desk.folder / "marking" / "marker-1.html")
    assert state(page)["place"] == "Answer 1 of 40: text"
    assert state(page)["text"] in {TEXT.format(n=n) for n in range(20)}
    assert "Say why `L` falls, and <b>when</b>." in page.evaluate("document.body.innerText")
    for n in range(40):
        most = 3 if n < 20 else 2
        page.press(str(n % (most + 1)))
        if n == 0:
            page.press("t")
            page.type("Say which mean.\nAnd “why”: it's <so>.")
            page.press("Escape")
        if n in {4, 9}:
            page.press("a")  # the comment from before
        if n == 19:
            assert state(page)["progress"] == "20 of 40 marked"
            reload(page)
            assert state(page)["place"] == "Answer 20 of 40: text"
            assert state(page)["progress"] == "20 of 40 marked"
        page.press("Enter" if n % 2 else "ArrowRight")
    page.press("ArrowLeft")
    page.press("ArrowRight")
    for key in ("1", ".", "5"):
        page.press(key)
    assert state(page)["points"] == "1.5"
    assert state(page)["progress"] == "40 of 40 marked"
    file = page.download(lambda: page.click("#download"))
    assert file.name == "marks-essay-1.yaml"
    assert not page.complaints
    assert not page.requests

    done = desk.grade("--marks", desk.folder / "marking", "--marks", file)
    assert done.exit_code == 0, done.output
    assert "40 marks of" in done.output
    assert "Marker 1: 40 of 40 marked, mean 5" in done.output
    found = json.loads((desk.folder / "report" / "results.json").read_text("utf-8"))
    answers = [a for s in found["submissions"] for a in s["answers"] if a["answer"] == "text"]
    assert len(answers) == 40
    given = sorted(a["points"] for a in answers if a["question"] == "q1")
    assert given == sorted(float(n % 4) for n in range(20))
    assert 1.5 in {a["points"] for a in answers if a["question"] == "q2"}
    said = [a["message"] for a in answers]
    assert said.count("Say which mean.\nAnd “why”: it's <so>.") == 3
    assert {s["status"] for s in found["submissions"]} == {"graded"}


def test_points_that_an_answer_cannot_have_are_not_taken(desk, browser):
    page = browser.open(desk.folder / "marking" / "marker-1.html")
    page.evaluate("localStorage.clear()")
    reload(page)
    assert state(page)["progress"] == "0 of 40 marked"
    page.focus("#points")
    page.type("3.5")
    assert "A number from 0 to 3 is needed." in page.evaluate("document.body.innerText")
    assert state(page)["progress"] == "0 of 40 marked"
    page.evaluate("document.getElementById('points').value = ''")
    page.type("2,5")
    assert state(page)["progress"] == "1 of 40 marked"
    page.click("#none")
    assert state(page)["progress"] == "0 of 40 marked"
    page.close()


def test_the_page_shows_pseudonyms_unless_asked_otherwise(tmp_path):
    desk = Desk(tmp_path, 2)
    desk.grade()
    desk.split(1)
    blind = (tmp_path / "marking" / "marker-1.html").read_text("utf-8")
    assert "Student 1" not in blind
    assert "s01" not in blind
    desk.split(1, "--named")
    assert "Student 1" in (tmp_path / "marking" / "marker-1.html").read_text("utf-8")
