from dataclasses import replace
from typing import get_args
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml

from checker.ci.formats.junit import junit_xml
from checker.report import Verdict

# What Jenkins' and Ant's schemas allow: children and attributes of each element.
ALLOWED = {
    "testsuites": ({"testsuite"}, {"name", "tests", "failures", "errors", "skipped", "time"}),
    "testsuite": (
        {"properties", "testcase"},
        {"name", "tests", "failures", "errors", "skipped", "time"},
    ),
    "properties": ({"property"}, set()),
    "property": (set(), {"name", "value"}),
    "testcase": (
        {"failure", "error", "skipped", "system-out"},
        {"name", "classname", "file", "line"},
    ),
    "system-out": (set(), set()),
    "failure": (set(), {"message", "type"}),
    "error": (set(), {"message", "type"}),
    "skipped": (set(), {"message", "type"}),
}
# Rails turns the content of an element with one of these types into something else than text.
RAILS_TYPES = {
    "symbol", "date", "datetime", "duration", "integer", "float", "double", "decimal", "boolean",
    "string", "yaml", "base64Binary", "hexBinary", "file", "array",
}  # fmt: skip


def follows_the_schema(element):
    children, attributes = ALLOWED[element.tag]
    assert {child.tag for child in element} <= children
    assert set(element.attrib) <= attributes
    if element.tag == "testsuite":
        for name, tag in {"tests": "testcase", "failures": "failure", "errors": "error"}.items():
            assert int(element.get(name)) == len(list(element.iter(tag)))
    for child in element:
        follows_the_schema(child)


def gitlab(text):
    """What GitLab shows: why a case didn't pass. Of two with one key, the first."""
    shown = {}
    for case in ElementTree.fromstring(text).iter("testcase"):
        key = (case.get("classname"), case.get("name"))
        found = next((child for child in case if child.tag != "system-out"), None)
        status = "success" if found is None else found.tag
        shown.setdefault(key, (status, None if found is None else found.text, case.get("file")))
    return shown


def test_junit_xml(rnn_run, golden):
    golden("junit.xml", junit_xml(rnn_run))


def test_the_document_follows_the_schema_and_the_library_reads_it_back(rnn_run):
    text = junit_xml(rnn_run)
    follows_the_schema(ElementTree.fromstring(text))
    document = JUnitXml.fromstring(text.encode())
    answers = [a for s in rnn_run.submissions for a in s.answers]
    assert document.tests == len(answers) + 1
    assert document.errors == 1
    assert document.skipped == sum(a.verdict == "ungraded" for a in answers)
    assert [suite.name for suite in document][:2] == [
        s.name or s.student for s in rnn_run.submissions[:2]
    ]


def test_gitlab_shows_every_answer_and_why(rnn_run):
    shown = gitlab(junit_xml(rnn_run))
    assert len(shown) == sum(len(s.answers) for s in rnn_run.submissions) + 1
    for status, text, file in shown.values():
        assert (text is None) == (status == "success")
        assert file
    assert any(
        "1.5 / 3" in (text or "") or "0.5 / " in (text or "") for _, text, _ in shown.values()
    )


def test_cases_of_the_same_name_are_told_apart(rnn_run):
    submission = rnn_run.submissions[0]
    question = replace(submission.questions[0], title="Same")
    answers = tuple(replace(a, answer="same", question="q") for a in question.answers)
    twice = replace(question, answers=answers)
    run = replace(rnn_run, submissions=(replace(submission, questions=(twice, twice)),) * 2)
    assert len(gitlab(junit_xml(run))) == 4 * len(answers)


def test_no_verdict_is_a_type_that_rails_reads_as_something_else():
    assert not {*get_args(Verdict), "unreadable"} & RAILS_TYPES


@pytest.mark.parametrize(
    "text", ["\x00\x08\x1b[31m", "]]>", "<!--", "&amp;", "\ufffe\uffff", "\ud800"]
)
def test_what_xml_forbids_is_made_visible(with_text, text):
    follows_the_schema(ElementTree.fromstring(junit_xml(with_text(text))))


@settings(deadline=None)
@given(st.text())
def test_any_text_gives_a_document_that_can_be_read(with_text, text):
    document = junit_xml(with_text(text))
    follows_the_schema(ElementTree.fromstring(document))
    assert len(gitlab(document)) == 3


def gitlab_status(case):
    return next((c.tag for c in case if c.tag != "system-out"), "success")


def test_a_mistake_that_costs_nothing_passes_with_its_explanation(rnn_run):
    cases = ElementTree.fromstring(junit_xml(one_of(rnn_run))).iter("testcase")
    said = {case.get("name"): (gitlab_status(case), case.findtext("system-out")) for case in cases}
    status, text = said["q3.2 l_1: Predictions and losses"]
    assert status == "success"
    assert "logarithm to base 10" in text
    assert "not charged again" in text
    assert said["q3.2 l_0: Predictions and losses"] == ("failure", None)


def one_of(run):
    return replace(run, submissions=run.submissions[:1])


def test_an_untitled_question_leaves_no_colon(rnn_run):
    submission = rnn_run.submissions[0]
    questions = tuple(replace(q, title="") for q in submission.questions)
    run = replace(rnn_run, submissions=(replace(submission, questions=questions),))
    names = [case.get("name") for case in ElementTree.fromstring(junit_xml(run)).iter("testcase")]
    assert names == [f"{a.question} {a.answer}" for a in submission.answers]
