import re
import subprocess
import sys
import time
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.report import AnswerReport, EntryReport, MistakeReport
from checker.reports import wording
from checker.reports.html import submission_html
from checker.reports.index_html import index_html
from checker.reports.mathml import formula, mathml
from checker.reports.numbers_html import numbers_html
from checker.reports.templating import script, sha256_of

SCRIPT = script("index.js")
VOID = {"input", "meta", "br", "mspace", "link", "img"}


class Balanced(HTMLParser):
    """Checks that every element is closed where it should be; collects ids, tags and links."""

    def __init__(self, page):
        super().__init__()
        self.open, self.ids, self.tags, self.targets = [], [], set(), []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in {"src", "srcset", "xlink:href"}
            if name == "id":
                self.ids.append(value)
            if name == "href":
                self.targets.append(value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def is_sound(page, script=""):
    parsed = Balanced(page)
    if script:
        parsed.tags.discard("script")
        assert page.count("<script") == page.count(f"<script>{script}</script>") == 1
        assert f"script-src '{sha256_of(script)}';" in page
    assert len(set(parsed.ids)) == len(parsed.ids)
    assert not parsed.tags & {"script", "iframe", "object", "embed", "form", "img", "link", "base"}
    for target in parsed.targets:
        if target.startswith("#"):
            assert target[1:] in parsed.ids
        else:
            assert ":" not in target
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e]", page)
    style = page[page.index("<style>") : page.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    return parsed


def links_out(page):
    targets = is_sound(page, SCRIPT).targets
    return [target for target in targets if target[0] != "#" and target != "ungraded.yaml"]


@pytest.mark.parametrize(
    ("place", "name"),
    list(enumerate(["full.html", "right.html", "large.html", "hostile.html", "unreadable.html"])),
)
def test_submission_page(rnn_run, golden, place, name):
    page = submission_html(rnn_run, rnn_run.submissions[place])
    is_sound(page)
    golden(name, page)


def test_index_page(rnn_run, golden):
    links = {s.file: f"feedback/{place}.html" for place, s in enumerate(rnn_run.submissions)}
    page = index_html(rnn_run, links)
    is_sound(page, SCRIPT)
    golden("index.html", page)


def test_hostile_text_stays_text(rnn_run):
    page = submission_html(rnn_run, rnn_run.submissions[3])
    for part in ("<script", "</style> ", "49", "\x1b", "\x00", '"quoted"'):
        assert part not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_page_loads_nothing(rnn_run):
    for submission in rnn_run.submissions[:3]:
        assert not re.search(r"(?i)https?:", submission_html(rnn_run, submission))
    assert "default-src 'none'" in index_html(rnn_run, {})


@settings(deadline=None)
@given(st.text())
def test_any_text_gives_a_sound_page(with_text, text):
    run = with_text(text)
    for submission in run.submissions:
        is_sound(submission_html(run, submission))
    is_sound(index_html(run, {text: "feedback/1.html"}), SCRIPT)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "//host/x", "/\t/host", "\\\\host\\x", " javascript:x"]
)
def test_a_link_that_leaves_the_folder_is_left_out(rnn_run, link):
    assert links_out(index_html(rnn_run, {"ben.yaml": link})) == []


@settings(deadline=None)
@given(st.text(st.sampled_from("/\\:#?.a\t\n\r \x00")))
def test_no_link_leaves_the_folder(rnn_run, link):
    for target in Balanced(index_html(rnn_run, {"ben.yaml": link})).targets:
        seen = re.sub("[\t\n\r]", "", target.lstrip("\x00 ")).replace("\\", "/")
        assert not seen.startswith("//")
        assert ":" not in re.split("[/?#]", seen)[0]


def test_a_link_is_kept(rnn_run):
    page = index_html(rnn_run, {"ben.yaml": "feedback/ben%20b.html#q3.1"})
    assert links_out(page) == ["feedback/ben%20b.html#q3.1"]


def test_the_right_value_is_shown_only_if_given(rnn_run):
    full = rnn_run.submissions[0]
    shown = submission_html(rnn_run, full)
    hidden = submission_html(
        rnn_run,
        replace(
            full,
            questions=tuple(
                replace(q, answers=tuple(replace(a, expected=None) for a in q.answers))
                for q in full.questions
            ),
        ),
    )
    assert "-0.1672" in shown
    assert "-0.1672" not in hidden
    assert "Right answer" not in hidden


def test_an_unreadable_file_is_no_zero(rnn_run):
    page = submission_html(rnn_run, rnn_run.submissions[4])
    assert "No points have been given yet. This is not a zero." in page
    assert "0 / 19" not in page


def test_wrong_entries_are_told_without_colour():
    page = numbers_html(
        AnswerReport(
            "q",
            "a",
            "partial",
            1,
            2,
            "",
            shape=(2,),
            entries=(EntryReport((0,), "1", True), EntryReport((1,), "2", False, "too small")),
        )
    )
    assert "wrong: </span>2" in page
    assert "✗" in page
    assert 'title="[1] wrong: too small"' in page
    assert "✓" in page


@pytest.mark.parametrize("shape", [(0,), (2, 0), (0, 3), (3,), (2, 2, 2), (1, 1, 1, 1)])
def test_a_shape_and_entries_that_disagree_are_shown_all_the_same(shape):
    one = EntryReport((0,), "1", False, "off")
    for entries in ((), (one,), (one,) * 7):
        Balanced(
            numbers_html(AnswerReport("q", "a", "wrong", 0, 1, "", shape=shape, entries=entries))
        )


LATEX = [
    r"\hat{y}_{2}",
    r"\frac{\partial L}{\partial V}",
    r"a \odot b",
    r"\operatorname{softmax}(V h_t + c)",
    r"\mathbf{W}^{\top}",
    r"A = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} b",
    r"-\sum_{k} y_k \log \hat{y}_k",
    r"\overline{x} < 3",
    r"\begin{cases} 1 & x>0 \\ 0 & \text{else}\end{cases}",
    r"\left\lVert x \right\rVert",
]


@pytest.mark.parametrize("latex", LATEX)
def test_the_usual_formulas_become_mathml(latex):
    markup = mathml(latex)
    assert markup is not None
    Balanced(markup)


def test_mathml_is_repaired():
    assert "<mi>log</mi><mspace" in (mathml(r"\log x") or "")
    assert "<mspace" not in (mathml(r"\log(x)") or "<mspace")
    assert "<mi>softmax</mi>" in (mathml(r"\operatorname{softmax}(x)") or "")
    assert "<mi>\u22a4</mi>" in (mathml(r"W^{\top}") or "")
    assert (mathml(r"A = \begin{bmatrix} 1 \end{bmatrix} b") or "").count('stretchy="true"') == 2


@pytest.mark.parametrize(
    "latex",
    [r"\frac{", "x_{1}_{2}", r"\text{<img src=x>}", r"\unknown{x}", "&", "{" * 3000, "x" * 9999],
)
def test_a_formula_that_fails_is_shown_as_written(latex):
    assert mathml(latex) is None
    assert formula(latex).startswith("<code>")
    Balanced(formula(latex))


def test_a_link_in_a_formula_is_dropped():
    assert "javascript" not in formula(r"\href{javascript:alert(1)}{y}")


@settings(deadline=None)
@given(st.text(st.sampled_from("\\{}^_&<>\"'$ abx12lefrightfac()[]|")))
def test_any_formula_gives_sound_markup(latex):
    Balanced(formula(latex))


def test_nothing_heavy_is_imported_before_it_is_used():
    code = (
        "import sys, pkgutil, importlib, checker.reports as r\n"
        "for m in pkgutil.iter_modules(r.__path__):\n"
        "    importlib.import_module(f'checker.reports.{m.name}')\n"
        "print([m for m in ('jinja2', 'latex2mathml', 'rich') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_a_page_is_fast(rnn_run):
    full = rnn_run.submissions[0]
    submission_html(rnn_run, full)
    times = []
    for _ in range(30):
        start = time.perf_counter()
        submission_html(rnn_run, full)
        times.append(time.perf_counter() - start)
    # About 0.5 ms in fact; the limit leaves room for a loaded machine.
    assert min(times) < 0.0015


def only(message, **fields):
    given = dict.fromkeys(("question", "answer"), "a") | {"points": 0.0, "max_points": 1.0}
    return AnswerReport(verdict="mistake", message=message, **(given | fields))


def page_of(rnn_run, answer):
    submission = rnn_run.submissions[0]
    question = replace(submission.questions[0], answers=(answer,))
    return submission_html(rnn_run, replace(submission, questions=(question,)))


def test_what_stands_between_backticks_is_code(rnn_run):
    page = page_of(rnn_run, only("The `<b>` in `h[t]` is `odd"))
    assert "The <code>&lt;b&gt;</code> in <code>h[t]</code> is `odd" in page


def test_a_few_whole_numbers_stand_in_a_row():
    entries = tuple(EntryReport((i,), text, None) for i, text in enumerate(["28", "28", "-8"]))
    table = numbers_html(only("", shape=(3,), entries=entries))
    assert table.count("<tr>") == 1
    decimals = tuple(replace(entry, text=entry.text + ".5") for entry in entries)
    assert numbers_html(only("", shape=(3,), entries=decimals)).count("<tr>") == 3


def test_an_error_signal_is_explained_where_a_formula_has_one(rnn_run):
    signal = (r"\delta^{h}_{t} = \frac{\partial L}{\partial z_{t}}", "h_{t}")
    mistake = MistakeReport("some-mistake", "dL/dV", "likely", "No.", right="V", signals=(signal,))
    assert page_of(rnn_run, only("", mistakes=(mistake,))).count(wording.ERROR_SIGNAL) == 1
    other = replace(mistake, signals=((signal[0], ""),))
    assert wording.ERROR_SIGNAL not in page_of(rnn_run, only("", mistakes=(other,)))


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        ("dL/dV", "<code>dL/dV</code>"),
        (
            "dL/dV, the error at the pre-activation of h[t]",
            "<code>dL/dV</code>, the error at the pre-activation of <code>h[t]</code>",
        ),
    ],
)
def test_the_place_of_a_mistake_has_its_quantities_as_code(rnn_run, where, shown):
    mistake = MistakeReport("some-mistake", where, "likely", "No.")
    assert f", at {shown}</h4>" in page_of(rnn_run, only("", mistakes=(mistake,)))


def test_the_place_of_a_mistake_is_left_out_where_it_is_the_answer(rnn_run):
    mistake = MistakeReport("some-mistake", "a, b", "likely", "No.")
    assert ", at" not in page_of(rnn_run, only("", mistakes=(mistake,)))
    assert ", at <code>b</code>" in page_of(
        rnn_run, only("", mistakes=(replace(mistake, where="b"),))
    )
