"""A linear support vector machine: margins, hinge losses, and one step of subgradient descent."""

import numpy as np

MISTAKES = {
    "label-left-out": ("^m", "factor-left-out"),
    "bias-left-out": ("^m", "term-left-out"),
    "hinge-left-out": ("^l", "relu-left-out"),
    "margin-added": ("^l", "sign-turned"),
    "margin-of-zero": ("^l", "term-left-out"),
    "hinge-squared": ("^l",),
    "losses-summed": ("^L", "sum-for-mean"),
    "penalty-left-out-of-loss": ("^L", "term-left-out"),
    "half-forgotten": ("^R", "factor-left-out"),
    "penalty-not-squared": ("^R",),
    "penalty-missing-in-gradient": ("w", "path-left-out", "term-left-out"),
    "all-points-counted": ("^l|^m|of l", "relu-derivative-forgotten"),
    "only-misclassified-counted": ("^l|^m|of l",),
    "divided-by-violators": ("L",),
    "label-missing-in-gradient": ("^m|^w|^b|w @ x",),
    "gradient-reversed": ("^dL/dw|^dL/db", "sign-turned"),
    "uphill": ("^w_new|^b_new", "sign-turned"),
    "bias-penalised": ("b$",),
    "bias-not-updated": ("^b_new",),
    "new-weights-in-bias-step": ("^b|^w",),
}
COPIED = {
    "sign-of-entry": ("x", [[1.5, 2], [1, 0.5], [0.8, -1.2], [2, 0.4]]),
    "label-miscopied": ("y", [1, 1, -1, 1]),
    "weights-exchanged": ("w", [-0.3, 0.7]),
}


def work(g, r, made):
    """The loss, its subgradient, and the step."""
    n = len(g.x)

    def margins(w):
        score = r(g.x @ w + (0 if made("bias-left-out") else g.b))
        return score if made("label-left-out") else r(g.y * score)

    m = margins(g.w)
    inside = r((0 if made("margin-of-zero") else 1) - (-m if made("margin-added") else m))
    loss = inside if made("hinge-left-out") else np.maximum(inside, 0)
    slope = np.ones(n) if made("hinge-left-out") else (inside > 0) * 1.0
    if made("hinge-squared"):
        slope, loss = r(2 * loss) * slope, r(loss**2)
    squares = (np.abs(g.w) if made("penalty-not-squared") else g.w**2).sum()
    penalty = r(g.lam * squares / (1 if made("half-forgotten") else 2))
    if made("all-points-counted"):
        slope = np.ones(n)
    if made("only-misclassified-counted"):
        slope = (m < 0) * 1.0
    size = 1 if made("losses-summed") else n
    mean = r(loss.sum() / size)
    total = mean if made("penalty-left-out-of-loss") else r(mean + penalty)

    def gradients(slope):
        sign = np.where(made("margin-added"), 1, -1) * slope
        sign = sign if made("label-left-out") or made("label-missing-in-gradient") else sign * g.y
        over = slope.sum() if made("divided-by-violators") else size
        dw = (sign[:, None] * g.x).sum(axis=0) / over
        decay = g.lam * (2 if made("half-forgotten") else 1) * g.w
        decay = g.lam / 2 * np.sign(g.w) if made("penalty-not-squared") else decay
        missing = made("penalty-missing-in-gradient") or made("penalty-left-out-of-loss")
        db = 0 if made("bias-left-out") else sign.sum() / over
        db = db + g.lam * g.b if made("bias-penalised") else db
        turn = -1 if made("gradient-reversed") else 1
        return r(turn * (dw + (0 if missing else decay))), r(turn * db)

    dw, db = gradients(slope)
    step = -g.eta if made("uphill") else g.eta
    w_new = r(g.w - step * dw)
    if made("new-weights-in-bias-step"):
        db = gradients((margins(w_new) < 1) * 1.0)[1]
    return {
        "m": m,
        "l": loss,
        "R": penalty,
        "L": total,
        "dw": dw,
        "db": db,
        "w_new": w_new,
        "b_new": g.b if made("bias-not-updated") else r(g.b - step * db),
    }
