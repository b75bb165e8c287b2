import json
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from submissions_schema import tree_builder
from submissions_schema.problems import InputError
from submissions_schema.yaml_reader import Limits, parse_document, read_document

SUBMISSION = """\
assignment: fit3181-a2
student: {id: student-a}
answers:
  q1: "text answer"
  q3.1:
    h_0: [-0.762, 0, 0.964]
    h_1: [-0.621, 0.443, -0.979]
"""


PRINTABLE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")))
KEYS = PRINTABLE.filter(lambda key: len(key) < 50)
TREES = st.recursive(
    st.none() | PRINTABLE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def problems_of(data, **limits):
    with pytest.raises(InputError) as caught:
        parse_document(data, "a.yaml", Limits(**limits))
    return [str(problem) for problem in caught.value.problems]


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def loader(request, monkeypatch):
    monkeypatch.setattr(tree_builder, "_LOADER", getattr(yaml, request.param))


class TestValues:
    @pytest.mark.usefixtures("loader")
    @pytest.mark.parametrize(
        "text", ["012", "1e-3", "0.310", "yes", "Null", "NO", "1_000", "2024-05-01", "0x10", "1:30"]
    )
    def test_a_scalar_stays_as_it_was_written(self, text):
        assert parse_document(f"a: {text}\n", "f").data == {"a": text}

    @pytest.mark.usefixtures("loader")
    @pytest.mark.parametrize("text", ["", "~", "null"])
    def test_a_plain_null_is_nothing(self, text):
        assert parse_document(f"a: {text}\n", "f").data == {"a": None}

    @pytest.mark.usefixtures("loader")
    @pytest.mark.parametrize("text", ["", "~", "null"])
    def test_a_quoted_null_is_text(self, text):
        assert parse_document(f"a: '{text}'\n", "f").data == {"a": text}

    @pytest.mark.usefixtures("loader")
    def test_mappings_and_lists_become_dicts_and_lists(self):
        document = parse_document(SUBMISSION, "f")
        assert document.data == {
            "assignment": "fit3181-a2",
            "student": {"id": "student-a"},
            "answers": {
                "q1": "text answer",
                "q3.1": {"h_0": ["-0.762", "0", "0.964"], "h_1": ["-0.621", "0.443", "-0.979"]},
            },
        }

    def test_a_byte_order_mark_is_accepted(self):
        assert parse_document(b"\xef\xbb\xbfa: 1\n", "f").data == {"a": "1"}

    def test_quoted_merge_signs_are_ordinary_keys(self):
        assert parse_document("'<<': 1\n", "f").data == {"<<": "1"}

    def test_a_file_may_begin_and_end_with_document_marks(self):
        assert parse_document("---\na: 1\n...\n", "f").data == {"a": "1"}

    def test_the_hash_is_that_of_the_bytes(self):
        empty_object = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        assert parse_document(b"{}", "f").content_hash == empty_object

    @given(st.dictionaries(KEYS, TREES, min_size=1))
    def test_any_tree_of_texts_comes_back_as_it_was_written(self, tree):
        written = json.dumps(tree, ensure_ascii=False)
        assert parse_document(written, "f", Limits(depth=100)).data == tree

    @given(st.from_regex(r"[0-9A-Za-z+.][0-9A-Za-z+._/*()-]{0,20}", fullmatch=True))
    def test_any_plain_text_comes_back_as_it_was_written(self, text):
        expected = None if text == "null" else text
        assert parse_document(f"a: [{text}, {text}]", "f").data == {"a": [expected, expected]}


class TestPlaces:
    document = parse_document(SUBMISSION, "a.yaml")

    def test_a_value_has_the_place_where_it_begins(self):
        assert str(self.document.place(("answers", "q3.1", "h_1", 2))) == "a.yaml:7:26"

    def test_a_key_has_its_own_place(self):
        assert str(self.document.key_place(("answers", "q3.1", "h_1"))) == "a.yaml:7:5"

    def test_an_entry_of_a_list_has_the_place_of_its_value(self):
        path = ("answers", "q3.1", "h_1", 0)
        assert self.document.key_place(path) == self.document.place(path)

    @pytest.mark.parametrize("tail", [("h_9",), ("h_0", 7), ("h_0", "x"), (0,)])
    def test_an_unknown_path_has_the_place_of_its_known_part(self, tail):
        known = ("answers", "q3.1", *(tail[:1] if tail[0] == "h_0" else ()))
        assert self.document.place(("answers", "q3.1", *tail)) == self.document.place(known)

    def test_the_style_of_a_text_is_known(self):
        document = parse_document("a: x\nb: 'x'\nc: \"x\"\nd: |\n  x\ne: >\n  x\nf: []\n", "f")
        styles = [document.style((key,)) for key in "abcdef"]
        assert styles == ["plain", "quoted", "quoted", "block", "block", None]
        assert document.style(("nowhere",)) is None

    @pytest.mark.usefixtures("loader")
    @pytest.mark.parametrize(
        ("written", "char", "place"),
        [
            ("a: 1 + ?\n", "?", "f:1:8"),
            ("a: '1 + ?'\n", "?", "f:1:9"),
            ("a: 'it''s ?'\n", "?", "f:1:11"),
            ('a: "1 +   ?"\n', "?", "f:1:11"),
            ('a: "\\u00e9\\t\\x41 ?"\n', "?", "f:1:18"),
            ("a: one\n   two ?\n", "?", "f:2:8"),
            ("a: one\r\n   two\r\n\r\n   ?\r\n", "?", "f:4:4"),
            ("a: |\n  one\n\n  two ?\n", "?", "f:4:7"),
            ("a: >\n  one\n  two ?\n", "?", "f:3:7"),
            ("é: é ?\n", "?", "f:1:6"),
        ],
    )
    def test_a_character_of_a_text_has_its_place(self, written, char, place):
        document = parse_document(written, "f")
        key, text = next(iter(document.data.items()))
        assert str(document.text_offset_place((key,), text.index(char))) == place

    def test_an_offset_in_what_is_no_text_has_the_place_of_the_value(self):
        assert str(parse_document("a: [1]\n", "f").text_offset_place(("a",), 1)) == "f:1:4"

    @given(st.text(st.sampled_from("abc+'\u00e9 "), min_size=1, max_size=30), st.data())
    def test_any_offset_leads_to_its_character(self, text, data):
        offset = data.draw(st.integers(0, len(text) - 1))
        for written in (json.dumps(text, ensure_ascii=False), "'" + text.replace("'", "''") + "'"):
            source = f"{{a: {written}}}"
            place = parse_document(source, "f").text_offset_place(("a",), offset)
            assert place.line == 1
            assert source[place.column - 1] == text[offset]


class TestRefusals:
    @pytest.mark.usefixtures("loader")
    def test_every_duplicate_key_is_named_with_both_lines(self):
        first, second = problems_of("a: 1\nb: 2\na: 3\nc: {x: 1,\n  x: 2}\n")
        assert first == (
            "a.yaml:3:1: the key `a` appears on line 1 and again on line 3: expected each key once"
        )
        assert second == (
            "a.yaml:5:3: the key `x` appears on line 4 and again on line 5: expected each key once"
        )

    @pytest.mark.usefixtures("loader")
    @pytest.mark.parametrize(
        ("written", "place", "words"),
        [
            ("a: &x 1\n", "1:4", "YAML anchor"),
            ("a: &x [1]\n", "1:4", "YAML anchor"),
            ("a: *x\n", "1:4", "YAML alias"),
            ("*x : 1\n", "1:1", "YAML alias"),
            ("a: !!int 3\n", "1:4", "`!!int` is a YAML tag"),
            ("a: !x 3\n", "1:4", "`!x` is a YAML tag"),
            ("a: !x [3]\n", "1:4", "YAML tag"),
            ("a: 1\n---\nb: 2\n", "2:1", "a second document begins here"),
            ("[a]: 1\n", "1:1", "a key must be plain text: expected a name, got a list"),
            ("? {a: 1}\n: 1\n", "1:3", "a key must be plain text: expected a name, got a mapping"),
            ("a: 1\n<<: {b: 1}\n", "2:1", "merge key"),
            ("?\n: 1\n", "1:2", "there is no name before the colon"),
            ('a: "\\0"\n', "1:4", "escaped control character: expected printable text, got U+0000"),
            ("%YAML 1.1\n---\na: 1\n", "1:1", "YAML directive"),
            ("a: 1\n...\n%TAG ! b\n", "3:1", "YAML directive"),
            ("a: h_0:[1, 2]\n", "1:4", "a space is missing after the colon of `h_0:`"),
            ("a: {h_0:0.5}\n", "1:5", "expected `h_0: 0.5`, got `h_0:0.5`"),
        ],
    )
    def test_what_is_not_allowed_is_told_with_its_place(self, written, place, words):
        first = problems_of(written)[0]
        assert first.startswith(f"a.yaml:{place}: ")
        assert words in first

    @pytest.mark.parametrize("written", ["", "# only a comment\n", "~\n", "---\n", "\ufeff"])
    def test_an_empty_file_is_refused(self, written):
        assert problems_of(written) == ["a.yaml:1:1: the file is empty: expected a mapping"]

    @pytest.mark.parametrize("char", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\u2028", "\ud800"])
    def test_a_control_character_is_refused(self, char):
        (problem,) = problems_of(f"a: 1\nb: {char}\n")
        assert problem.startswith("a.yaml:2:4: the file holds a control character")
        assert f"got U+{ord(char):04X}" in problem

    def test_a_byte_that_is_not_utf8_is_named(self):
        (problem,) = problems_of("é: 1\nb: ".encode() + b"\xe9\n")
        assert problem.startswith("a.yaml:2:4: the file is not UTF-8 text")
        assert problem.endswith("expected UTF-8, got the byte 0xE9 at byte 10")

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    def test_utf16_without_a_byte_order_mark_is_recognised(self, encoding):
        (problem,) = problems_of("a: 1\n".encode(encoding))
        assert problem == (
            "a.yaml:1:1: the file is saved as UTF-16; save it again with the encoding UTF-8: "
            "expected UTF-8, got UTF-16"
        )

    @pytest.mark.parametrize("data", [b"\xff\xfea", b"\xff\xfea\x00\x00\xd8", b"\xfe\xff\x00"])
    def test_utf16_that_breaks_off_is_a_problem(self, data):
        (problem,) = problems_of(data)
        assert "saved as UTF-16" in problem

    def test_independent_problems_are_told_together(self):
        found = problems_of("a: *x\nb: !y 1\na: 2\n")
        assert [problem.split(":")[1] for problem in found] == ["1", "2", "3"]

    def test_the_list_of_problems_is_bounded(self):
        found = problems_of("a: 1\n" * 500, problems=10)
        assert len(found) == 11
        assert "there are more problems from here on" in found[-1]


class TestLimits:
    @pytest.mark.parametrize(
        ("written", "limits", "place", "words"),
        [
            ("a: 12345\n", {"bytes": 5}, "", "the file is too large: expected at most 5 bytes"),
            ("a: [[[1]]]\n", {"depth": 3}, ":1:6", "nested too deeply: expected at most 3 levels"),
            ("a: [1, 2, 3]\n", {"nodes": 4}, ":1:8", "too many values: expected at most 4"),
            ("a: xxxxxx\n", {"scalar_length": 5}, ":1:4", "at most 5 characters, got 6"),
        ],
    )
    def test_a_file_beyond_a_limit_is_refused(self, written, limits, place, words):
        (problem,) = problems_of(written, **limits)
        assert problem.startswith(f"a.yaml{place}: ")
        assert words in problem

    @pytest.mark.parametrize("limits", [{"depth": 3}, {"nodes": 6}, {"scalar_length": 1}])
    def test_a_file_at_a_limit_is_read(self, limits):
        assert parse_document("a: [[1, 2]]\n", "f", Limits(**limits)).data == {"a": [["1", "2"]]}

    @pytest.mark.parametrize(
        "written",
        [
            "[" * 50_000,
            "{a: " * 50_000,
            "- " * 100_000,
            "? " * 100_000,
            "%TAG !a! b\n" * 50_000,
            "a: 1\n...\n" + "".join(f"%TAG !{n}! b\n" for n in range(50_000)),
            "a: [&a x," + "*a," * 200_000,
            "a: 1\n" * 200_000,
            "a: b\n " + "- " * 400_000 + "x:\n",
            "".join(f"k{n}: 1\n" for n in range(70_000)),
        ],
        ids=lambda text: repr(text[:12]),
    )
    def test_a_hostile_file_is_refused_at_once(self, written):
        start = time.perf_counter()
        problems_of(written)
        assert time.perf_counter() - start < 3

    def test_a_submission_of_sixty_numbers_is_read_fast(self):
        rows = "".join(f"  h_{n}: [0.1, 0.2, 0.3]\n" for n in range(20))
        written = "answers:\n" + rows
        times = []
        for _ in range(50):
            start = time.perf_counter()
            parse_document(written, "f")
            times.append(time.perf_counter() - start)
        assert min(times) < 1e-3


def outcome(data):
    """The tree, or the lines of the problems; of a whole file that is none, what it should be."""
    try:
        return parse_document(data, "f").data
    except InputError as error:
        return [problem.place.line or problem.expected for problem in error.problems] or None


class TestRobustness:
    @given(st.binary(max_size=200))
    def test_random_bytes_raise_nothing_but_input_errors(self, data):
        assert outcome(data) is not None

    @given(st.text(st.sampled_from(list("ab:{}[],-?&*!|>'\"%@`# \t\n\r\\0.<~")), max_size=60))
    def test_yaml_like_text_raises_nothing_but_input_errors(self, text):
        assert outcome(text) is not None


class TestFiles:
    def test_a_file_is_read_and_called_by_its_name(self, tmp_path):
        path = tmp_path / "a.yaml"
        path.write_text(SUBMISSION)
        assert read_document(path, name="a.yaml").place().file == "a.yaml"
        assert read_document(path).name == str(path)

    def test_a_missing_file_is_told(self, tmp_path):
        with pytest.raises(InputError, match=r"^gone: there is no such file$"):
            read_document(tmp_path / "gone", name="gone")

    def test_a_folder_is_no_file(self, tmp_path):
        with pytest.raises(InputError, match=r"^x: this is not a file: .*got a folder$"):
            read_document(tmp_path, name="x")

    def test_a_file_too_large_is_not_read_whole(self, tmp_path):
        path = tmp_path / "a.yaml"
        path.write_bytes(b"#" * 100)
        with pytest.raises(InputError, match="too large"):
            read_document(path, limits=Limits(bytes=10))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_says_how_a_file_is_read(encoding):
    document = parse_document("\ufeffname: \u0177\nb: [1, 2]\n".encode(encoding), "a.yaml")
    assert document.data == {"name": "\u0177", "b": ["1", "2"]}
    (remark,) = document.remarks
    assert encoding.upper()[:6] in remark.message
    assert parse_document(b"\xef\xbb\xbfa: 1\n", "a.yaml").remarks == ()


@pytest.mark.parametrize(
    ("text", "adjoin"),
    [
        ("[0,5]", True),
        ("[0, 5]", False),
        ("[0 ,5]", False),
        ("['0',5]", False),
        ("[0,\n 5]", False),
    ],
)
def test_texts_adjoin_where_one_comma_alone_is_between_them(text, adjoin):
    document = parse_document(f"\u0177: {text}\n", "a.yaml")
    assert document.adjoin(("\u0177", 0), ("\u0177", 1)) is adjoin
