"""The class page in a real browser: usable by keyboard and eye, with its script and without."""

import re
import shutil
import subprocess

import pytest
from typer.testing import CliRunner

from checker import cli
from checker.reports.wording import NO_NUMBER
from reference_solutions.assignment import load_assignment
from reference_solutions.shipped import find_assignment
from tests.checker.browser import complaints, dump, in_a_browser, needs_axe, told
from tests.simulation.classes import Classes

pytestmark = in_a_browser

SIZE = 24


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """A class whose key is wrong in one answer, with one file that can't be read."""
    folder = tmp_path_factory.mktemp("class")
    classes = Classes(load_assignment(find_assignment("fit3181-a2")), seed=5)
    key = next(key for key in classes.other_keys() if key.edit is not None)
    made = [*classes.under(key, SIZE - 1, 0.6)]
    for one in made:
        (folder / f"{one.name}.yaml").write_text(one.text)
    (folder / "broken.yaml").write_text("assignment: [")
    reports = tmp_path_factory.mktemp("reports")
    result = CliRunner().invoke(cli.app, ["grade", str(folder), "--out", str(reports)])
    assert result.exit_code == 2
    assert "who answered have the same value" in result.stdout
    return reports


@pytest.fixture(scope="module")
def index(out):
    return (out / "index.html").read_text(encoding="utf-8")


@needs_axe
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_on_any_page(out, index, tmp_path, dark):
    feedback = {
        path.name: path.read_text(encoding="utf-8")
        for path in (
            *sorted((out / "feedback").glob("sim-*.html"))[::9],
            out / "feedback/broken.html",
        )
    }
    pages = {
        f"{name} at {width}": (text, width)
        for name, text in {"index": index, **feedback}.items()
        for width in (1280, 390)
    }
    found = complaints(pages, tmp_path, dark=dark)
    assert found == {name: [] for name in pages}


@needs_axe
def test_axe_does_find_what_is_wrong(tmp_path):
    page = '<html lang="en"><title>x</title><main><h1>x</h1><p style="color:#ddd">pale</p></main>'
    found = complaints({"pale": (page, 390)}, tmp_path, dark=False)
    assert [rule for rule, _ in found["pale"]] == ["color-contrast"]


def test_the_script_sorts_and_filters_the_students(index, tmp_path):
    script = """async (page) => {
        const names = () => [...page.querySelectorAll("#grades tbody tr")].filter((r) => !r.hidden);
        const points = () => names().map((r) => r.cells[1].textContent);
        const set = (id, value) => {
            const control = page.getElementById(id);
            control.value = value;
            control.dispatchEvent(new Event("input"));
        };
        const head = page.querySelectorAll("#grades thead th")[1];
        const enter = new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true});
        head.firstChild.dispatchEvent(enter);
        const up = points();
        const sorted = head.getAttribute("aria-sort");
        head.firstChild.click();
        const down = points();
        set("find", "SIM-00002");
        const one = names().length;
        const said = page.getElementById("shown").textContent;
        set("find", "");
        set("verdict", "mistake");
        const mistaken = names().length;
        set("verdict", "");
        set("mistake", "0");
        const made = names().length;
        return {up, down, sorted, one, said, mistaken, made};
    }"""
    found = told(script, {"index": (index, 1280)}, tmp_path)["index"]
    up, down = ([float(n) for n in found[key] if n != NO_NUMBER] for key in ("up", "down"))
    assert up == sorted(up)
    assert down == sorted(up, reverse=True)
    assert len(up) == SIZE - 1
    assert found["up"][-1] == found["down"][-1] == NO_NUMBER
    assert found["sorted"] == "ascending"
    assert found["one"] == 1
    assert found["said"] == f"1 of {SIZE} shown"
    students = int(re.search(r"<b>(\d+) students:</b>", index)[1])
    assert found["made"] == students <= found["mistaken"] < SIZE


def test_without_its_script_the_page_is_whole(index, tmp_path):
    bare = re.sub(r"<script>.*?</script>", "", index, flags=re.DOTALL)
    script = """async (page) => ({
        rows: page.querySelectorAll("#grades tbody tr").length,
        filters: page.getElementById("filters").offsetHeight})"""
    found = told(script, {"index": (bare, 1280)}, tmp_path)["index"]
    assert found == {"rows": SIZE, "filters": 0}


def test_the_policy_lets_the_page_s_own_script_run(out, tmp_path):
    document, log = dump(out / "index.html", tmp_path)
    assert '<span role="button" tabindex="0">Student' in document
    assert "CONSOLE" not in log, log


def test_question_columns_can_be_reached_on_a_phone(index, tmp_path):
    script = """async (page, window) => {
        const sheet = page.querySelector("#students .sheet");
        sheet.scrollLeft = 10000;
        const cells = page.querySelectorAll("#grades tbody tr:first-child > *");
        const last = cells[cells.length - 1].getBoundingClientRect();
        const first = cells[0].getBoundingClientRect();
        return {page: page.documentElement.scrollWidth, first: first.right,
                left: last.left, right: last.right};
    }"""
    found = told(script, {"index": (index, 390)}, tmp_path)["index"]
    assert found["page"] <= 390
    assert found["first"] <= found["left"]
    assert found["right"] <= 390


def test_it_prints_in_a_few_small_pages_with_the_head_row_on_each(index, tmp_path):
    row = re.search(r"<tbody>\n(<tr data-v.*?</tr>)\n", index, re.DOTALL)
    assert row
    page, out = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(index.replace(row[1], "\n".join([row[1]] * 200)), encoding="utf-8")
    dump(page, tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={out}")
    printed = out.read_bytes()
    sheets = len(re.findall(rb"/Type /Page\b", printed))
    assert 4 <= sheets <= 12
    assert len(printed) < 2_000_000
    if shutil.which("pdftotext"):
        done = subprocess.run(
            ["pdftotext", "-layout", out, "-"], capture_output=True, encoding="utf-8", check=True
        )
        assert len(re.findall(r"^ *Student +of 25 ", done.stdout, re.MULTILINE)) >= 3
