"""The answer form in a browser: filled in, downloaded and graded; keyboard, phone, what it says."""

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from checker import cli
from checker.answer_kinds import kind_of
from checker.handing_out.form_page import form_html
from checker.students.handout import load_form, make_handout
from checker.students.validation import Form, validate_bytes
from reference_solutions.assignment import load_assignment
from reference_solutions.shipped import SHIPPED
from tests.checker.handing_out.conftest import table_handout

IDS = sorted(path.stem for path in SHIPPED.glob("*.yaml"))
PHONE = (360, 740)


@cache
def assignment_of(id):
    return load_assignment(SHIPPED / f"{id}.yaml")


@pytest.fixture
def form(browser, tmp_path):
    """Open the form of a shipped assignment, or of a handout."""
    opened = []

    def make(id=None, handout=None, size=(1280, 900)):
        path = tmp_path / "form.html"
        path.write_text(form_html(handout or make_handout(assignment_of(id))), encoding="utf-8")
        page = browser.open(path, width=size[0], height=size[1])
        page.evaluate("localStorage.clear()")
        page.go(path)
        opened.append(page)
        return page

    yield make
    for page in opened:
        page.evaluate("localStorage.clear()")
        page.close()


def right_answers(id):
    """What fills each box with what is right: texts, or the options of a choice."""
    assignment = assignment_of(id)
    graph, notation = assignment.reference.graph, None
    for asked in assignment.asked:
        spec, node = asked.spec, asked.target.node if asked.target else None
        if spec.kind == "choice":
            yield list(spec.correct)
        elif spec.kind in ("number", "integer"):
            yield [f"{value:#.6g}" if spec.kind == "number" else str(round(value))
                   for value in np.ravel(graph.value(node))]  # fmt: skip
        elif spec.kind in ("text", "notebook"):
            yield ["Some words of mine: five in all."]
        elif spec.kind == "order":
            yield [kind_of(spec).reveal(spec, node, graph, notation).text]
        else:
            yield [FORMULAS[id][asked.question, asked.answer]]


FORMULAS = {
    "hw2-cnn-lstm": {
        ("2A.i", "delta_c"): "(y_hat - y) * w_y * o * (1 - tanh(c)**2)",
        ("2A.i", "delta_o"): "(y_hat - y) * w_y * tanh(c)",
        ("2A.i", "delta_i"): "(y_hat - y) * w_y * o * (1 - tanh(c)**2) * g",
        ("2A.i", "delta_f"): "(y_hat - y) * w_y * o * (1 - tanh(c)**2) * c_before",
    },
    "hw3-lstm-mdrnn": {
        ("1a", "h_bar"): "i_bar[2]*w_ih*i[2]*(1-i[2]) + f_bar[2]*w_fh*f[2]*(1-f[2])"
        " + o_bar[2]*w_oh*o[2]*(1-o[2]) + g_bar[2]*w_gh*(1-g[2]**2)",
        ("1a", "c_bar"): "h_bar[1]*o[1]*(1-tanh(c[1])**2) + c_bar[2]*f[2]",
        ("1a", "g_bar"): "c_bar[1]*i[1]",
        ("1a", "o_bar"): "h_bar[1]*tanh(c[1])",
        ("1a", "f_bar"): "c_bar[1]*c[0]",
        ("1a", "i_bar"): "c_bar[1]*g[1]",
        ("1b", "w_ix_bar"): "sum(i_bar[t]*i[t]*(1-i[t])*x[t], t)",
        ("2a", "weights"): "H*D + 2*H**2",
        ("2a", "operations"): "H*(n_a + 2*D + 4*H - 1)",
        ("2b", "steps"): "2*G - 1",
        ("3a", "theta"): "theta_next - p_next",
        ("3a", "p"): "(p_next + alpha*grad_J)/beta",
        ("3b", "determinant"): "beta**D",
    },
    "hw5-rnn-attention": {
        ("q2", "a"): "sum(y*(yhat - 1))",
        ("q2", "b"): "delta_o*w_ho",
        ("q2", "c"): "delta_h*dpsi_z*h_before",
        ("q2", "d"): "g[1]*dpsi[1]*h[0] + g[2]*(dpsi[2]*h[1] + dpsi[2]*w_hh*dpsi[1]*h[0])"
        " + g[3]*(dpsi[3]*h[2] + dpsi[3]*w_hh*dpsi[2]*h[1]"
        " + dpsi[3]*w_hh*dpsi[2]*w_hh*dpsi[1]*h[0])",
    },
}


def fill(page, id):
    """Fill the boxes in with keys alone, from the first to the last."""
    page.focus("#student-id")
    page.type("student-a")
    values = list(right_answers(id))
    assert page.evaluate("answers.length") == len(values)
    for at, texts in enumerate(values):
        for place, text in enumerate(texts):
            which = "true"
            if page.evaluate(f"answers[{at}].isChoice"):
                which = f"input.value === {json.dumps(text)}"
                page.evaluate(f"answers[{at}].inputs.find((input) => {which}).focus()")
                page.press("Space")
                continue
            page.evaluate(f"answers[{at}].inputs[{place}].focus()")
            page.type(text)


def downloaded(page):
    path = page.download(lambda: page.click("#download"))
    return path, path.read_text(encoding="utf-8")


@pytest.mark.parametrize("id", IDS)
def test_a_form_filled_in_downloads_a_file_that_is_valid_and_earns_all_points(form, id, tmp_path):
    page = form(id)
    fill(page, id)
    assert page.evaluate("answers.map((one) => one.result.problem ?? one.result.note ?? '')") == (
        [""] * len(assignment_of(id).asked)
    )
    path, text = downloaded(page)
    assert path.name == f"{id}-student-a.yaml"
    assert not page.complaints
    assert not page.requests
    for key in (None, assignment_of(id)):
        found = validate_bytes(
            text.encode(), path.name, lambda _, key=key: Form(make_handout(assignment_of(id)), key)
        )
        assert not found.findings, list(map(str, found.findings))
        assert found.answered == found.asked
    folder = tmp_path / "submissions"
    folder.mkdir()
    (folder / path.name).write_text(text, encoding="utf-8")
    done = CliRunner().invoke(cli.app, ["grade", str(folder), "--out", str(tmp_path / "out")])
    report = json.loads((tmp_path / "out" / "results.json").read_text())
    (one,) = report["submissions"]
    assert {answer["verdict"] for answer in one["answers"]} <= {"correct", "ungraded"}, done.output
    assert one["score"] + one["pending"] == one["max_score"]


@pytest.mark.parametrize("id", IDS)
def test_a_file_that_was_downloaded_can_be_loaded_again(form, id, tmp_path):
    page = form(id)
    fill(page, id)
    _, text = downloaded(page)
    before = page.evaluate("JSON.stringify(answers.map((one) => one.values))")
    page.evaluate("localStorage.clear()")
    page.go(tmp_path / "form.html")
    assert "0 of" in page.evaluate("progress.textContent")
    load(page, text)
    assert page.evaluate("notice.textContent").endswith("was loaded.")
    assert page.evaluate("JSON.stringify(answers.map((one) => one.values))") == before
    assert page.evaluate("submission()") == text


def load(page, text, name="mine.yaml"):
    page.evaluate(f"load(new File([{json.dumps(text)}], {json.dumps(name)}))")


@pytest.mark.parametrize("id", IDS)
def test_submissions_that_people_wrote_can_be_loaded(form, id):
    page = form(id)
    for path in sorted((Path(__file__).parents[2] / "cases" / id).glob("*.yaml")):
        load(page, path.read_text(encoding="utf-8"), path.name)
        assert path.name in page.evaluate("notice.textContent")
        assert "was loaded" in page.evaluate("notice.textContent")
        assert not page.evaluate("progress.textContent").startswith("0 of")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1, 2", "a bracket is opened and not closed"),
        ("just a text", "there are no `answers` in it"),
        ("assignment: other\nanswers: {q1: 1}", "it answers another assignment, other"),
        ("answers:\n  a: 1\n    b: 2", "line"),
    ],
)
def test_a_file_that_can_not_be_loaded_says_why_and_changes_nothing(form, text, said):
    page = form("fit3181-a2")
    page.evaluate("answers[0].inputs[0].focus()")
    page.type("kept")
    load(page, text)
    assert said in page.evaluate("notice.textContent")
    assert page.evaluate("answers[0].values[0]") == "kept"


def test_what_is_typed_is_still_there_when_the_page_is_opened_again(form, tmp_path):
    page = form("fit3181-a2")
    fill(page, "fit3181-a2")
    before = page.evaluate("JSON.stringify(answers.map((one) => one.values))")
    page.go(tmp_path / "form.html")
    assert page.evaluate("JSON.stringify(answers.map((one) => one.values))") == before
    assert page.evaluate("student.value") == "student-a"
    assert "is back" in page.evaluate("notice.textContent")


def test_without_an_id_nothing_is_downloaded_and_the_box_says_so(form):
    page = form("fit3181-a2")
    page.click("#download")
    assert page.evaluate("document.activeElement.id") == "student-id"
    assert page.evaluate("document.getElementById('student-id-message').textContent")
    assert page.evaluate("student.getAttribute('aria-invalid')") == "true"


# --- at the box -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("box", "typed", "said"),
    [
        ("number", "0,5", "write a decimal point, not a comma"),
        ("number", "0.3", "write at least 3 significant digits"),
        ("number", "50 %", "without the sign"),
        ("number", "about 1", "not a number"),
        ("number", "1/0", "not a finite number"),
        ("whole number", "6.5", "a whole number is asked for"),
        ("formula", "y(1 - y)", "for a product write `y*"),
        ("formula", "z + 1", "unknown quantity `z`"),
        ("formula", "y_hat", "this is read as `yhat`"),
        ("formula", "(y + 1", "is opened and not closed"),
        ("formula", "2y", "this is read as `2*y`"),
        ("formula", "y^2", "this is read as `y**2`"),
        ("formula", "b", "expected a single number, got 3 numbers"),
        ("formula", "W @ y", "for a number use `*`"),
        ("formula", "h[7] @ b", "the index runs from 0 to 2"),
        ("formula of a vector", "h[1]", "is what is asked for"),
        ("formula of few names", "y + D", "may not be used in this answer: expected `D`, `H`"),
        ("order", "O(m)", "unknown quantity `m`"),
        ("text", "one", "too short: expected 2 to 5 words, got 1"),
        ("text", "a b c d e f g", "too long: expected 2 to 5 words, got 7"),
    ],
)
def test_what_is_wrong_is_said_at_the_box(form, box, typed, said):
    page = form(handout=table_handout())
    at = f"answers.find((one) => one.answer === {json.dumps(box)})"
    page.evaluate(f"{at}.inputs[0].focus()")
    page.type(typed)
    page.press("Tab")
    assert said in page.evaluate(f"{at}.message.textContent")
    assert page.evaluate(f"{at}.message.getAttribute('aria-live')") == "polite"
    described = page.evaluate(f"{at}.inputs[0].getAttribute('aria-describedby')").split()
    assert page.evaluate(f"{at}.message.id") in described
    state = page.evaluate(f"{at}.card.dataset.state")
    assert state in ("note", "problem")
    if state == "problem":
        assert page.evaluate(f"{at}.inputs[0].getAttribute('aria-invalid')") == "true"
    page.evaluate(f"{at}.inputs[0].select()")
    page.press("Delete")
    assert page.evaluate(f"{at}.message.textContent") == ""


def test_a_formula_is_drawn_while_it_is_typed(form):
    page = form(handout=table_handout())
    at = "answers.find((one) => one.answer === 'formula of a vector')"
    page.evaluate(f"{at}.inputs[0].focus()")
    for part, drawn in [("tanh(W @ h[0] + b)", "tanh"), ("/2", "mfrac"), ("**2", "msup")]:
        page.type(part)
        assert drawn in page.evaluate(f"{at}.drawing.innerHTML")
    page.type(" +")
    assert page.evaluate(f"{at}.drawing.classList.contains('old')")
    assert page.evaluate(f"{at}.drawing.querySelector('math').getBoundingClientRect().width") > 20


def test_what_is_typed_never_becomes_markup(form):
    page = form(handout=table_handout())
    at = "answers.find((one) => one.answer === 'formula')"
    for text in ("<img src=x onerror=alert(1)>", "a['<b>']", "max(y, k='<i>')", "x<y>"):
        page.evaluate(f"{at}.values = [{json.dumps(text)}]; {at}.show()")
        assert not page.evaluate(f"{at}.card.querySelector('img, b, i')")
    assert not page.complaints


def test_words_are_counted_while_they_are_typed(form):
    page = form("fit3181-a2")
    page.evaluate("answers[0].inputs[0].focus()")
    page.type("Four words of mine")
    assert page.evaluate("answers[0].count.textContent") == "4 words of at most 100"


# --- grids ----------------------------------------------------------------------------------------

MATRIX = [["0.310", "0.222", "0.111"], ["1", "2", "3"]]


@pytest.mark.parametrize(
    "pasted",
    [
        "0.310\t0.222\t0.111\n1\t2\t3\n",
        "0.310\t0.222\t0.111\r\n1\t2\t3",
        "[[0.310, 0.222, 0.111], [1, 2, 3]]",
        "[[0.310 0.222 0.111]\n [1 2 3]]",
        "array([[0.310, 0.222, 0.111],\n       [1, 2, 3]])",
        "np.array([[0.310, 0.222, 0.111], [1, 2, 3]], dtype=float32)",
        "tensor([[0.310, 0.222, 0.111], [1, 2, 3]], grad_fn=<MmBackward0>)",
        "- [0.310, 0.222, 0.111]\n- [1, 2, 3]\n",
        "- - 0.310\n  - 0.222\n  - 0.111\n- - 1\n  - 2\n  - 3\n",
        "W: [[0.310, 0.222, 0.111], [1, 2, 3]]",
        "W = [[0.310, 0.222, 0.111], [1, 2, 3]]",
        "0.310 0.222 0.111\n1 2 3",
        "0.310; 0.222; 0.111\n1; 2; 3",
        "0.310, 0.222, 0.111\n1, 2, 3",
        "0.310,0.222,0.111\n1,2,3",
    ],
)
def test_a_block_is_pasted_into_a_grid(form, pasted):
    page = form(handout=table_handout())
    at = "answers.find((one) => one.answer === 'matrix')"
    paste(page, at, 0, pasted)
    assert page.evaluate(f"{at}.values") == [text for row in MATRIX for text in row]
    assert page.evaluate(f"{at}.result.problem ?? ''") == ""


def paste(page, at, place, text):
    page.evaluate(
        f"(() => {{ const box = {at}.inputs[{place}]; box.focus();"
        f"const data = new DataTransfer(); data.setData('text', {json.dumps(text)});"
        "box.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true,"
        " cancelable: true})); })()"
    )


@pytest.mark.parametrize(
    ("place", "pasted", "values"),
    [
        (0, "1\t2\t3", ["1", "2", "3", "", "", ""]),
        (3, "4 5 6", ["", "", "", "4", "5", "6"]),
        (1, "7\t8\n9\t10", ["", "7", "8", "", "9", "10"]),
        (2, "1\n2", ["", "", "1", "", "", "2"]),
        (0, "1\n2\n3\n4\n5\n6", ["1", "2", "3", "4", "5", "6"]),
    ],
)
def test_a_row_a_column_or_a_part_goes_where_it_is_pasted(form, place, pasted, values):
    page = form(handout=table_handout())
    at = "answers.find((one) => one.answer === 'matrix')"
    paste(page, at, place, pasted)
    assert page.evaluate(f"{at}.values") == values


@pytest.mark.parametrize(
    "pasted", ["1\n2\n3", "[1, 2, 3]", "[[1], [2], [3]]", "1 2 3", "- 1\n- 2\n- 3"]
)
def test_a_vector_takes_a_row_a_column_and_a_list(form, pasted):
    page = form(handout=table_handout())
    at = "answers.find((one) => one.answer === 'numbers')"
    paste(page, at, 0, pasted)
    assert page.evaluate(f"{at}.values") == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("1\t2\n3\t4\n5\t6", "pasted 3 x 2 numbers; there is room for 2 x 3 (rows and columns"),
        ("1\t2\t3\t4", "there is room for 2 x 3"),
        ("1\t2\n3", "not equally long"),
    ],
)
def test_a_block_that_does_not_fit_changes_nothing_and_says_why(form, pasted, said):
    page = form(handout=table_handout())
    at = "answers.find((one) => one.answer === 'matrix')"
    paste(page, at, 0, pasted)
    assert page.evaluate(f"{at}.values") == [""] * 6
    assert said in page.evaluate(f"{at}.message.textContent")


def test_arrow_keys_and_enter_go_from_box_to_box(form):
    page = form(handout=table_handout())
    at = "answers.find((one) => one.answer === 'matrix')"
    page.evaluate(f"{at}.inputs[0].focus()")
    for key, place in [
        ("ArrowRight", 1), ("ArrowDown", 4), ("ArrowLeft", 3), ("ArrowUp", 0), ("Enter", 3),
    ]:  # fmt: skip
        page.press(key)
        assert page.evaluate(f"{at}.inputs.indexOf(document.activeElement)") == place


# --- everybody, everywhere ------------------------------------------------------------------------


@pytest.mark.parametrize("id", IDS)
def test_a_form_fits_on_a_phone(form, id):
    page = form(id, size=PHONE)
    page.size(*PHONE, phone=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


AXE = Path(os.environ.get("EDITOR_NODE_MODULES", "node_modules"), "axe-core", "axe.min.js")
"""Where npm has installed axe-core."""


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed in EDITOR_NODE_MODULES")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("id", [*IDS, "table"])
def test_axe_finds_nothing(form, id, dark):
    page = form(handout=table_handout()) if id == "table" else form(id)
    page.media(dark=dark)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.evaluate("download(); answers.forEach((one) => { one.values = ['x y']; one.show(); })")
    # Evaluated from outside, so the page's policy doesn't hold for it.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run().then((found) => found.violations.map((one) => one.id + ': ' + one.help + ': '"
        " + one.nodes.map((node) => node.html).join(' ')))"
    )
    assert not found


def test_the_page_may_run_its_own_scripts_and_nothing_else(form):
    page = form("fit3181-a2")
    policy = page.evaluate("document.querySelector('meta[http-equiv]').content")
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    page.evaluate(
        "(() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); })()"
    )
    assert not page.evaluate("window.ran")


def test_a_form_says_nothing_of_the_key():
    """It is made of the handout, of which other tests show that it holds nothing of the key."""
    for id in IDS:
        path = SHIPPED / f"{id}.yaml"
        handout, _ = load_form(path)
        assert form_html(handout) == form_html(make_handout(assignment_of(id)))


def test_the_command_writes_a_form_for_an_assignment_and_for_its_handout(tmp_path):
    run = CliRunner().invoke
    out, handout = tmp_path / "form.html", tmp_path / "hw.handout.yaml"
    done = run(cli.app, ["form", "fit3181-a2", "--out", str(out)])
    assert (done.exit_code, done.output) == (0, "")
    assert run(cli.app, ["handout", "fit3181-a2", "--out", str(handout)]).exit_code == 0
    assert run(cli.app, ["form", str(handout)]).output == out.read_text(encoding="utf-8")
    mine = run(cli.app, ["form", "fit3181-a2", "--student", "s<1>"]).output
    assert 'value="s&lt;1&gt;" readonly' in mine


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not on the PATH")
def test_the_scripts_parse_by_themselves(tmp_path):
    folder = Path(form_html.__code__.co_filename).parent / "page"
    for script in sorted(folder.glob("*.js")):
        done = subprocess.run(
            ["node", "--check", str(script)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
