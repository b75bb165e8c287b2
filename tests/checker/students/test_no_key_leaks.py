"""What students are given says nothing of the key.

Two ways to see it: the outputs stay as they are, byte for byte, when everything secret changes; and
no right value and no formula of the key stands in them.
"""

import re
import string

import numpy as np
import pytest

from checker.answer_kinds.forms.names import names_among, split_name
from checker.answer_kinds.formula import FormulaForm
from checker.students.handout import handout_text, make_handout
from checker.students.schema import schema_text
from checker.students.template import template_text
from checker.students.validation import Form, validate_document
from reference_solutions.assignment import build_assignment
from reference_solutions.shipped import SHIPPED
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.yaml_reader import parse_document

import yaml  # isort: skip

OUTPUTS = {
    "template": template_text,
    "schema": schema_text,
    "handout": handout_text,
}


def with_another_key(id):
    """An assignment with all of its secrets changed and nothing else."""
    text = (SHIPPED / f"{id}.yaml").read_text(encoding="utf-8")
    # The digits and names stay as they are written.
    file = yaml.load(text, Loader=yaml.BaseLoader)
    classes = {"y"}
    for name, value in file.get("given", {}).items():
        if name not in classes:
            file["given"][name] = shifted(value)
    for name, formula in file.get("steps", {}).items():
        file["steps"][name] = f"0.5 * ({formula})"
    for question in file["questions"].values():
        for name, answer in question["answers"].items():
            if isinstance(answer, str):
                question["answers"][name] = f"3 * ({answer})"
            elif answer.get("kind") == "choice":
                answer["correct"] = [o for o in answer["options"] if o not in answer["correct"]]
                answer["marking"] = "per_option"
            elif answer.get("kind") == "order":
                answer["value"] = f"G * ({answer['value']})"
            elif "value" in answer:
                answer["value"] = f"3 * ({answer['value']})"
    return build_assignment(
        parse_assignment_file(yaml.safe_dump(file, sort_keys=False), f"{id}.yaml")
    )


def shifted(value):
    return [shifted(item) for item in value] if isinstance(value, list) else f"{value} + 0.37"


def formula_forms(handout):
    return [form for _, _, form in handout.forms if isinstance(form, FormulaForm)]


@pytest.mark.parametrize("output", OUTPUTS)
def test_an_output_is_the_same_whatever_the_key_is(shipped, assignment_of, output):
    other = with_another_key(shipped)
    graph, changed = assignment_of(shipped).reference.graph, other.reference.graph
    for mine, theirs in zip(
        assignment_of(shipped).reference.targets, other.reference.targets, strict=True
    ):
        assert not np.array_equal(graph.value(mine.node), changed.value(theirs.node))
    write = OUTPUTS[output]
    mine, theirs = map(make_handout, (assignment_of(shipped), other))
    for handout in (mine, theirs):
        for form in formula_forms(handout):
            # A name that is no answer, because it is what is asked for, is said as it is.
            refused = list(form.but_not)
            form.but_not.clear()
            assert set(map(bare, refused)) <= set(map(bare, names_among(mine.names, form.may_use)))
    assert write(theirs) == write(mine)


def bare(name):
    return split_name(name)[0]


def public_text(assignment):
    """All that the teacher says in words, which may hold any number."""
    file = assignment.file
    parts = [file.title, file.description, file.course]
    for question in file.questions.values():
        parts += [question.title, question.prompt]
        for answer in question.answers.values():
            parts += [answer.title, answer.prompt, *getattr(answer, "options", {}).values()]
            parts += [str(getattr(answer, "max_words", "")), str(getattr(answer, "min_words", ""))]
    return " ".join(parts)


def printed(value):
    """A value as it may be printed, at 2 to 6 digits; what one digit says, chance says too."""
    for digits in range(2, 7):
        for text in (f"{abs(value):.{digits}g}", f"{abs(value):.{digits}f}"):
            if len(text.replace(".", "").strip("0")) >= 2:
                yield text
                yield text.removeprefix("0")


def numbers_in(text):
    return set(re.findall(r"(?<![\w.])\.?\d[\d.]*(?:e[+-]?\d+)?", text))


def secret_numbers(assignment):
    found = set()
    for target in assignment.reference.targets:
        spec = assignment.file.questions[target.question].answers[target.answer]
        if spec.kind != "formula":
            value = assignment.reference.graph.value(target.node)
            found.update(text for entry in np.ravel(value) for text in printed(float(entry)))
    return found - numbers_in(public_text(assignment))


def secret_formulas(assignment):
    texts = list(assignment.file.steps.values())
    for question in assignment.file.questions.values():
        texts += [a.value for a in question.answers.values() if hasattr(a, "value")]
    squeezed = ("".join(text.split()) for text in texts)
    said = "".join(public_text(assignment).split())
    return {text for text in squeezed if set(text) & set("+-*/(@") and text not in said}


def test_there_is_something_to_look_for(assignment_of):
    assert {"0.762", ".964", "0.9640"} <= secret_numbers(assignment_of("fit3181-a2"))
    assert {"608", "28"} <= secret_numbers(assignment_of("hw2-cnn-lstm"))
    assert "softmax(V@h[t]+c)" in secret_formulas(assignment_of("fit3181-a2"))
    assert "H*(D+2*H)" in secret_formulas(assignment_of("hw3-lstm-mdrnn"))


@pytest.mark.parametrize("output", OUTPUTS)
def test_no_right_value_and_no_formula_stands_in_an_output(shipped, assignment_of, output):
    assignment = assignment_of(shipped)
    text = OUTPUTS[output](make_handout(assignment))
    assert not numbers_in(text) & secret_numbers(assignment)
    for formula in secret_formulas(assignment):
        assert formula not in "".join(text.split())


def test_given_data_is_all_that_with_given_adds(shipped, assignment_of):
    assignment = assignment_of(shipped)
    plain = handout_text(make_handout(assignment))
    added = handout_text(make_handout(assignment, with_given=True))
    start = added.find("\ngiven:\n")
    if not assignment.file.given:
        assert added == plain
        return
    end = added.index("\nquestions:\n")
    assert added[:start] + added[end:] == plain
    names = re.findall(r"^  (\S+): ", added[start:end], re.MULTILINE)
    assert names == list(assignment.file.given)


def test_validation_with_the_key_says_no_more_than_without(shipped, assignment_of, handout_of):
    """Whatever is written, right or wrong, in the right form or not."""
    assignment, handout = assignment_of(shipped), handout_of(shipped)
    secrets = secret_numbers(assignment)
    for text in ("7", "[7, 7]", "[[7, 7], [7, 7]]", "x", "{a: b}", "f(x)", "", "[7, 7, 7]"):
        blocks = (
            f"  '{q}': {{{', '.join(f'{a!r}: {text}' for a in form.answers)}}}\n"
            for q, form in handout.questions.items()
        )
        source = f"assignment: {shipped}\nstudent: a\nanswers:\n{''.join(blocks)}"
        document = parse_document(source, "mine.yaml")
        said = [
            "\n".join(map(str, validate_document(document, form).findings))
            for form in (Form(handout), Form(handout, assignment))
        ]
        assert said[0] == said[1]
        assert not numbers_in(said[0]) & secrets


def test_options_do_not_say_how_many_are_right(handout_of):
    text = template_text(handout_of("hw5-rnn-attention"))
    lines = [line for line in text.splitlines() if "one of:" in line]
    endings = {line.translate(str.maketrans("", "", string.ascii_lowercase)) for line in lines}
    assert len(lines) == 3
    assert len({ending.partition("(")[2] for ending in endings}) == 1
