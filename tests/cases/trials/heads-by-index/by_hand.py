"""Causal attention of two heads over three tokens, and the gradient at the last one."""

import numpy as np

MISTAKES = {
    "not-scaled": ("^s", "factor-left-out"),
    "divided-by-width": ("^s", "square-root-left-out"),
    "keys-and-queries-exchanged": ("^s", "exchanged"),
    "mask-left-out": ("^e|^w",),
    "own-token-hidden": ("^e|^w",),
    "future-for-past": ("^e|^w",),
    "masked-with-zero-score": ("^e|^w",),
    "normalised-over-queries": ("^w",),
    "not-normalised": ("^w",),
    "keys-for-values": ("^o", "other-quantity"),
    "heads-averaged": ("^out",),
    "heads-exchanged": ("^out|^o",),
    "first-head-twice": ("^out",),
    "first-token-read": ("^L",),
    "error-not-averaged": ("^L", "squared-errors-summed"),
    "two-forgotten": ("",),
    "scaling-forgotten-going-back": ("", "factor-left-out"),
    "softmax-derivative-forgotten": ("",),
}
COPIED = {
    "value-sign": (
        "v",
        [[[1.4, -0.2], [0.3, -0.9], [-1.1, 0.6]], [[0.5, 1.6], [-0.7, 0.1], [0.8, -1.3]]],
    ),
}


def visible(made):
    """Which tokens (columns) each token (row) sees."""
    if made("mask-left-out"):
        return np.ones((3, 3))
    seen = np.tril(np.ones((3, 3)))
    if made("own-token-hidden"):
        seen = np.tril(np.ones((3, 3)), -1) + np.eye(3) * [1, 0, 0]
    return seen.T if made("future-for-past") else seen


def side_by_side(o, r, made):
    """What the heads give, joined."""
    first, second = o
    if made("heads-exchanged"):
        first, second = second, first
    if made("first-head-twice"):
        second = first
    if made("heads-averaged"):
        first = second = r((first + second) / 2)
    return np.concatenate([first, second], axis=1)


def of_first_head(djoined, r, made):
    """The gradient of what the first head gives."""
    own, other = djoined[:2], djoined[2:]
    if made("heads-exchanged"):
        return other
    if made("first-head-twice"):
        return r(own + other)
    return r((own + other) / 2) if made("heads-averaged") else own


def work(g, r, made):
    """Head by head; the gradient goes through the first head's weights at the last token."""
    root = 2 if made("divided-by-width") else 1 if made("not-scaled") else r(np.sqrt(2))
    s = r(r(np.einsum("aid,ajd->aij", g.q, g.k)) / root)
    if made("keys-and-queries-exchanged"):
        s = s.transpose(0, 2, 1)
    seen = visible(made)
    e = r(np.exp(s * seen)) if made("masked-with-zero-score") else r(np.exp(s)) * seen
    total = e.sum(axis=1 if made("normalised-over-queries") else 2, keepdims=True)
    w = e if made("not-normalised") else r(e / total)
    values = g.k if made("keys-for-values") else g.v
    o = r(np.einsum("aij,ajd->aid", w, values))
    joined = side_by_side(o, r, made)
    out = r(joined @ g.Wo.T)
    read = 0 if made("first-token-read") else 2
    error = r(out[read] - g.y)
    count = 1 if made("error-not-averaged") else 2
    dout = r((1 if made("two-forgotten") else 2) * error / count)
    djoined = r(g.Wo.T @ dout)
    own = of_first_head(djoined, r, made)
    if read != 2:
        own = np.zeros(2)
    dw = r(values[0] @ own)
    if made("softmax-derivative-forgotten"):
        ds = dw
    elif made("not-normalised"):
        ds = r(w[0, 2] * dw)
    else:
        ds = r(w[0, 2] * r(dw - r(w[0, 2] * dw).sum()))
    back = 1 if made("scaling-forgotten-going-back") else root
    if made("keys-and-queries-exchanged"):
        dq = r(ds[2] * g.k[0, 2] / back)
    else:
        dq = r(r(g.k[0].T @ (ds * seen[2] if made("masked-with-zero-score") else ds)) / back)
    return {
        "s": s,
        "w": w,
        "o": o,
        "out": out,
        "L": r(r(error**2).sum() / count),
        "dWo": r(np.outer(dout, joined[read])),
        "do_02": own,
        "dw_022": dw[2],
        "dq_02": dq,
    }
