"""How an answer was read is said in every format, of right answers too."""

import json

import pytest

from checker.ci.formats.gradescope import gradescope_results
from checker.ci.formats.junit import junit_xml
from checker.grading import Grader
from checker.report import RunReport
from checker.reports.html import submission_html
from checker.reports.markdown import submission_markdown
from checker.reports.results_json import results_json
from checker.reports.terminal import submission_text
from reference_solutions.assignment import load_assignment
from reference_solutions.shipped import shipped_assignments
from submissions_schema.submission import parse_submission

FORMATS = {
    "html": lambda run: submission_html(run, run.submissions[0]),
    "markdown": lambda run: submission_markdown(run, run.submissions[0]),
    "terminal": lambda run: submission_text(run, run.submissions[0], width=200, colour=False),
    "results": results_json,
    "junit": junit_xml,
    "gradescope": gradescope_results,
}


@pytest.fixture(scope="module")
def run_of():
    grader = Grader(load_assignment(shipped_assignments()["fit3181-a2"]))

    def graded(answers):
        text = f"assignment: fit3181-a2\nstudent: {{id: s}}\nanswers:\n  {answers}\n"
        report = grader.grade(parse_submission(text, "s.yaml"), "s.yaml")
        return RunReport("fit3181-a2", "Sheet", "sha256:" + "0" * 64, False, (report,))

    return graded


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_how_an_answer_was_read(run_of, name):
    shown = FORMATS[name](run_of("q3.1: {h_0: '[-0,762; 0; 0,964]'}"))
    assert "was read as -0.762" in shown
    assert "was read as" not in FORMATS[name](run_of("q3.1: {h_0: [-0.762, 0, 0.964]}"))


def test_the_results_have_a_remark_where_there_is_one(run_of):
    results = json.loads(results_json(run_of("q3.1: {h0: [-0.762, 0, 0.964]}")))
    remarks = [answer.get("remark") for answer in results["submissions"][0]["answers"]]
    assert "`h0` was read as the answer `h_0`." in remarks
    assert None in remarks
