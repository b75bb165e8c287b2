"""Softmax regression: four examples, three classes, one step."""

import numpy as np

MISTAKES = {
    "softmax-over-examples": ("^P|^L", "softmax-wrong-axis"),
    "softmax-over-everything": ("^P|^L",),
    "base-10-exponentials": ("^P", "softmax-base-10"),
    "log-base-10": ("^l", "cross-entropy-log-base-10"),
    "sign-lost": ("^l", "cross-entropy-sign-lost", "sign-turned"),
    "classes-counted-from-one": ("^l", "class-before-target"),
    "wrong-column": ("^l",),
    "losses-summed": ("^L", "sum-for-mean"),
    "divided-by-examples-and-classes": ("^L|^l",),
    "divided-by-one-less": ("^L", "mean-divided-by-one-less"),
    "log-of-mean": ("^L|^l",),
    "softmax-derivative-diagonal-only": ("", "softmax-derivative-diagonal-only"),
    "softmax-derivative-twice": ("", "extra-softmax-derivative"),
    "target-not-subtracted": ("", "target-not-subtracted"),
    "target-minus-prediction": ("", "prediction-minus-target-reversed", "sign-slip"),
    "mean-forgotten-going-back": ("", "mean-factor-dropped-in-gradient"),
    "mean-taken-twice": ("W|b",),
    "bias-gradient-averaged": ("b", "shared-gradient-averaged"),
    "bias-of-last-example": ("b",),
    "bias-not-updated": ("b_new",),
    "rate-forgotten": ("_new", "factor-left-out"),
    "uphill": ("_new", "sign-turned"),
    "only-target-column-updated": ("W_new|Z",),
    "old-weights-in-new-loss": ("L_new",),
}
COPIED = {
    "label-miscopied": ("y", [0, 1, 2, 1]),
    "row-of-other-example": ("X", [[1, 0.5], [-0.5, 2], [-0.5, 2], [2, 1]]),
    "bias-exchanged": ("b", [-0.1, 0.05, 0.2]),
    "weight-digit": ("W", [[0.3, -0.2, 0.6], [0.1, 0.6, -0.4]]),
}


def work(g, r, made):
    """The loss, its gradients and the loss after one step."""
    n, k = 4, 3
    y = g.y.astype(int)
    y = y - 1 if made("classes-counted-from-one") else y
    y = (y + 1) % k if made("wrong-column") else y
    hot = np.eye(k)[y]

    def softmax(z):
        e = r(10**z if made("base-10-exponentials") else np.exp(z))
        if made("softmax-over-everything"):
            return r(e / e.sum())
        over = made("softmax-over-examples")
        return r(e / e.sum(axis=0 if over else 1, keepdims=True))

    def losses(p):
        log = np.log10 if made("log-base-10") else np.log
        found = r(-log(p[np.arange(n), y]))
        return -found if made("sign-lost") else found

    size = 1 if made("losses-summed") else n
    size = n * k if made("divided-by-examples-and-classes") else size
    size = n - 1 if made("divided-by-one-less") else size

    def mean(p):
        if made("log-of-mean"):
            return r(-np.log(p[np.arange(n), y].mean()))
        return r(losses(p).sum() / size)

    z = r(g.X @ g.W + g.b)
    p = softmax(z)
    delta = p if made("target-not-subtracted") else r(p - hot)
    delta = -delta if made("target-minus-prediction") else delta
    delta = r(delta * p * (1 - p)) if made("softmax-derivative-twice") else delta
    delta = r(-hot * (1 - p)) if made("softmax-derivative-diagonal-only") else delta
    dz = r(delta / (1 if made("mean-forgotten-going-back") else size))
    dw = r(g.X.T @ dz / (n if made("mean-taken-twice") else 1))
    db = r(dz.mean(axis=0) if made("bias-gradient-averaged") else dz.sum(axis=0))
    db = dz[-1] if made("bias-of-last-example") else db
    db = r(db / n) if made("mean-taken-twice") else db
    step = 1 if made("rate-forgotten") else -g.eta if made("uphill") else g.eta
    w_new = r(g.W - step * dw)
    if made("only-target-column-updated"):
        w_new[:, :2] = g.W[:, :2]
    b_new = g.b if made("bias-not-updated") else r(g.b - step * db)
    last = g.W if made("old-weights-in-new-loss") else w_new
    late = r(g.X @ last + b_new)
    return {
        "Z": z,
        "P": p,
        "l": losses(p),
        "L": mean(p),
        "dZ": dz,
        "dW": dw,
        "db": db,
        "W_new": w_new,
        "b_new": b_new,
        "L_new": mean(softmax(late)),
        "labels": late.argmax(axis=1),
    }
