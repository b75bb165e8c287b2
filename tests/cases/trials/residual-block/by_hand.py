"""A residual block: two layers beside a skip, layer normalisation after the sum, and back."""

import numpy as np

EPS = 0.01
MISTAKES = {
    "skip-forgotten": ("^r", "term-left-out"),
    "skip-multiplied": ("^r",),
    "relu-forgotten": ("^h", "relu-left-out"),
    "relu-after-sum": ("^r|^h|^f",),
    "bias-forgotten": ("^f", "term-left-out"),
    "variance-of-one-less": ("var", "variance-with-other-divisor"),
    "variance-not-divided": ("var|r", "variance-not-divided", "factor-left-out"),
    "eps-forgotten": ("^n", "term-left-out"),
    "eps-outside-root": ("^n", "brackets-misplaced"),
    "divided-by-variance": ("n|sqrt|var", "square-root-left-out", "factor-left-out"),
    "mean-not-subtracted": ("^n", "term-left-out"),
    "gamma-and-beta-exchanged": ("^y|gamma", "exchanged"),
    "beta-forgotten": ("^y", "term-left-out"),
    "half-forgotten": ("^L", "factor-left-out"),
    "loss-averaged": ("^L", "mean-for-sum"),
    "gamma-forgotten-going-back": ("n|y", "factor-left-out"),
    "statistics-held-fixed": ("r", "path-left-out"),
    "only-variance-held-fixed": ("r", "path-left-out"),
    "skip-forgotten-going-back": ("x", "path-left-out"),
    "only-skip-going-back": ("x", "path-left-out"),
    "relu-mask-forgotten": ("of h|z", "relu-derivative-forgotten"),
    "gradient-at-output": ("gamma|n|y", "other-quantity"),
}
COPIED = {
    "weight-digit": (
        "W2",
        [[0.7, -0.5, 0.2, 0.6], [0.7, 0.8, -0.3, 0.4], [-0.9, 0.3, 0.5, -0.2]],
    ),
    "input-sign": ("x", [1.2, 0.7, 0.4]),
    "gammas-exchanged": ("gamma", [0.8, 1.5, 1.1]),
}


def work(g, r, made):
    """Forward and back."""
    z = r(g.W1 @ g.x + g.b1)
    free = made("relu-forgotten") or made("relu-after-sum")
    h = z if free else np.maximum(z, 0)
    f = r(g.W2 @ h + (0 if made("bias-forgotten") else g.b2))
    s = f if made("skip-forgotten") else r(g.x * f if made("skip-multiplied") else g.x + f)
    gate = (s > 0) * 1.0 if made("relu-after-sum") else 1.0
    s = s * gate
    k = len(s)
    mu = r(s.mean())
    size = 1 if made("variance-not-divided") else k - 1 if made("variance-of-one-less") else k
    var = r(r((s - mu) ** 2).sum() / size)
    sd = r(np.sqrt(var + (0 if made("eps-forgotten") else EPS)))
    sd = r(np.sqrt(var) + EPS) if made("eps-outside-root") else sd
    sd = r(var + EPS) if made("divided-by-variance") else sd
    n = r((s if made("mean-not-subtracted") else s - mu) / sd)
    gamma, beta = (g.beta, g.gamma) if made("gamma-and-beta-exchanged") else (g.gamma, g.beta)
    y = r(gamma * n + (0 if made("beta-forgotten") else beta))
    error = r(y - g.goal)
    loss = r((error**2).mean() if made("loss-averaged") else (error**2).sum())
    loss = loss if made("half-forgotten") else r(loss / 2)
    dy = r(error * 2) if made("half-forgotten") else error
    dy = r(dy / k) if made("loss-averaged") else dy
    dn = dy if made("gamma-forgotten-going-back") else r(dy * gamma)
    centre = 0 if made("mean-not-subtracted") else dn.mean()
    # sd depends on r through the variance: dsd/dr = share * (r - mu).
    share = 1 / (size * sd)
    share = 2 / size if made("divided-by-variance") else share
    share = 1 / (size * np.sqrt(var)) if made("eps-outside-root") else share
    through = (dn * n).sum() * share * (s - mu)
    dr = r((dn - centre - through) / sd)
    if made("statistics-held-fixed"):
        dr = r(dn / sd)
    if made("only-variance-held-fixed"):
        dr = r((dn - centre) / sd)
    passed = dr * gate
    df = r(passed * g.x) if made("skip-multiplied") else passed
    dh = r(g.W2.T @ df)
    dz = dh if free or made("relu-mask-forgotten") else dh * (z > 0)
    block = r(g.W1.T @ dz)
    skip = 0 if made("skip-forgotten") or made("skip-forgotten-going-back") else passed
    skip = r(passed * f) if made("skip-multiplied") else skip
    return {
        "h": h,
        "f": f,
        "r": s,
        "mu": mu,
        "var": var,
        "n": n,
        "y": y,
        "L": loss,
        "dgamma": r(dy * (y if made("gradient-at-output") else n)),
        "dn": dn,
        "dr": dr,
        "dW2": r(np.outer(df, h)),
        "dx": passed if made("only-skip-going-back") else r(block + skip),
    }
