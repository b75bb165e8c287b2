"""Which part of a submission answers what: found by its keys, with a remark on all other keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from checker.answer_kinds.reading.written import is_missing, joined_remarks
from submissions_schema.nearness import nearest, same_key
from submissions_schema.problems import Problem
from submissions_schema.validation import did_you_mean
from submissions_schema.yaml_reader import Document, Tree, TreePath, shown


@dataclass(frozen=True, slots=True)
class Located:
    """What stands for one answer and where; ``remark`` says how it was found under another key."""

    tree: Tree
    path: TreePath
    remark: str = ""


def locate(
    document: Document, block: Mapping[str, Tree], known: Mapping[str, Sequence[str]]
) -> tuple[dict[tuple[str, str], Located], list[Problem]]:
    """Return what stands for the answers that are asked for, and problems with all other keys.

    ``block`` is what the file has under ``answers``, by question; ``known`` are the ids of the
    answers that each question asks for. A key in another spelling that only one id can mean stands
    for that id, unless another key of the file does.
    """
    found: dict[tuple[str, str], Located] = {}
    problems: list[Problem] = []
    questions = _meant(block, known)
    for key, answers in block.items():
        path: TreePath = ("answers", key)
        question = questions.get(key)
        if question is None and key in known:
            continue
        if question is None:
            hint = _hint(key, block, known)
            elsewhere = [other for other, ids in known.items() if key in ids]
            if elsewhere and not hint:
                hint = f"; the answer `{key}` belongs under `{elsewhere[0]}:`"
            message = f"there is no question `{key}`{hint}"
            problems.append(Problem(message, document.key_place(path)))
            continue
        ids = known[question]
        remark = _remark(key, question, "question")
        if isinstance(answers, dict):
            for answer, one in _answers(document, path, question, answers, ids, problems).items():
                said = joined_remarks(remark, one.remark)
                found[question, answer] = replace(one, remark=said) if remark else one
        elif len(ids) == 1:
            found[question, ids[0]] = Located(answers, path, remark)
        elif isinstance(answers, str) and (
            begun := next((id for id in ids if answers.lstrip().startswith(f"{id}:")), "")
        ):
            message = f"a space is missing after the colon of `{begun}:`"
            value = answers.strip().removeprefix(f"{begun}:")
            problems.append(Problem(message, document.place(path), shown(f"{begun}: {value}")))
        elif answers is not None:
            problems.append(
                Problem(
                    f"`{question}` has several answers",
                    document.place(path),
                    ", ".join(f"`{id}:`" for id in ids),
                    "a list" if isinstance(answers, list) else "a text",
                )
            )
    return found, problems


def _answers(  # noqa: PLR0913, PLR0917 - one argument for each thing it needs to know
    document: Document,
    path: TreePath,
    question: str,
    answers: Mapping[str, Tree],
    ids: Sequence[str],
    problems: list[Problem],
) -> dict[str, Located]:
    """Return what stands for each answer to one question."""
    found: dict[str, Located] = {}
    meant = _meant(answers, ids)
    previous = None
    for key, tree in answers.items():
        at: TreePath = (*path, key)
        if tree is None and key.isdecimal() and previous is not None:
            # {L: 2,01} reads as L: 2 and a key 01: half a number must not be graded.
            before: TreePath = (*path, previous)
            blank = "" if document.adjoin(before, at) else " "
            whole = f"{answers[previous]},{blank}{key}"
            found[meant[previous]] = Located(whole, before, found[meant[previous]].remark)
            continue
        previous = key if key in meant and isinstance(tree, str) else None
        if key in meant:
            found[meant[key]] = Located(tree, at, _remark(key, meant[key], "answer"))
        elif len(ids) == 1 and len(answers) == 1 and nearest(key, ids) is None:
            # One answer asked, one given under another name: no doubt what is meant.
            found[ids[0]] = Located(tree, at, _remark(key, ids[0], "answer"))
        elif key not in ids:
            message = f"`{question}` has no answer `{key}`{_hint(key, answers, ids)}"
            problems.append(Problem(message, document.key_place(at)))
    return found


def _meant(keys: Mapping[str, Tree], known: Collection[str]) -> dict[str, str]:
    """Return which id each key of a file means; a key that may mean several, or none, is left out.

    A key in its own spelling comes first, unless nothing is written there.
    """
    if keys.keys() <= set(known):
        return {key: key for key in keys}
    meant = {key: key for key in keys if key in known and not is_missing(keys[key])}
    others: dict[str, list[str]] = {}
    for key in keys:
        if key not in known and len(ids := same_key(key, known)) == 1 and ids[0] not in meant:
            others.setdefault(ids[0], []).append(key)
    alone = {same[0]: id for id, same in others.items() if len(same) == 1}
    empty = {key: key for key in keys if key in known and key not in (*meant, *alone.values())}
    return {**meant, **empty, **alone}


def _hint(key: str, keys: Mapping[str, Tree], known: Collection[str]) -> str:
    """Say what a key that is not known may mean, and why it is not taken for it."""
    same = same_key(key, known)
    if len(same) > 1:
        return f"; it can mean {' or '.join(f'`{id}`' for id in same)}"
    if same and same[0] not in keys:
        others = [other for other in keys if other != key and same_key(other, known) == same]
        listed = ", ".join(f"`{other}`" for other in others)
        return f"; {listed} can mean `{same[0]}` as well"
    return did_you_mean(key, [id for id in known if id not in keys])


def _remark(key: str, id: str, what: str) -> str:
    return "" if key == id else f"{shown(key)} was read as the {what} `{id}`."
