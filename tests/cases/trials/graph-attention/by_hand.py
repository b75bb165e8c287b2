"""Attention of each node to its neighbours, what it gathers, and the gradient."""

import numpy as np

MISTAKES = {
    "weights-transposed": ("^z", "matrix-transposed"),
    "source-and-target-exchanged": ("^s", "exchanged"),
    "slope-forgotten": ("^s",),
    "negative-slope-as-relu": ("^s",),
    "edges-ignored": ("^e|^a",),
    "self-counted": ("^a|^e|^n",),
    "normalised-over-targets": ("^a",),
    "not-normalised": ("^a",),
    "neighbours-averaged": ("^n|^a",),
    "features-not-mapped": ("^n", "other-quantity"),
    "self-forgotten": ("^out", "term-left-out"),
    "self-multiplied": ("^out",),
    "tanh-forgotten": ("^out",),
    "readout-summed": ("^g", "sum-for-mean"),
    "error-not-squared": ("^L", "factor-left-out"),
    "two-forgotten": ("",),
    "derivative-of-tanh-forgotten": ("", "tanh-derivative-forgotten"),
    "attention-held-fixed": ("", "path-left-out"),
    "messages-held-fixed": ("", "path-left-out"),
}
COPIED = {
    "feature-digits": ("h", [[1.0, -0.5], [0.3, 0.8], [-0.7, 1.4], [0.2, 0.9]]),
    "edge-missing": ("E", [[0, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 0], [0, 1, 0, 0]]),
}


def work(g, r, made):
    """All pairs of nodes at once; the gradient is taken entry by entry."""
    weights = g.W.T if made("weights-transposed") else g.W
    n = len(g.h)
    z = r(g.h @ weights.T)
    src, dst = (g.dst, g.src) if made("source-and-target-exchanged") else (g.src, g.dst)
    raw = r(r(z @ src)[:, None] + r(z @ dst)[None, :])
    slope = 1 if made("slope-forgotten") else 0 if made("negative-slope-as-relu") else 0.2
    s = r(np.where(raw > 0, raw, slope * raw))
    own = np.eye(n)
    edges = np.ones((n, n)) - own if made("edges-ignored") else (g.E > 0) * 1.0
    edges = edges + own if made("self-counted") else edges
    e = r(np.exp(s)) * edges
    axis = 0 if made("normalised-over-targets") else 1
    a = e if made("not-normalised") else r(e / e.sum(axis=axis, keepdims=True))
    a = r(edges / edges.sum(axis=1, keepdims=True)) if made("neighbours-averaged") else a
    carried = g.h if made("features-not-mapped") else z
    gathered = r(a @ carried)
    inside = 0 if made("self-forgotten") else z
    total = z * gathered if made("self-multiplied") else inside + gathered
    out = total if made("tanh-forgotten") else r(np.tanh(r(total)))
    out = r(out)
    readout = r(out.sum(axis=0) / (1 if made("readout-summed") else n))
    error = r(readout - g.y)
    if made("error-not-squared"):
        loss, derror = error.sum(), np.ones(2)
    else:
        loss, derror = r(error**2).sum(), r((1 if made("two-forgotten") else 2) * error)
    dout = r(derror / (1 if made("readout-summed") else n))
    flat = made("derivative-of-tanh-forgotten") or made("tanh-forgotten")
    dtotal = r(dout * (np.ones_like(out) if flat else r(1 - out**2)))
    dgathered = r(dtotal * z) if made("self-multiplied") else dtotal
    dz = r(dtotal * gathered) if made("self-multiplied") else dtotal.copy()
    dz = np.zeros_like(dz) if made("self-forgotten") else dz
    if not made("features-not-mapped") and not made("messages-held-fixed"):
        dz = r(dz + r(a.T @ dgathered))
    da = r(dgathered @ carried.T)
    if made("not-normalised"):
        ds = r(a * da)
    else:
        ds = r(a * r(da - r(a * da).sum(axis=axis, keepdims=True)))
    if made("attention-held-fixed") or made("neighbours-averaged"):
        ds = np.zeros_like(ds)
    draw = r(np.where(raw > 0, ds, slope * ds))
    dz = r(dz + np.outer(draw.sum(axis=1), src) + np.outer(draw.sum(axis=0), dst))
    ddst = r((draw.sum(axis=1) if made("source-and-target-exchanged") else draw.sum(axis=0)) @ z)
    dw = r(dz.T @ g.h)
    return {
        "z": z,
        "s": s,
        "a": a,
        "n": gathered,
        "out": out,
        "g": readout,
        "L": r(loss),
        "dW": dw.T if made("weights-transposed") else dw,
        "dn_0": dgathered[0],
        "ddst": ddst,
    }
