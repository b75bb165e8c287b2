"""Which part of a submission answers what: found by its keys, with a remark on all other keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from submissions_schema.nearness import nearest
from submissions_schema.problems import Problem
from submissions_schema.validation import did_you_mean
from submissions_schema.yaml_reader import Document, Tree, TreePath


def locate(
    document: Document, block: Mapping[str, Tree], known: Mapping[str, Sequence[str]]
) -> tuple[dict[tuple[str, str], tuple[Tree, TreePath]], list[Problem]]:
    """Return the trees of the answers that are asked for, and problems with all others.

    ``block`` is what the file has under ``answers``, by question; ``known`` are the ids of the
    answers that each question asks for.
    """
    found: dict[tuple[str, str], tuple[Tree, TreePath]] = {}
    problems: list[Problem] = []
    for question, answers in block.items():
        path: TreePath = ("answers", question)
        if question not in known:
            hint = did_you_mean(question, known)
            elsewhere = [other for other, ids in known.items() if question in ids]
            if elsewhere and not hint:
                hint = f"; the answer `{question}` belongs under `{elsewhere[0]}:`"
            message = f"there is no question `{question}`{hint}"
            problems.append(Problem(message, document.key_place(path)))
            continue
        ids = known[question]
        if not isinstance(answers, dict):
            if len(ids) == 1:
                found[question, ids[0]] = (answers, path)
            elif isinstance(answers, str) and (
                begun := next((id for id in ids if answers.lstrip().startswith(f"{id}:")), "")
            ):
                message = f"a space is missing after the colon of `{begun}:`"
                problems.append(Problem(message, document.place(path), f"`{begun}: value`"))
            elif answers is not None:
                problems.append(
                    Problem(
                        f"`{question}` has several answers",
                        document.place(path),
                        ", ".join(f"`{id}:`" for id in ids),
                        "a list" if isinstance(answers, list) else "a text",
                    )
                )
            continue
        previous = None
        for answer, tree in answers.items():
            if tree is None and answer.isdecimal() and previous is not None:
                # {L: 2,01} reads as L: 2 and a key 01: half a number must not be graded.
                whole = f"{answers[previous]},{answer}"
                found[question, previous] = (whole, (*path, previous))
                continue
            previous = answer if answer in ids and isinstance(tree, str) else None
            if answer in ids:
                found[question, answer] = (tree, (*path, answer))
            elif len(ids) == 1 and len(answers) == 1 and nearest(answer, ids) is None:
                # One answer asked, one given under another name: no doubt what is meant.
                found[question, ids[0]] = (tree, (*path, answer))
            else:
                hint = did_you_mean(answer, [id for id in ids if id not in answers])
                message = f"`{question}` has no answer `{answer}`{hint}"
                problems.append(Problem(message, document.key_place((*path, answer))))
    return found, problems
