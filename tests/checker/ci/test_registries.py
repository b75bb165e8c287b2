"""Each format and each place is one record; these tests say what makes one complete."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from checker.ci import formats, platforms
from checker.ci.format import FINE, Format, Job
from checker.report import RunReport, SubmissionReport

ROOT = Path(__file__).resolve().parents[3]
DOCS = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
TESTS = ROOT / "tests" / "checker"


def job(tmp_path, run, **environ):
    identity = {
        "CLASSROOM": "dl",
        "ASSIGNMENT": "hw2",
        "SUBMISSION_TAG": "submit/1",
        "COMMIT_URL": "https://github.com/o/r/commit/a",
        "RELEASE_URL": "https://github.com/o/r/releases/tag/a",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "GITHUB_OUTPUT": str(tmp_path / "outputs"),
    }
    return Job(run, FINE, identity | environ, datetime(2026, 9, 1, tzinfo=UTC))


def written(record, tmp_path, reason):
    nobody = SubmissionReport("ada", "", "a.yaml", "unreadable", None, 4.0, 0.0, (reason,))
    told = job(tmp_path, RunReport("a", "A", "sha256:0", False, (nobody,)))
    return record.files(told), record.lines(told)


@pytest.mark.parametrize("name", formats.names())
def test_a_format_is_complete(name, tmp_path):
    record = formats.load([name])[name]
    assert isinstance(record, Format)
    assert record.about
    assert f"`{name}`" in DOCS
    stem = name.replace("-", "_")
    assert [*TESTS.glob(f"ci/formats/golden/{stem}.*"), *TESTS.glob(f"reports/golden/*.{stem}")]
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    # The action always writes what GitHub reads, and asks for the others.
    assert name in action["inputs"]["format"]["description"] or name == "github"
    assert written(record, tmp_path, "why") != written(record, tmp_path, "another reason")


@pytest.mark.parametrize("name", formats.names())
def test_what_a_format_writes_stays_below_the_output_folder(name, tmp_path):
    evil = SubmissionReport("../../x", "", "../../x", "unreadable", None, 4.0, 0.0, ("x: no",))
    told = job(tmp_path, RunReport("../a", "A", "sha256:0", False, (evil,)))
    for path in formats.load([name])[name].files(told):
        assert (tmp_path / path).resolve().is_relative_to(tmp_path)


def test_there_is_no_format_but_those_that_are_named():
    assert tuple(formats.load(formats.names())) == formats.names()
    with pytest.raises(KeyError):
        formats.load(["format"])


@pytest.mark.parametrize("place", platforms.PLATFORMS, ids=lambda place: place.name)
def test_a_place_is_complete(place):
    environ = dict.fromkeys(place.known_by, "true")
    assert platforms.detect(environ) == place.formats
    assert set(place.formats) <= set(formats.names())
    assert place.name in DOCS
    for name in place.known_by:
        assert not place.is_here({**environ, name: ""})
        assert not place.is_here({**environ, name: "false"})
    if place.root:
        assert platforms.repository({**environ, place.root: "/builds/x"}) == Path("/builds/x")
        assert platforms.repository({place.root: "/builds/x"}) is None
