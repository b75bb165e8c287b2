"""The archive that Moodle takes back has a page for each participant."""

import io
import re
import zipfile
from html.parser import HTMLParser

from checker.lms.feedback_zip import feedback_zip
from checker.reports.html import submission_html


def zipped(run, participants=None):
    pages = (submission_html(run, submission).encode() for submission in run.submissions)
    return feedback_zip(run, pages, participants)


def opened(data):
    return zipfile.ZipFile(io.BytesIO(data))


def as_moodle_reads(path):
    """The participant, the plugin and the file of a path, as Moodle's importer takes it apart."""
    folder, _, file = path.partition("/")
    info = folder.split("_", 4)
    assert len(info) >= 4
    assert info[1].isdigit()
    return int(info[1]), "_".join(info[2:4]), file


def test_each_student_has_a_folder_that_moodle_can_read(three):
    made = zipped(three)
    with opened(made.data) as archive:
        names = archive.namelist()
        assert names[0] == "Ada Example_101_assignfeedback_file/feedback.html"
        assert [as_moodle_reads(name) for name in names] == [
            (number, "assignfeedback_file", "feedback.html") for number in (101, 102, 103)
        ]
        page = archive.read(names[0]).decode()
        assert archive.testzip() is None
    HTMLParser().feed(page)
    assert "Ada Example" in page
    assert "7.5 / 10" in re.sub(r"<[^>]*>", "", page)
    assert (made.students, made.remarks) == (3, ())


def test_the_same_run_gives_the_same_bytes(three):
    assert zipped(three).data == zipped(three).data


def test_a_name_can_neither_break_moodles_reading_nor_lead_out(submission, make_run):
    names = ["Ada_Mae Example", "../../x", "a/b", "", "Participant", "C:\\x", "ü" * 300, "\ud800"]
    run = make_run(*(submission(f"s{n}", file=f"f{n}.yaml") for n in range(len(names))))
    participants = {f"f{n}.yaml": (str(100 + n), name) for n, name in enumerate(names)}
    with opened(zipped(run, participants).data) as archive:
        for n, path in enumerate(archive.namelist()):
            assert as_moodle_reads(path) == (100 + n, "assignfeedback_file", "feedback.html")
            assert ".." not in path.split("/")
            assert "\\" not in path
            assert path.count("/") == 1


def test_students_without_a_participants_number_are_left_out_and_named(submission, make_run):
    made = zipped(make_run(submission("s1"), submission("s2")), {"s2.yaml": ("102", "Ben")})
    with opened(made.data) as archive:
        assert archive.namelist() == ["Ben_102_assignfeedback_file/feedback.html"]
    (remark,) = made.remarks
    assert remark.startswith("s1, s1.yaml: no number of a Moodle participant is known")


def test_two_files_of_one_participant_have_two_pages(submission, make_run):
    folder = "Ada Example_101_assignsubmission_file"
    run = make_run(*(submission("s1", file=f"{folder}/{n}.yaml") for n in "ab"))
    made = zipped(run)
    with opened(made.data) as archive:
        assert len(set(archive.namelist())) == 2
    assert made.students == 1


def test_pages_of_one_participant_are_named_by_the_files(submission, make_run):
    folder = "Zoë O'Brien_101_assignsubmission_file"
    files = ("v1.yaml", "v2.yaml", "a/V1.yaml", "../_.yaml")
    run = make_run(*(submission("s1", file=f"{folder}/{file}") for file in files))
    with zipfile.ZipFile(io.BytesIO(zipped(run).data)) as archive:
        assert archive.namelist() == [
            f"Zoë O'Brien_101_assignfeedback_file/{page}.html"
            for page in ("feedback-v1", "feedback-v2", "feedback-V1 2", "feedback-")
        ]


def test_an_unreadable_file_has_its_page_too(submission, make_run):
    run = make_run(submission("x", None, file="Ada Example_101_assignsubmission_file/mine.yaml"))
    with opened(zipped(run).data) as archive:
        assert b"broken" in archive.read(archive.namelist()[0])
