"""Multiple choice: one or several options, marked as a set or option by option."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from checker.report import Verdict
from submissions_schema.assignment_file import ChoiceAnswer
from submissions_schema.yaml_reader import Tree


@dataclass(frozen=True, slots=True)
class Chosen:
    """The verdict on a choice; ``share`` is the part of its points that it earns."""

    verdict: Verdict
    message: str
    share: float = 0.0


def judge_choice(spec: ChoiceAnswer, tree: Tree) -> Chosen:
    """Compare the options that were chosen with the right ones.

    One option may stand alone, several in a list. With ``exact`` marking the set must be right;
    with ``per_option`` each right option earns its share and each wrong one costs the penalty, and
    the total is never below zero.
    """
    items = tree if isinstance(tree, list) else [tree]
    options = {option.casefold(): option for option in spec.options}
    chosen: dict[str, None] = {}
    for item in items:
        if not isinstance(item, str):
            return Chosen("invalid", "A choice is one option, or a list of options.")
        option = options.get(item.strip().casefold())
        if option is None:
            close = get_close_matches(item.strip(), list(spec.options), n=1)
            hint = f" Did you mean `{close[0]}`?" if close else ""
            offered = ", ".join(f"`{option}`" for option in spec.options)
            return Chosen("invalid", f"`{item.strip()}` is not offered: expected {offered}.{hint}")
        chosen[option] = None
    right = [option for option in chosen if option in spec.correct]
    wrong = len(chosen) - len(right)
    if not wrong and len(right) == len(spec.correct):
        return Chosen("correct", "Right.", 1.0)
    if spec.marking == "exact":
        return Chosen(
            "wrong",
            "Not the right choice." if len(chosen) == 1 else "Not the right set of options.",
        )
    share = max(0.0, (len(right) - spec.penalty * wrong) / max(len(spec.correct), 1))
    missed = len(spec.correct) - len(right)
    parts = [f"{len(right)} right", f"{wrong} wrong", f"{missed} not chosen"]
    return Chosen(
        "partial" if share > 0 else "wrong", f"Of the options: {', '.join(parts)}.", min(share, 1.0)
    )
