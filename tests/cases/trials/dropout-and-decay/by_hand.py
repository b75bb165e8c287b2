"""Inverted dropout in one hidden layer, weight decay, one step, and the output at test time."""

import numpy as np

MISTAKES = {
    "not-scaled-by-keep": ("hd", "factor-left-out"),
    "scaled-by-drop": ("keep", "given-complement-taken"),
    "multiplied-by-keep": ("hd|mask", "multiplied-instead-of-divided"),
    "mask-inverted": ("hd|mask",),
    "dropout-forgotten": ("hd|yhat", "other-quantity", "other-answer-copied", "factor-left-out"),
    "mask-forgotten-going-back": ("h", "factor-left-out"),
    "keep-forgotten-going-back": ("h", "factor-left-out"),
    "mask-kept-at-test": ("test",),
    "scaled-at-test": ("test",),
    "relu-mask-forgotten": ("of h|z", "relu-derivative-forgotten"),
    "half-forgotten": ("^E", "factor-left-out"),
    "error-reversed": ("", "sign-turned", "exchanged"),
    "penalty-left-out": ("^L", "term-left-out"),
    "penalty-without-output-weights": ("^R|^L", "term-left-out"),
    "penalty-not-halved": ("^R", "factor-left-out"),
    "decay-without-rate": ("_new",),
    "decay-missing-in-gradient": ("W|v|R", "path-left-out", "term-left-out"),
    "decay-added": ("_new|W|v|R",),
    "bias-decayed": ("b",),
    "new-output-weights-going-back": ("h|z", "other-quantity"),
    "hidden-before-dropout-in-gradient": ("v",),
    "bias-not-updated": ("b_new",),
}
COPIED = {
    "weight-sign": (
        "W",
        [[0.4, -0.6, 0.2], [0.7, 0.3, 0.5], [-0.2, 0.9, 0.6], [0.8, 0.4, 0.3]],
    ),
    "target-miscopied": ("y", 3),
    "input-decimal-point": ("x", [1.5, -0.5, 0.2]),
}


def work(g, r, made):
    """Forward, back, a step, and forward at test time."""
    z = r(g.W @ g.x + g.b)
    h = np.maximum(z, 0)
    mask = 1 - g.mask if made("mask-inverted") else g.mask
    keep = 1 - g.keep if made("scaled-by-drop") else g.keep
    keep = 1 if made("not-scaled-by-keep") else 1 / keep if made("multiplied-by-keep") else keep
    gate = np.ones(4) if made("dropout-forgotten") else mask / keep
    hd = r(gate * h)
    yhat = r(g.v @ hd + g.c)
    error = r(yhat - g.y)
    half = 1 if made("half-forgotten") else 2
    squares = (g.W**2).sum() + (0 if made("penalty-without-output-weights") else (g.v**2).sum())
    penalty = r(g.lam * squares / (1 if made("penalty-not-halved") else 2))
    loss = r(error**2 / half)
    lam = g.lam * (2 if made("penalty-not-halved") else 1)
    lam = 0 if made("penalty-left-out") or made("decay-missing-in-gradient") else lam
    lam = -lam if made("decay-added") else lam
    late = made("decay-without-rate")
    dy = r(error * 2 / half)
    dy = -dy if made("error-reversed") else dy
    source = h if made("hidden-before-dropout-in-gradient") else hd
    decay = 0 if late else lam
    dv = r(dy * source + (0 if made("penalty-without-output-weights") else decay) * g.v)

    def step(old, grad, more=0):
        return r(old - g.eta * grad - more * old)

    v_new = step(g.v, dv, g.lam if late else 0)
    back = r(dy * (v_new if made("new-output-weights-going-back") else g.v))
    kept = np.ones(4) / keep if made("mask-forgotten-going-back") else gate
    kept = mask * 1.0 if made("keep-forgotten-going-back") else kept
    dz = r(back * kept)
    dz = dz if made("relu-mask-forgotten") else dz * (z > 0)
    dw = r(np.outer(dz, g.x) + decay * g.W)
    db = r(dz + lam * g.b) if made("bias-decayed") else dz
    w_new = step(g.W, dw, g.lam if late else 0)
    b_new = g.b if made("bias-not-updated") else step(g.b, db)
    late_h = np.maximum(r(w_new @ g.x + b_new), 0)
    late_h = r(late_h * g.mask / g.keep) if made("mask-kept-at-test") else late_h
    late_h = r(late_h * g.keep) if made("scaled-at-test") else late_h
    return {
        "h": h,
        "hd": hd,
        "yhat": yhat,
        "E": loss,
        "L": loss if made("penalty-left-out") else r(loss + penalty),
        "dv": dv,
        "dz": dz,
        "dW": dw,
        "db": db,
        "v_new": v_new,
        "W_new": w_new,
        "b_new": b_new,
        "test": r(v_new @ late_h + g.c),
    }
