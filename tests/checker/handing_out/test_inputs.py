"""One table of inputs: Python's readers and the page take the same, and refuse the same."""

import json

import pytest
import yaml

from checker.handing_out.form_page import form_html
from checker.students.validation import Form, Validation, validate_bytes
from tests.checker.handing_out.conftest import Row, rows, table_handout

ROWS = list(rows())
FORM = Form(table_handout())


def nested(flat, shape):
    if not shape:
        return flat[0]
    size = len(flat) // shape[0]
    return [nested(flat[at * size : (at + 1) * size], shape[1:]) for at in range(shape[0])]


def verdict_on(validation: Validation) -> str:
    if validation.findings:
        by_hand = all("was read as `" in str(finding) for finding in validation.findings)
        return "read" if by_hand else "refused"
    return "fine" if validation.answered else "open"


def validated(text: str) -> Validation:
    return validate_bytes(text.encode(), "mine.yaml", lambda _: FORM)


def shown(row: Row) -> str:
    return f"{row.box}: {row.verdict}: {row.texts!r}"[:100]


def test_the_table_is_large_enough():
    assert len(ROWS) >= 300
    assert len({(row.box, tuple(row.texts)) for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=shown)
def test_python_reads_an_input_as_the_table_says(row):
    tree = row.texts if row.is_choice else nested(row.texts, row.shape)
    answers = {"q1": {row.box: tree}}
    text = yaml.safe_dump({"assignment": "inputs", "student": "a", "answers": answers})
    found = validated(text)
    assert verdict_on(found) == row.verdict, [str(one) for one in found.findings]


@pytest.fixture(scope="module")
def judged(browser, tmp_path_factory):
    """What the page says of every row, and the file that it would download."""
    page = tmp_path_factory.mktemp("page") / "form.html"
    page.write_text(form_html(table_handout()), encoding="utf-8")
    opened = browser.open(page)
    asked = json.dumps([[row.box, row.texts] for row in ROWS])
    found = opened.evaluate(
        "(() => { student.value = 'a'; return "
        + asked
        + """.map(([box, texts]) => {
          const answer = answers.find((one) => one.answer === box);
          answer.values = texts;
          const { missing, problem, note } = answer.result;
          const said = problem ?? note ?? "";
          const text = submission();
          answer.values = [];
          const read = said.startsWith("this is read as") ? "read" : "refused";
          return [missing ? "open" : said ? read : "fine", said, text];
        }); })()"""
    )
    assert not opened.complaints
    opened.close()
    return dict(zip(map(shown, ROWS), found, strict=True))


@pytest.mark.parametrize("row", ROWS, ids=shown)
def test_the_page_reads_an_input_as_the_table_says(row, judged):
    verdict, said, text = judged[shown(row)]
    assert verdict == row.verdict, said
    # Python says the same of the file that the page writes.
    assert verdict_on(validated(text)) == row.verdict, text
