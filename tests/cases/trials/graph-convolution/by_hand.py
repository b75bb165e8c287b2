"""A graph convolution with self-loops and symmetric normalisation, and its gradients."""

import numpy as np

MISTAKES = {
    "self-loops-forgotten": ("^B", "term-left-out"),
    "degree-without-self-loop": ("^d", "other-quantity"),
    "degree-root-forgotten": ("^D", "square-root-left-out"),
    "rows-normalised": ("^S|^D",),
    "not-normalised": ("^S|^M",),
    "normalised-on-left-only": ("^S", "factor-left-out"),
    "neighbours-not-aggregated": ("^M|^H", "other-quantity", "factor-left-out"),
    "relu-forgotten": ("^H", "relu-left-out"),
    "relu-before-weights": ("^H|^M",),
    "summed-readout": ("^g", "sum-for-mean"),
    "largest-readout": ("^g",),
    "class-before": ("^L", "class-before-target"),
    "relu-mask-forgotten": ("of H|M @ W", "relu-derivative-forgotten"),
    "mean-forgotten-going-back": ("^g|^H|L/d", "mean-factor-dropped-in-gradient"),
    "features-for-aggregate-in-gradient": ("dW|W",),
    "weight-gradient-transposed": ("dW|W", "rows-for-columns", "transposed"),
    "target-not-subtracted": ("", "target-not-subtracted"),
}
COPIED = {
    "edge-one-way": ("A", [[0, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 1], [0, 0, 0, 0]]),
    "rows-of-features-exchanged": ("X", [[1, 0.5], [2, 1.5], [0.3, -3.5], [-0.5, 2]]),
    "weight-digit": ("W", [[0.6, -0.4, 0.3], [0.2, 0.7, -0.5]]),
}


def work(g, r, made):
    """From the adjacency to the loss, and back to the weights."""
    b = g.A if made("self-loops-forgotten") else g.A + np.eye(4)
    d = (g.A if made("degree-without-self-loop") else b).sum(axis=1)
    scale = r(1 / (d if made("degree-root-forgotten") else np.sqrt(d)))
    right = np.ones(4) if made("normalised-on-left-only") else scale
    s = r(scale[:, None] * b * right[None, :])
    s = r(b / d[:, None]) if made("rows-normalised") else s
    s = b if made("not-normalised") else s
    m = g.X if made("neighbours-not-aggregated") else r(s @ g.X)
    z = r((np.maximum(m, 0) if made("relu-before-weights") else m) @ g.W)
    h = z if made("relu-forgotten") or made("relu-before-weights") else np.maximum(z, 0)
    pool = r(h.sum(axis=0) if made("summed-readout") else h.mean(axis=0))
    pool = h.max(axis=0) if made("largest-readout") else pool
    e = np.exp(r(g.V @ pool))
    p = r(e / e.sum())
    y = 0 if made("class-before") else int(g.y)
    delta = p if made("target-not-subtracted") else r(p - np.eye(2)[y])
    dg = r(g.V.T @ delta)
    share = 1 if made("summed-readout") or made("mean-forgotten-going-back") else 4
    dh = np.tile(dg / share, (4, 1))
    dh = dg * (h == pool) if made("largest-readout") else dh
    linear = made("relu-forgotten") or made("relu-before-weights")
    passed = dh if linear or made("relu-mask-forgotten") else dh * (z > 0)
    source = np.maximum(m, 0) if made("relu-before-weights") else m
    source = g.X if made("features-for-aggregate-in-gradient") else source
    dw = r(source.T @ r(passed))
    flip = made("weight-gradient-transposed")
    return {
        "d": d,
        "S": s,
        "M": m,
        "H": h,
        "g": pool,
        "p": p,
        "L": r(-np.log(p[y])),
        "dg": dg,
        "dW": dw.T if flip else dw,
    }
