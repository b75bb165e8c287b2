"""Attention of a decoder's state over masked encoder states, an output layer, and back."""

import numpy as np

MISTAKES = {
    "scaled-though-not-asked": ("^s|^a",),
    "divided-by-width": ("^s|^a",),
    "mask-forgotten": ("^a|mask", "factor-left-out", "given-miscopied"),
    "masked-with-zero": ("^a",),
    "masked-without-renormalising": ("^a",),
    "mask-inverted": ("^a|mask",),
    "exponentials-forgotten": ("^a",),
    "hard-attention": ("^a",),
    "weights-averaged": ("^c|^a",),
    "query-for-context": ("^o", "other-quantity"),
    "weights-exchanged": ("^o|W", "exchanged"),
    "query-term-forgotten": ("^o", "term-left-out"),
    "sigmoid-for-tanh": ("^o", "sigmoid-for-tanh"),
    "tanh-forgotten": ("^o", "tanh-left-out"),
    "class-counted-from-one": ("^L|y", "class-after-target"),
    "tanh-derivative-forgotten": ("o|c", "tanh-derivative-forgotten"),
    "tanh-derivative-not-squared": ("o|c", "tanh-derivative-not-squared"),
    "not-transposed-going-back": ("o|p|V|c", "transpose-forgotten-going-back", "transposed"),
    "softmax-derivative-forgotten": ("s|a", "softmax-derivative-forgotten", "path-left-out"),
    "softmax-derivative-diagonal-only": ("s|a", "softmax-derivative-diagonal-only"),
    "target-not-subtracted": ("", "target-not-subtracted"),
}
COPIED = {
    "state-sign": ("H", [[0.6, -1.2], [1.4, 0.3], [0.5, 0.9], [0.8, 0.7]]),
    "query-exchanged": ("q", [-0.4, 1.1]),
    "mask-miscopied": ("mask", [1, 1, 0, 0]),
}


def work(g, r, made):
    """Weights over three of four states, the loss, and the gradient back to the scores."""
    s = r(g.H @ g.q)
    s = r(s / np.sqrt(2)) if made("scaled-though-not-asked") else s
    s = r(s / 2) if made("divided-by-width") else s
    seen = 1 - g.mask if made("mask-inverted") else g.mask
    shown = np.where(seen > 0, s, 0)
    e = r(np.exp(shown))
    e = s if made("exponentials-forgotten") else e
    keep = np.ones(4) if made("masked-with-zero") or made("mask-forgotten") else seen
    e = r(np.exp(s)) if made("mask-forgotten") or made("masked-without-renormalising") else e
    if made("masked-without-renormalising"):
        a = r(seen * e / e.sum())
    else:
        a = r(keep * e / (keep * e).sum())
    a = np.eye(4)[np.argmax(s * seen)] if made("hard-attention") else a
    weights = np.full(4, 0.25) if made("weights-averaged") else a
    c = r(weights @ g.H)
    first, second = (g.Wq, g.Wc) if made("weights-exchanged") else (g.Wc, g.Wq)
    seen_state = g.q if made("query-for-context") else c
    z = r(first @ seen_state + (0 if made("query-term-forgotten") else second @ g.q))
    o = r(1 / (1 + np.exp(-z))) if made("sigmoid-for-tanh") else r(np.tanh(z))
    o = z if made("tanh-forgotten") else o
    scores = np.exp(r(g.V @ o))
    p = r(scores / scores.sum())
    y = int(g.y) + made("class-counted-from-one")
    delta = p if made("target-not-subtracted") else r(p - np.eye(3)[y])
    do = r(g.V.T @ delta)
    slope = o * (1 - o) if made("sigmoid-for-tanh") else 1 - o**2
    slope = 1 - o if made("tanh-derivative-not-squared") else slope
    slope = 1 if made("tanh-derivative-forgotten") or made("tanh-forgotten") else slope
    back = first if made("not-transposed-going-back") else first.T
    dc = r(back @ r(do * slope))
    da = r(g.H @ dc)
    ds = r(a * (da - r(a @ da)))
    ds = r(a * da) if made("softmax-derivative-forgotten") else ds
    ds = r(a * (1 - a) * da) if made("softmax-derivative-diagonal-only") else ds
    return {
        "s": s,
        "a": a,
        "c": c,
        "o": o,
        "p": p,
        "L": r(-np.log(p[y])),
        "do": do,
        "dc": dc,
        "da": da,
        "ds": ds,
    }
