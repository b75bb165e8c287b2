"""Logistic regression by gradient descent, with the gradients written out."""

import numpy as np

MISTAKES = {
    "bias-forgotten": ("^p", "term-left-out"),
    "exponent-sign": ("^p", "sigmoid-exponent-sign"),
    "log-base-10": ("^L", "binary-cross-entropy-log-base-10"),
    "second-term-forgotten": ("^L", "binary-cross-entropy-second-term-left-out"),
    "losses-summed": ("^L", "sum-for-mean"),
    "sign-lost": ("^L",),
    "penalty-forgotten": ("^L", "term-left-out"),
    "penalty-halved": ("^L", "factor-two", "mean-for-sum"),
    "penalty-rooted": ("^L",),
    "gradient-not-divided": ("^gw", "factor-left-out"),
    "divided-by-size": ("^gw",),
    "divided-by-one-less": ("^gw",),
    "target-minus-prediction": ("^gw|^gb", "sign-turned", "operands-swapped"),
    "extra-sigmoid-derivative": ("^gw",),
    "penalty-gradient-forgotten": ("^gw", "term-left-out"),
    "penalty-gradient-halved": ("^gw", "factor-left-out", "factor-two"),
    "bias-penalised": ("^gb",),
    "bias-gradient-summed": ("^gb", "sum-for-mean"),
    "bias-not-updated": ("^b",),
    "first-weight-not-updated": ("^w",),
    "rate-forgotten": ("^w|^b", "factor-left-out"),
    "uphill": ("^w|^b", "sign-turned"),
    "rate-halved-later": ("^w|^b",),
    "old-weights-in-second": ("^p|^w", "neighbouring-step", "old-for-updated"),
    "new-weights-in-bias-gradient": ("^gb|^b",),
}
COPIED = {
    "label-miscopied": ("y", [1, 1, 0, 0, 0]),
    "point-sign": ("X", [[0.5, 1.2], [2, 0.4], [-1.1, 0.9], [1.6, 0.3], [-0.7, -1.5]]),
    "point-digits-exchanged": (
        "X",
        [[0.5, 2.1], [2, -0.4], [-1.1, 0.9], [1.6, 0.3], [-0.7, -1.5]],
    ),
    "penalty-decimal-point": ("lam", 0.02),
}


def work(g, r, made):
    """Two steps."""
    n = 5
    log = np.log10 if made("log-base-10") else np.log

    def probabilities(w, b):
        z = r(g.X @ w + (0 if made("bias-forgotten") else b))
        return r(1 / (1 + np.exp(z if made("exponent-sign") else -z)))

    def loss(w, p):
        other = 0 if made("second-term-forgotten") else (1 - g.y) * r(log(1 - p))
        terms = -(g.y * r(log(p)) + other)
        terms = -terms if made("sign-lost") else terms
        squares = (w**2).sum()
        penalty = np.sqrt(squares) if made("penalty-rooted") else squares
        penalty = 0 if made("penalty-forgotten") else g.lam * penalty
        penalty = penalty / 2 if made("penalty-halved") else penalty
        return r(terms.sum() / (1 if made("losses-summed") else n) + penalty)

    def gradients(w, p):
        d = r(g.y - p if made("target-minus-prediction") else p - g.y)
        d = r(d * p * (1 - p)) if made("extra-sigmoid-derivative") else d
        size = 1 if made("gradient-not-divided") else n
        size = 2 * n if made("divided-by-size") else n - 1 if made("divided-by-one-less") else size
        decay = (1 if made("penalty-gradient-halved") else 2) * g.lam * w
        decay = 0 if made("penalty-gradient-forgotten") else decay
        return r(g.X.T @ d / size + decay), r(d.sum() if made("bias-gradient-summed") else d.mean())

    w, b, old = g["w[0]"], g["b[0]"], g["w[0]"]
    found = {}
    for k in (1, 2):
        p = probabilities(old if made("old-weights-in-second") else w, b)
        gw, gb = gradients(w, p)
        found |= {f"p_{k}": p, f"L_{k}": loss(w, p), f"gw_{k}": gw}
        rate = 1 if made("rate-forgotten") else -g.eta if made("uphill") else g.eta
        rate = rate / k if made("rate-halved-later") else rate
        w_new = r(w - rate * gw)
        if made("first-weight-not-updated"):
            w_new[0] = w[0]
        if made("new-weights-in-bias-gradient"):
            gb = gradients(w_new, probabilities(w_new, b))[1]
        gb = r(gb + 2 * g.lam * b) if made("bias-penalised") else gb
        b = b if made("bias-not-updated") else r(b - rate * gb)
        w = w_new
        found |= {f"gb_{k}": gb, f"w_{k}": w, f"b_{k}": b}
    return found
