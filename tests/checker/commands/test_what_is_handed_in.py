"""Which files of a folder are graded, and what strangers send."""

import json
import os
import re
import sys
from hashlib import sha256

import pytest

from tests.checker.commands.calls import (
    RIGHT,
    STUDENT_B,
    WRONG,
    checker,
    gradebook,
    put,
    results,
    submission,
    written,
)


def test_nested_folders_and_both_endings_are_read_and_hidden_files_are_not(tiny, folder, out):
    for name in ("b/deep/er/x.yaml", "a.yml", "C.YAML", "b.yaml"):
        put(folder, name, RIGHT.format(student=re.sub(r"\W", "-", name)))
    for name in (".hidden.yaml", ".git/x.yaml", "notes.txt", "yaml", "x.yaml.orig"):
        put(folder, name, "[")
    put(folder, "folder.yaml/inside.txt", "[")
    assert checker("grade", folder, "--assignment", tiny, "--out", out).exit_code == 0
    files = [s["file"] for s in results(out)["submissions"]]
    assert files == ["C.YAML", "a.yml", "b/deep/er/x.yaml", "b.yaml"] or files == sorted(
        ["a.yml", "C.YAML", "b.yaml", "b/deep/er/x.yaml"]
    )


@pytest.mark.parametrize(
    "change",
    [lambda text: b"\xef\xbb\xbf" + text, lambda text: text.replace(b"\n", b"\r\n")],
    ids=["byte order mark", "CRLF"],
)
def test_what_an_editor_adds_changes_nothing(folder, out, tmp_path, change):
    def without_the_files_hash(folder):
        hashed = change(STUDENT_B.encode()) if folder == again else STUDENT_B.encode()
        digest = sha256(hashed).hexdigest().encode()
        found = written(folder)
        assert digest in found["results.json"]
        return {name: data.replace(digest, b"") for name, data in found.items()}

    put(folder, "student-b.yaml", STUDENT_B)
    checker("grade", folder, "--out", out)
    put(folder, "student-b.yaml", change(STUDENT_B.encode()))
    again = tmp_path / "again"
    assert checker("grade", folder, "--out", again).exit_code == 1
    assert without_the_files_hash(again) == without_the_files_hash(out)


def test_a_named_pipe_is_refused_and_not_waited_for(tiny, folder, out):
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no named pipes here")
    os.mkfifo(folder / "pipe.yaml")
    assert checker("grade", folder, "--assignment", tiny, "--out", out).exit_code == 2
    assert submission(out, "pipe.yaml")["status"] == "unreadable"


def test_a_student_in_two_files_keeps_both_reports_and_is_remarked_on(tiny, folder, out):
    put(folder, "first.yaml", RIGHT.format(student="same"))
    put(folder, "second.yaml", WRONG.format(student="same"))
    assert checker("grade", folder, "--assignment", tiny, "--out", out).exit_code == 1
    for file, other in (("first.yaml", "second.yaml"), ("second.yaml", "first.yaml")):
        assert any(other in note for note in submission(out, file)["notes"])
        assert other in gradebook(out)[file]["remarks"]
    reports = [path.name for path in (out / "feedback").glob("*.html")]
    assert len(reports) == 2
    index = (out / "index.html").read_text(encoding="utf-8")
    assert all(f"feedback/{name}" in index.replace("%3D", "=") for name in reports)


HOSTILE = [
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    "con",
    "a/b",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "+1",
    "@SUM(1)",
    "a`b**c**",
    "[link](javascript:alert(1))",
    "::error::x",
    "x" * 100,
    "Ünïcödé",
]


def test_a_students_id_never_becomes_a_path_markup_or_a_formula(tiny, folder, out, tmp_path):
    for number, student in enumerate(HOSTILE):
        quoted = json.dumps(student)
        put(folder, f"{number:02}.yaml", RIGHT.format(student=quoted))
    before = {path for path in tmp_path.rglob("*") if not path.is_relative_to(out)}
    assert checker("grade", folder, "--assignment", tiny, "--out", out).exit_code == 0
    assert {path for path in tmp_path.rglob("*") if not path.is_relative_to(out)} == before

    assert [s["student"] for s in results(out)["submissions"]] == HOSTILE
    reports = list((out / "feedback").iterdir())
    assert len(reports) == 2 * len(HOSTILE)
    assert all(re.fullmatch(r"[a-z0-9_][a-z0-9._=-]*\.(html|md)", path.name) for path in reports)
    assert {path.name for path in out.iterdir()} == {
        "answers.csv", "feedback", "gradebook.csv", "index.html", "results.json",
    }  # fmt: skip
    for path in (out / "feedback").glob("*.html"):
        assert "<script" not in path.read_text(encoding="utf-8").lower()
    page = (out / "index.html").read_text(encoding="utf-8").lower()
    assert page.count("<script") == 1
    assert "script-src 'sha256-" in page
    for row in gradebook(out).values():
        for cell in row.values():
            assert not cell.startswith(("=", "+", "@", "\t", "\r")), cell


@pytest.mark.parametrize("key", ['student: "a\\e[31m"', 'student: "a\\u202eb"'])
def test_characters_that_cannot_be_seen_are_refused(tiny, folder, key):
    file = put(folder, "a.yaml", f"assignment: tiny\n{key}\nanswers: {{}}\n")
    result = checker("check", file, "--assignment", tiny)
    assert result.exit_code == 2
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output


@pytest.mark.skipif(sys.platform == "win32", reason="such names can't be made there")
def test_a_files_name_can_forge_no_line_and_no_colour(tiny, folder, out):
    put(folder, "a\n::error::forged\x1b[31m.yaml", "[")
    result = checker("grade", folder, "--assignment", tiny, "--out", out)
    assert result.exit_code == 2
    assert "\x1b" not in result.output
    assert not any(line.startswith("::") for line in result.output.splitlines())
    result = checker("check", folder / "a\n::error::forged\x1b[31m.yaml", "--assignment", tiny)
    assert result.exit_code == 2
    assert "\x1b" not in result.output
    assert not any(line.startswith("::") for line in result.output.splitlines())


def test_a_link_out_of_the_folder_shows_nothing_of_what_it_leads_to(tiny, folder, out, tmp_path):
    secret = put(tmp_path, "secret.txt", "the-secret-word\n")
    (folder / "a.yaml").symlink_to(secret)
    result = checker("grade", folder, "--assignment", tiny, "--out", out)
    assert result.exit_code == 2
    assert "the-secret-word" not in result.output
    assert not any(b"the-secret-word" in content for content in written(out).values())
