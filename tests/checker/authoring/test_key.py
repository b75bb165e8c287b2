"""The worked solution of an assignment: complete, right, and only for its teacher."""

import json
import shutil
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pytest
from typer.testing import CliRunner

from checker import cli
from checker.authoring.key.plain_math import plain_math
from reference_solutions.assignment import load_assignment
from reference_solutions.shipped import shipped_assignments

SHEET = """\
assignment: two-states
title: Two <states>
index: {t: 0..1}
given:
  W: [[1, 0], [1, -1]]
  x: [[1, 2], [-1, 0.5]]
  h[-1]: [0, 0.5]
symbols:
  a: {describe: "a <b>gain</b>"}
steps:
  h[t]: tanh(W @ h[t-1] + x[t])
  L: sum(h[1] ** 2)
  y: a * L
questions:
  q1: {points: 3, answers: {h_1: "h[1]", dL_dW: "grad(L, W)"}}
  q2: {points: 1, answers: {y: {kind: formula, value: y}}}
  q3: {points: 1, answers: {why: {kind: text}}}
  q4: {points: 1, answers: {which: {kind: choice, options: {a: one, b: two}, correct: [b]}}}
"""


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "sheet.yaml"
    path.write_text(SHEET)
    return path


@pytest.fixture(autouse=True)
def _on_a_desk(monkeypatch):
    from checker.ci.platforms import PLATFORMS  # noqa: PLC0415

    for platform in PLATFORMS:
        for name in platform.known_by:
            monkeypatch.delenv(name, raising=False)


def key(*arguments):
    return CliRunner().invoke(cli.app, ["key", *map(str, arguments)])


def test_the_text_has_every_quantity_with_its_formula_shape_and_values(sheet):
    done = key(sheet)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    for line in (
        "h[t] = tanh(W @ h[t-1] + x[t])",
        "L = sum(h[1] ** 2)",
        "dL/dh[t]:  ∂L/∂h_t = δ^L · 2 ⊙ h_1^(2 - 1) [t = 1] + Wᵀ δ^h_{t+1}",
        "dL/dW:  ∂L/∂W = Σ_t δ^h_t h_{t-1}ᵀ",
        "  h_1 = h[1]  [number, 1.5 points]  [-0.233989, 0.34208]",
        "  y = y  [formula, 1 point]  a L",
        "  why  [text, 1 point]  a person reads it",
        "  which  [choice, 1 point]  b: two",
    ):
        assert line in lines
    assert "a  (a <b>gain</b>)" in lines


def test_a_quantity_with_cases_stands_once_with_all_of_them(tmp_path):
    file = tmp_path / "cases.yaml"
    file.write_text(
        """\
assignment: cases
title: Cases
index: {t: 0..2}
given: {r: [1, 2, 4]}
steps:
  G[t]: where(t == 2, r[t], r[t] + 0.5 * G[t+1])
questions: {q: {points: 1, answers: {G: G}}}
""",
        encoding="utf-8",
    )
    found = json.loads(key(file, "--format", "json").stdout)
    (steps,) = [one for one in found["quantities"] if one["kind"] == "step"]
    assert steps["latex"] == (
        r"G_{t} = \begin{cases} r_{t} & \text{if } t = 2 \\ "
        r"r_{t}+0.5\,G_{t+1} & \text{otherwise} \end{cases}"
    )
    assert [one["value"] for one in steps["instances"]] == [3, 4, 4]


def test_fewer_digits_can_be_asked_for(sheet):
    assert "[-0.23, 0.34]" in key(sheet, "--digits", 2).stdout


def test_the_json_holds_the_values_that_the_reference_has(sheet, tmp_path):
    out = tmp_path / "key.json"
    assert key(sheet, "--out", out).exit_code == 0
    data = json.loads(out.read_text())
    assert data["format"] == "homework-checker/key"
    found = {
        instance["name"]: instance["value"]
        for quantity in data["quantities"]
        for instance in quantity["instances"]
    }
    graph = load_assignment(sheet).reference.graph
    for name, node in (
        ("W", graph.find("W")),
        ("h[-1]", graph.find("h[-1]")),
        ("h[1]", graph.find("h", 1)),
        ("L", graph.find("L")),
        ("dL/dW", graph.find("grad(L, W)")),
        ("dL/dh[0]", graph.find("grad(L, h)", 0)),
    ):
        np.testing.assert_array_equal(found[name], graph.value(node))
    assert found["a"] is None
    assert found["y"] is None
    answers = {answer["answer"]: answer for answer in data["answers"]}
    assert answers["y"]["latex"] == r"a\,L"
    assert answers["h_1"]["value"] == found["h[1]"]


DRAWN = """\
assignment: drawn
title: Numbers of one's own
seed: secret.txt
given:
  x: {draw: decimals, from: 1..9, places: 2, shape: [3]}
steps:
  s: sum(x)
questions: {q: {points: 1, answers: {s: s}}}
"""


def test_the_key_of_one_student_has_that_student_s_numbers(tmp_path):
    path = tmp_path / "drawn.yaml"
    path.write_text(DRAWN)
    (tmp_path / "secret.txt").write_text("a secret that nobody knows, and long enough\n")
    found = {}
    for student in ("ada", "bob"):
        data = json.loads(key(path, "--student", student, "--format", "json").stdout)
        assert data["numbers_of"] == student
        values = {one["name"]: one["instances"][0]["value"] for one in data["quantities"]}
        assert values["s"] == pytest.approx(sum(values["x"]))
        found[student] = values["x"]
    assert found["ada"] != found["bob"]
    assert "with the numbers of an example" in key(path).stdout


def test_a_student_is_refused_where_all_have_the_same_numbers(sheet):
    done = key(sheet, "--student", "ada")
    assert done.exit_code == 2
    assert "same numbers" in done.stderr


@pytest.mark.parametrize("id", shipped_assignments())
@pytest.mark.parametrize("written_as", ["text", "html", "json"])
def test_every_shipped_assignment_is_worked_out(id, written_as):
    done = key(id, "--format", written_as)
    assert done.exit_code == 0
    asked = load_assignment(shipped_assignments()[id]).asked
    assert all(one.answer in done.stdout for one in asked)


class _Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.opened = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.opened.append(tag)


def test_the_page_shows_formulas_as_mathematics_and_escapes_what_was_written(sheet, tmp_path):
    out = tmp_path / "key.html"
    assert key(sheet, "--out", out).exit_code == 0
    text = out.read_text()
    tags = _Tags(text).opened
    assert tags.count("math") > 8
    assert "states" not in tags
    assert "Two &lt;states&gt;" in text
    assert "script" not in tags


def test_the_key_is_not_printed_into_the_log_of_a_job(sheet, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    refused = key(sheet)
    assert refused.exit_code == 2
    assert "--out" in refused.stderr
    assert not refused.stdout
    assert key(sheet, "--out", tmp_path / "key.txt").exit_code == 0


def test_ci_never_loads_what_writes_the_key():
    code = (
        "import importlib, pkgutil, sys\n"
        "import checker.ci\n"
        "for m in pkgutil.walk_packages(checker.ci.__path__, 'checker.ci.'):\n"
        "    importlib.import_module(m.name)\n"
        "import checker.commands.ci\n"
        "print([m for m in sys.modules if m.startswith('checker.authoring')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_assignment_that_is_not_there_is_refused_with_the_nearest_name():
    done = key("fit3181-a3")
    assert done.exit_code == 2
    assert "did you mean `fit3181-a2`?" in done.stderr


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\frac{\partial L}{\partial h_{t}} = V^{\top}\,\delta^{y}_{t}", "∂L/∂h_t = Vᵀ δ^y_t"),
        (r"\frac{a+b}{c}", "(a + b)/c"),
        (r"\hat{y}_{t}-\operatorname{onehot}(y_{t})", "ŷ_t - onehot(y_t)"),
        (r"{\left(h_{2}-1\right)}^{2}", "(h_2 - 1)^2"),
        (r"\sum_{t} \delta^{h}_{t}\,{x_{t-1}}^{\top}", "Σ_t δ^h_t x_{t-1}ᵀ"),
        (r"-\ln(p)", "-ln(p)"),
        (r"\sqrt{x}\odot\Omega", "√(x) ⊙ Ω"),
        (r"\unheardof x", "unheardof x"),
    ],
)
def test_latex_becomes_one_line_of_text(latex, text):
    assert plain_math(latex) == text


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not on the PATH")
@pytest.mark.xdist_group("browser")
def test_a_browser_draws_the_page_without_the_network(sheet, tmp_path):
    out = tmp_path / "key.html"
    key(sheet, "--out", out)
    done = subprocess.run(
        [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", out.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )  # fmt: skip
    assert "Content-Security-Policy" in done.stdout
    assert "∂" in done.stdout
