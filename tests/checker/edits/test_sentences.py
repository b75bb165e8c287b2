"""What is said of mistakes comes from one table, and reads as a tutor would say it.

``python tests/checker/edits/test_sentences.py`` writes the two golden files anew; read the diff.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.edits.catalogue import catalogue_edits
from checker.edits.registry import in_general, price_list
from checker.edits.sentences import IN_GRADIENT, in_gradient, made_again, table
from checker.edits.slip_kinds import said_of_formula
from checker.edits.structural import kinds, structural_edits
from checker.edits.workshop import Workshop
from reference_solutions.assignment import load_assignment
from reference_solutions.operations import catalogue
from reference_solutions.shipped import find_assignment

FOLDER = Path(__file__).parent
TRIALS = FOLDER.parents[1] / "cases" / "trials"
SHEETS = ("fit3181-a2", "gru-back-in-time", "normalisation", "word2vec-step", "bleu-score")


def told() -> Iterator[str]:
    for id, forms in sorted(table().items()):
        if id in catalogue() and not forms.keys() - {""}:
            continue  # An operation's own words stand with it.
        yield id
        for form, sentence in forms.items():
            yield f"    {f'({form}) ' if form else ''}{sentence}"


def on_sheets() -> Iterator[str]:
    """One sentence for each form of each mistake on five sheets, where it was made throughout."""
    unseen = set(kinds())
    for name in SHEETS:
        trial = TRIALS / name / "assignment.yaml"
        chosen = trial if trial.is_file() else find_assignment(name)
        workshop = Workshop(load_assignment(chosen).reference)
        derived = {
            f.name for f in workshop.graph.families.values() if f.kind in ("adjoint", "path")
        }
        found = [("", e) for e in structural_edits(workshop)]
        found += [("in a gradient", e) for e in catalogue_edits(workshop) if e.family in derived]
        yield f"== {name}"
        seen = set()
        for where, edit in sorted(found, key=lambda item: item[1].id):
            forms = kinds()[edit.id].sentences if edit.id in kinds() else {}
            own = edit.apart[0] if edit.apart and edit.apart[0] in forms else ""
            form = (edit.id, where, own, edit.family in derived)
            if edit.index is None and not edit.members and form not in seen:
                seen.add(form)
                yield f"{edit.id}: {edit.message}"
        unseen -= {edit.id for _, edit in found}
    yield f"== on none of them: {', '.join(sorted(unseen))}"


GOLDEN = {"sentences.txt": told, "sentences_on_sheets.txt": on_sheets}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_sentences_are_these(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert "\n".join(GOLDEN[name]()) + "\n" == written


def test_every_mistake_that_can_be_named_has_sentences_and_general_words() -> None:
    assert table().keys() == price_list().keys()
    for id, forms in table().items():
        assert forms, id
        assert in_general(id).endswith((".", ")", "?")), id
        for sentence in forms.values():
            assert sentence.endswith((".", "?", ")", ":")), sentence
            # A formula may come first, as it is written: h(1 - h), eps.
            assert sentence[0].isupper() or sentence[0] in "{`-1" or id in catalogue(), sentence
            assert sentence.count("`") % 2 == 0, sentence


def test_no_sentence_leaves_a_part_open() -> None:
    for line in on_sheets():
        assert not re.search(r"\{[a-z]+\}|None", line), line
    for id, forms in table().items():
        for form, sentence in forms.items():
            if form.startswith("in a formula"):
                fields = [field for _, field, *_ in string.Formatter().parse(sentence) if field]
                own = form.removeprefix("in a formula").strip()
                shown = said_of_formula(id, own, "a", "b", "c")
                assert all(f"`{'abc'[int(field)]}`" in shown for field in fields)


def test_a_mistake_in_a_gradient_is_said_in_the_words_of_what_happened_there() -> None:
    said = in_gradient("quotient-inverted", "-", "`dL/dl[t]`", ["`1`", "`3`"], of_one=True)
    assert said.startswith("In `dL/dl[t]` you multiplied by `3`; ")
    for id in IN_GRADIENT:
        assert "`a`" in in_gradient(id, "-", "`w`", ["`a`", "`b`"]) or id.startswith("multiplied")
    assert in_gradient("quotient-inverted", "Its own words.", "`w`", ["`a`"]) == "Its own words."


def test_where_else_it_was_done_is_said_after_it() -> None:
    assert made_again("No.", ["`a`", "`b`"]) == "No. You did the same in `a`, `b`."


if __name__ == "__main__":
    for name, lines in GOLDEN.items():
        (FOLDER / name).write_text("\n".join(lines()) + "\n", encoding="utf-8")
