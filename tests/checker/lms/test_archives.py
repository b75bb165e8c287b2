"""Archives from strangers: bounded, nothing outside, and nobody goes missing."""

import io
import stat
import zipfile

import pytest

from checker.folder.collecting import collected
from checker.lms.archives import ArchiveLimits, StudentLimits, is_archive, unpack, unpack_handed_in
from submissions_schema.problems import InputError

YAML = b"assignment: hw-1\nstudent: s1\nanswers: {}\n"


def zipped(files, *, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name if isinstance(name, zipfile.ZipInfo) else str(name), data)
    return out.getvalue()


def taken(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


@pytest.fixture
def into(tmp_path):
    path = tmp_path / "into"
    path.mkdir()
    return path


@pytest.fixture
def put(tmp_path):
    def write(files, name="all.zip"):
        path = tmp_path / name
        path.write_bytes(files if isinstance(files, bytes) else zipped(files))
        return path

    return write


def test_only_what_may_be_a_submission_is_taken_out(put, into):
    source = put(
        {
            "Ada Example_1_assignsubmission_file/mine.yaml": YAML,
            "Ada Example_1_assignsubmission_file/photo.png": b"x",
            "Ben Beispiel_2_assignsubmission_file/MINE.YML": YAML,
            "__MACOSX/Ada Example_1_assignsubmission_file/mine.yaml": b"x",
            ".hidden/mine.yaml": b"x",
        }
    )
    assert unpack(source, into) == ()
    assert taken(into) == [
        "Ada Example_1_assignsubmission_file/mine.yaml",
        "Ben Beispiel_2_assignsubmission_file/MINE.YML",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "../out.yaml",
        "a/../../out.yaml",
        "/tmp/out.yaml",
        "..\\out.yaml",
        "C:\\out.yaml",
        "C:out.yaml",
    ],
)
def test_a_path_that_leads_out_is_refused_and_named(put, into, name):
    (refused,) = unpack(put({name: YAML, "fine.yaml": YAML}), into)
    assert "leads out of it" in refused.problem.message
    assert taken(into) == ["fine.yaml"]
    assert not (into.parent / "out.yaml").exists()


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644, stat.S_IFCHR])
def test_a_link_is_refused_and_named(put, into, mode):
    entry = zipfile.ZipInfo("mine.yaml")
    entry.external_attr = mode << 16
    (refused,) = unpack(put({entry: b"/etc/passwd"}), into)
    assert refused.file == "mine.yaml"
    assert "link" in refused.problem.message
    assert taken(into) == []


def test_an_encrypted_file_is_refused_and_named(put, into):
    data = bytearray(zipped({"mine.yaml": YAML}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    (refused,) = unpack(put(bytes(data)), into)
    assert "encrypted" in refused.problem.message


def test_a_path_that_stands_there_twice_is_refused_once(put, into):
    with pytest.warns(UserWarning, match="Duplicate"):
        source = put(_twice())
    (refused,) = unpack(source, into)
    assert "more than once" in refused.problem.message
    assert (into / "mine.yaml").read_bytes() == YAML


def _twice():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mine.yaml", YAML)
        archive.writestr("mine.yaml", b"another")
    return out.getvalue()


def test_a_damaged_file_is_refused_and_the_others_are_taken(put, into):
    data = bytearray(zipped({"mine.yaml": YAML * 50, "other.yaml": YAML}))
    at = data.index(b"mine.yaml") + len("mine.yaml")
    data[at : at + 10] = b"\xff" * 10
    (refused,) = unpack(put(bytes(data)), into)
    assert refused.file == "mine.yaml"
    assert "damaged" in refused.problem.message
    assert "other.yaml" in taken(into)


def test_a_name_too_long_is_refused_and_named(put, into):
    (refused,) = unpack(put({"a" * 300 + ".yaml": YAML}), into)
    assert "can't be taken out" in refused.problem.message


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 40])
def test_what_is_no_archive_is_an_error(put, into, data):
    with pytest.raises(InputError, match="can't be read"):
        unpack(put(data), into)


@pytest.mark.parametrize("limits", [ArchiveLimits(bytes=100), ArchiveLimits(entries=3)])
def test_an_archive_beyond_its_limits_is_an_error(put, into, limits):
    with pytest.raises(InputError, match=r"too (many|large)"):
        unpack(put({f"{n}.yaml": YAML for n in range(5)}), into, limits=limits)


def test_a_file_is_read_no_further_than_the_limit_whatever_its_size(put, into):
    bomb = zipped({"mine.yaml": b"a" * (20 << 20)})
    unpack(put(bomb), into)
    assert (into / "mine.yaml").stat().st_size == (1 << 20) + 1
    (refused,) = unpack(put(bomb), into / "again", each=StudentLimits(total=1 << 20))
    assert "too much" in refused.problem.message
    assert taken(into / "again") == []


def test_archives_within_archives_become_folders_but_not_for_ever(put, into):
    inner = zipped({"deep.yaml": YAML, "deeper.zip": zipped({"x.zip": zipped({"y.yaml": YAML})})})
    middle = zipped({"mine.yaml": YAML, "more.zip": inner})
    refused = unpack(put({"exampleada_4321_98765_hw.zip": middle}), into)
    assert taken(into) == [
        "exampleada_4321_98765_hw.zip/mine.yaml",
        "exampleada_4321_98765_hw.zip/more.zip/deep.yaml",
    ]
    (too_deep,) = refused
    assert too_deep.file == "exampleada_4321_98765_hw.zip/more.zip/deeper.zip"
    assert "nested too deeply" in too_deep.problem.message


def test_one_students_bomb_costs_nobody_else(put, into):
    bomb = zipped({f"{n}.yaml": YAML for n in range(50)})
    files = {"ada/hw.zip": bomb, "ben/hw.zip": zipped({"a.yaml": YAML})}
    (refused,) = unpack(put(files), into, each=StudentLimits(files=3))
    assert refused.file == "ada/hw.zip"
    assert taken(into) == ["ben/hw.zip/a.yaml"]
    assert unpack_handed_in(put(b"no zip", "x.zip"), "x.zip", into)[0].file == "x.zip"


def test_an_archive_is_known_by_its_name_or_its_first_bytes(put, tmp_path):
    assert is_archive(put({"a.yaml": YAML}, "download"))
    assert is_archive(put(b"", "empty.zip"))
    assert not is_archive(put(b"text", "mine.yaml"))
    assert not is_archive(tmp_path)
    assert not is_archive(tmp_path / "nothing")


def test_a_class_is_as_large_as_it_is_and_each_student_has_the_same_limits(put, into):
    flood = {f"Ada Example_1_assignsubmission_file/{n}.yaml": YAML for n in range(5)}
    others = {f"Ben Beispiel_{n}_assignsubmission_file/mine.yaml": YAML for n in range(10, 30)}
    (refused,) = unpack(put({**flood, **others}), into, each=StudentLimits(files=3))
    assert refused.file.startswith("Ada Example_1_")
    assert "one student handed in too many files" in refused.problem.message
    assert taken(into) == sorted(others)


@pytest.mark.parametrize("name", ["ada.yaml ", "ada.yaml.", "ada.yml\u200b", "ada\0.yaml"])
def test_a_name_that_only_looks_like_a_submissions_is_reported(put, into, name):
    entry = zipfile.ZipInfo("placeholder")
    entry.filename = name
    (refused,) = unpack(put({entry: YAML, "ben.yaml": YAML}), into)
    assert refused.file.startswith("ada")
    assert "\0" not in refused.file
    assert "expected a name that ends in .yaml" in refused.problem.message
    assert taken(into) == ["ben.yaml"]


# --- collecting -------------------------------------------------------------------------------


def names(found):
    return list(found.names)


def test_a_folder_is_read_where_it_stands(tmp_path):
    (tmp_path / "a.yaml").write_bytes(YAML)
    with collected(tmp_path) as found:
        assert found.root == tmp_path
        assert names(found) == ["a.yaml"]


def test_an_archive_is_taken_out_for_the_time_being(put):
    with collected(put({"hw/a.yaml": YAML, "hw/../b.yaml": YAML})) as found:
        assert names(found) == ["hw/a.yaml"]
        assert [item.file for item in found.refused] == ["hw/b.yaml"]
        root = found.root
    assert not root.exists()


def test_gradescopes_list_is_read_and_is_no_submission(put):
    listed = b"submission_98765:\n  :submitters:\n  - {':name': Ada Example, ':sid': s1}\n"
    with collected(
        put({"e/submission_metadata.yml": listed, "e/submission_98765/mine.yaml": YAML})
    ) as found:
        assert names(found) == ["e/submission_98765/mine.yaml"]
        assert found.submitters["e/submission_98765"][0].id == "s1"
    with collected(put({"submission_metadata.yml": b"a: [", "submission_98765/m.yaml": YAML})) as f:
        assert names(f) == ["submission_98765/m.yaml"]
        assert "it says nothing of who handed in" in f.remarks[0]


def test_archives_that_students_handed_in_are_opened_in_a_folder_others_are_not(tmp_path, put):
    folder = tmp_path / "download"
    folder.mkdir()
    (folder / "exampleada_4321_98765_hw.zip").write_bytes(zipped({"mine.yaml": YAML}))
    (folder / "beispielben_4322_98766_mine.yaml").write_bytes(YAML)
    (folder / "lastyear.zip").write_bytes(zipped({"old.yaml": YAML}))
    (folder / "out.yaml").symlink_to("/etc/hostname")
    with collected(folder) as found:
        assert names(found) == [
            "beispielben_4322_98766_mine.yaml",
            "exampleada_4321_98765_hw.zip/mine.yaml",
            "out.yaml",
        ]
        assert found.path_of("out.yaml") == folder / "out.yaml"
        assert found.remarks == ("lastyear.zip: this archive is not opened; grade it by itself",)
