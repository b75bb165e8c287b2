"""Single cells of a CSV file are replaced; every other byte stays as it was."""

import csv
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from checker.lms.table import NumberStyle, number_style, read_table
from submissions_schema.problems import InputError

VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
# The csv module's own writer leaves a carriage return alone without quotes.
CELLS = VALUES.map(lambda text: text.replace("\r", ""))
FORMS = st.tuples(
    st.sampled_from(",;\t|"),
    st.sampled_from(["\r\n", "\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from([("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe")]),
    st.booleans(),
)


def written(rows, form):
    delimiter, end, quoting, (encoding, bom), last_end = form
    if end == "\r":
        quoting = csv.QUOTE_ALL  # the csv module's writer would leave a line feed without quotes
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    text = out.getvalue() if last_end else out.getvalue().removesuffix(end)
    return bom + text.encode(encoding)


@st.composite
def exports(draw):
    width = draw(st.integers(2, 5))
    row = st.lists(CELLS, min_size=width, max_size=width)
    header = [f"column {n}" for n in range(width)]
    return [header, *draw(st.lists(row, min_size=1, max_size=5))], draw(FORMS)


@given(exports(), st.data())
def test_all_other_cells_stay_byte_for_byte(export, data):
    rows, form = export
    content = written(rows, form)
    assume(not content.startswith(b"\xef\xbb\xbf\xef\xbb\xbf"))
    table = read_table(content, "x.csv")
    assert [[cell.value for cell in row] for row in table.rows] == rows
    assert table.with_cells({}) == content
    row = data.draw(st.integers(1, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[0]) - 1))
    value = data.draw(VALUES)
    cell = table.rows[row][column]
    after = table.with_cells({(row, column): value})
    bom = form[3][1]
    text = after[len(bom) :].decode(form[3][0])
    before = content[len(bom) :].decode(form[3][0])
    assert text.startswith(before[: cell.start])
    assert text.endswith(before[cell.end :])
    again = list(csv.reader(io.StringIO(text, newline=""), delimiter=form[0]))
    assert again == [
        [value if (r, c) == (row, column) else old for c, old in enumerate(cells)]
        for r, cells in enumerate(rows)
    ]


@given(st.text("ab\",; \t\r\n'1.", max_size=30))
def test_what_is_written_strangely_is_read_as_the_csv_module_reads_it(text):
    data = ("one,two\r\n" + text).encode()
    try:
        table = read_table(data, "x.csv")
    except InputError:
        return
    expected = list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=table.delimiter))
    assert [[cell.value for cell in row] for row in table.rows] == expected
    assert table.with_cells({}) == data


def test_a_quoted_cell_is_quoted_again_and_a_plain_one_only_if_it_must():
    table = read_table(b'id,"a","b",c\n1,"","x",\n', "x.csv")
    assert table.with_cells({(1, 1): "7", (1, 3): "8"}) == b'id,"a","b",c\n1,"7","x",8\n'
    assert table.with_cells({(1, 3): "7,5"}) == b'id,"a","b",c\n1,"","x","7,5"\n'


def test_excels_first_line_says_the_delimiter_and_stays():
    data = b"sep=;\r\nid;grade,points\r\n1;\r\n"
    table = read_table(data, "x.csv")
    assert table.header() == ["id", "grade,points"]
    assert table.lines == (2, 3)
    assert table.with_cells({(1, 1): "5"}) == b"sep=;\r\nid;grade,points\r\n1;5\r\n"


def test_a_file_of_windows_keeps_its_encoding():
    data = "id;Name;Grade\r\n1;Müller, Jörg € Dr.;\r\n".encode("cp1252")
    table = read_table(data, "x.csv")
    assert table.value(1, 1) == "Müller, Jörg € Dr."
    assert table.with_cells({(1, 2): "5"}) == data[:-2] + b"5\r\n"


def test_places_name_lines_though_cells_have_line_breaks():
    table = read_table(b'id,text\n1,"a\nb\nc"\n2,x\n', "x.csv")
    assert [str(table.place(row)) for row in (1, 2)] == ["x.csv:2", "x.csv:5"]


def test_a_row_too_short_is_an_error_with_its_line():
    table = read_table(b"id,a,b\n1,2\n", "x.csv")
    with pytest.raises(
        InputError, match=r"x\.csv:2: the row is too short: expected 3 cells, got 2"
    ):
        table.with_cells({(1, 2): "5"})


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"one column\n1\n", b"\xff\xfe\x00", b"a,b\n\x81\n"]
)
def test_what_is_no_table_is_refused(data):
    with pytest.raises(InputError):
        read_table(data, "x.csv")


@pytest.mark.parametrize(
    ("cells", "score", "text"),
    [
        (["", ""], 7.5, "7.5"),
        (["", ""], 7.0, "7"),
        (["8.00", "10.00"], 7.5, "7.50"),
        (["8,00", ""], 7, "7,00"),
        (["8,5", "9"], 7.25, "7,25"),
        (["8.50000", ""], 7.333333, "7.33333"),
        (["9", "10"], 7.5, "7.5"),
        (["1,234", "2,50"], 7.5, "7,50"),
        (["", ""], 2.675, "2.68"),
        (["", ""], 0.0, "0"),
        (["8.0", ""], 0.0, "0.0"),
    ],
)
def test_numbers_are_written_as_the_column_writes_them(cells, score, text):
    rows = [["id", "grade"], *(["x", cell] for cell in cells)]
    table = read_table(
        written(rows, ("\t", "\n", csv.QUOTE_MINIMAL, ("utf-8", b""), True)), "x.csv"
    )
    assert number_style(table, [1]).text(score) == text


def test_the_rest_of_the_file_shows_the_decimal_sign_where_the_column_does_not():
    table = read_table(b'id,total,grade\n1,"3,5",\n', "x.csv")
    assert number_style(table, [2]).text(7.5) == "7,5"
    assert number_style(read_table(b"id;grade\n1;\n", "x.csv"), [1]).text(7.5) == "7,5"
    assert number_style(read_table(b"id,grade\n1,\n", "x.csv"), [1]).text(7.5) == "7.5"


@given(st.floats(0, 1000).map(lambda x: round(x, 6)), st.integers(0, 5))
def test_a_number_is_never_a_formula_and_never_far_off(value, decimals):
    text = NumberStyle(".", decimals).text(value)
    assert text[0].isdigit()
    assert abs(float(text) - value) <= 0.005 + 1e-9
    assert len(text.partition(".")[2]) >= decimals
