"""Problem sheets: what stands on them and what doesn't, that TeX compiles and paper holds them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker import cli
from checker.handing_out.form_page import form_html
from checker.handing_out.problem_sheet import problem_sheet
from checker.handing_out.sheet_html import sheet_html
from checker.handing_out.sheet_latex import escaped, sheet_latex, text
from checker.students.handout import make_handout
from reference_solutions.assignment import build_assignment, load_assignment
from reference_solutions.shipped import SHIPPED
from submissions_schema.assignment_file import parse_assignment_file

IDS = sorted(path.stem for path in SHIPPED.glob("*.yaml"))
TRIALS = sorted((Path(__file__).parents[2] / "cases" / "trials").glob("*/assignment.yaml"))
TEX = next(filter(None, map(shutil.which, ("pdflatex", "xelatex", "lualatex"))), None)
PAPERS = {"a4": (8.27, 11.69), "letter": (8.5, 11)}

WIDE = """
assignment: wide
title: "Sums & more: 100 % of $\\\\alpha^2$"
course: "A_1 {{x}}"
description: "A text with <b>, \\\\section, # and ∂L/∂h."
given:
  W: [{row}, {row}]
  T: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
  a: 1/3
  b: -1.5e-3
steps:
  z: {sum}
  E: z * z
  half: E / 2
questions:
  q1: {{title: A gradient, points: 2, answers: {{dE: "grad(E, a)"}}}}
  q2: {{title: "100 %", points: 1, answers: {{n: {{kind: integer, value: "round_(b)"}}}}}}
"""


def wide():
    row = [f"{n}.125" for n in range(14)]
    text = WIDE.format(row=row, sum=" + ".join(f"{n} * a * b" for n in range(1, 30)))
    return build_assignment(parse_assignment_file(text.replace("round_(b)", "floor(b)"), "w.yaml"))


def sheet_of(id):
    return problem_sheet(wide() if id == "wide" else load_assignment(SHIPPED / f"{id}.yaml"))


def test_a_sheet_has_the_data_the_model_and_the_questions():
    sheet = sheet_of("fit3181-a2")
    assert [value.name for value in sheet.given][:4] == ["W", "U", "V", "b"]
    assert sheet.given[0].entries == [["1", "0", "-1"], ["2", "1", "0"], ["-1", "2", "1"]]
    assert [value.name for value in sheet.given if value.name.startswith("x")] == [
        "x_{0}",
        "x_{1}",
        "x_{2}",
    ]
    assert [one.left for one in sheet.model] == ["h_{t}", r"\hat{y}_{t}", "l_{t}", "L"]
    assert sheet.model[0].where == "t = 0, 1, 2"
    assert [question.id for question in sheet.questions][:3] == ["q1", "q2", "q3.1"]
    gradient = sheet.questions[-1].answers[0]
    assert gradient.latex == r"\frac{\partial L}{\partial U}"
    assert gradient.words == "3 x 3 numbers, row by row; at least 3 significant digits"


def test_the_formula_that_is_asked_for_is_not_on_the_sheet():
    sheet = sheet_of("hw3-lstm-mdrnn")
    left = [one.left for one in sheet.model]
    assert r"p_{\mathrm{next}}" in left
    assert not any("back" in name for name in left)
    assert r"\mathrm{back}" not in sheet_latex(sheet)
    assert "theta_back" not in sheet_html(sheet)
    counts = sheet_of("hw2-cnn-lstm")
    assert "conv" not in " ".join(" ".join(one.right) for one in counts.model)
    assert counts.questions[0].answers[0].latex == ""


def test_a_gradient_brings_the_loss_that_it_is_of():
    left = [one.left for one in sheet_of("wide").model]
    assert left == ["z", "E"]  # half is used by nothing that is asked


def test_values_stand_as_they_were_written():
    given = {value.name: value.entries for value in sheet_of("wide").given}
    assert given["a"] == [[r"\frac{1}{3}"]]
    assert given["b"] == [[r"-1.5 \cdot 10^{-3}"]]
    assert given["W"][0][1] == "1.125"
    assert given["T_{1}"] == [["5", "6"], ["7", "8"]]


@pytest.mark.parametrize("id", [*IDS, "wide"])
def test_a_sheet_in_latex_is_balanced(id):
    page = sheet_latex(sheet_of(id))
    body = page.replace(r"\{", "").replace(r"\}", "").replace(r"\$", "")
    assert body.count("{") == body.count("}")
    assert body.count("$") % 2 == 0
    for name in set(re.findall(r"\\begin\{(\w+)\}", page)):
        assert page.count(rf"\begin{{{name}}}") == page.count(rf"\end{{{name}}}")
    outside = re.sub(r"\$[^$]*\$", "", body)
    assert not re.search(r"(?<!\\)[_^&#]", outside.partition(r"\begin{document}")[2])


@pytest.mark.skipif(TEX is None, reason="there is no TeX on the PATH")
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("id", [*IDS, "wide"])
def test_tex_compiles_a_sheet_and_nothing_is_wider_than_the_paper(id, paper, tmp_path):
    (tmp_path / "sheet.tex").write_text(sheet_latex(sheet_of(id), paper), encoding="utf-8")
    done = subprocess.run(
        [TEX, "-interaction=nonstopmode", "-halt-on-error", "sheet.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert not re.search(r"Overfull \\hbox \((?!0\.|[0-9]\.)", done.stdout), done.stdout
    assert (tmp_path / "sheet.pdf").stat().st_size > 1000


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("id", [*IDS, "wide"])
def test_no_formula_of_a_printed_sheet_is_cut(id, paper, browser, tmp_path):
    path = tmp_path / "sheet.html"
    path.write_text(sheet_html(sheet_of(id)), encoding="utf-8")
    page = browser.open(path)
    page.media("print")
    # The width of the paper without the margins, at 96 dots per inch.
    width = round(PAPERS[paper][0] * 96 - 2 * 14 / 25.4 * 96)
    page.size(width, 1000)
    ends = page.evaluate(
        "[...document.querySelectorAll('math')].map((one) => one.getBoundingClientRect().right)"
    )
    assert ends
    assert max(ends) <= width + 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width + 1
    assert not page.complaints
    assert not page.requests
    page.pdf(tmp_path / "sheet.pdf", width=PAPERS[paper][0], height=PAPERS[paper][1])
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    page.close()


@pytest.mark.parametrize("path", TRIALS, ids=lambda path: path.parent.name)
def test_a_sheet_and_a_form_can_be_written_of_every_trial(path):
    assignment = load_assignment(path)
    sheet = problem_sheet(assignment)
    assert sheet_html(sheet).count("<math") >= len(sheet.model)
    assert r"\end{document}" in sheet_latex(sheet)
    assert form_html(make_handout(assignment)).count("data-input") > 0


def test_a_sheet_fits_on_a_phone(browser, tmp_path):
    path = tmp_path / "sheet.html"
    for id in IDS:
        path.write_text(sheet_html(sheet_of(id)), encoding="utf-8")
        page = browser.open(path, width=360, height=740)
        page.size(360, 740, phone=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.close()


@pytest.mark.parametrize(
    ("words", "latex"),
    [
        ("50 % of $x_1$ & more", r"50 \% of $x_1$ \& more"),
        ("costs \\$5", r"costs \$5"),
        (
            "a_b {c} \\d #1 ~ ^",
            r"a\_b \{c\} \textbackslash{}d \#1 \textasciitilde{} \textasciicircum{}",
        ),
        ("\u03b1 \u03a9 \u0391 \u2202", r"$\alpha$ $\Omega$ $\mathrm{A}$ $\partial$"),
        ("na\u00efve \u201cquotes\u201d \u2013 \u2026", "na\u00efve ``quotes'' -- \\dots{}"),
        ("漢", r"\mbox{[U+6F22]}"),
    ],
)
def test_a_text_is_written_for_latex(words, latex):
    assert text(words) == latex
    assert escaped("$x$") == r"\$x\$"


def test_texts_are_written_for_html():
    page = sheet_html(sheet_of("wide"))
    assert "<b>, \\section" not in page
    assert "&lt;b&gt;, \\section" in page
    assert "<math" in page.partition("<h1>")[2].partition("</h1>")[0]


def test_the_command_writes_html_or_latex_and_leaves_out_what_it_is_told(tmp_path):
    def run(*arguments):
        return CliRunner().invoke(cli.app, ["sheet", *map(str, arguments)])

    assert run("fit3181-a2").output.startswith("<!doctype html>")
    assert run("fit3181-a2", "--format", "latex", "--paper", "letter").output.startswith(
        "\\documentclass[11pt,letterpaper]"
    )
    out = tmp_path / "a2.tex"
    assert run("fit3181-a2", "--out", out, "--without", "L").exit_code == 0
    written = out.read_text(encoding="utf-8")
    assert r"h_{t} = \tanh" in written
    assert "L = " not in written
    done = run("fit3181-a2", "--without", "loss")
    assert (done.exit_code, done.stderr) == (2, "checker: --without: there is no step `loss`\n")
    handout = tmp_path / "a2.handout.yaml"
    CliRunner().invoke(cli.app, ["handout", "fit3181-a2", "--out", str(handout)])
    done = run(handout)
    assert done.exit_code == 2
    assert "a sheet is made of the assignment" in done.stderr
