"""Expectation maximisation for two normal distributions in one dimension."""

import numpy as np

MISTAKES = {
    "weights-left-out": ("joint", "factor-left-out"),
    "variance-taken-for-deviation": ("^p",),
    "root-forgotten": ("^p", "square-root-left-out"),
    "half-forgotten": ("^p", "factor-left-out"),
    "minus-forgotten": ("^p", "sign-turned", "exponent-sign-turned"),
    "normalised-over-points": ("^r",),
    "log-of-sum": ("^L",),
    "log-left-out": ("^L",),
    "log-likelihood-averaged": ("^L", "mean-for-sum"),
    "old-means-in-variance": ("v_new", "other-quantity", "old-for-updated"),
    "second-mean-not-updated": ("mu_new",),
    "means-divided-by-all": ("mu_new", "other-quantity"),
    "variance-divided-by-one-less": ("v_new",),
    "deviations-not-squared": ("v_new", "factor-left-out"),
    "root-of-variance": ("v_new",),
    "weights-not-divided": ("w_new", "factor-left-out"),
}
COPIED = {
    "digits-exchanged": ("x", [0.5, 2.1, 2.6, 3.9, 5.1]),
    "variances-exchanged": ("v", [1.5, 0.8], "read-backwards"),
    "sign-of-mean": ("mu", [-1.2, 4.6]),
}


def work(g, r, made):
    """The responsibilities, and what follows from them."""
    d = r(g.x[:, None] - g.mu[None, :])
    v = g.v**2 if made("variance-taken-for-deviation") else g.v
    exponent = r(d**2 / (v if made("half-forgotten") else 2 * v))
    scale = r(2 * np.pi * v)
    scale = scale if made("root-forgotten") else r(np.sqrt(scale))
    p = r(np.exp(exponent if made("minus-forgotten") else -exponent) / scale)
    joint = p if made("weights-left-out") else r(g.w * p)
    evidence = r(joint.sum(axis=1))
    total = (
        joint.sum(axis=0, keepdims=True) if made("normalised-over-points") else evidence[:, None]
    )
    resp = r(joint / total)
    likelihood = np.log(evidence.sum()) if made("log-of-sum") else r(np.log(evidence)).sum()
    likelihood = evidence.sum() if made("log-left-out") else likelihood
    n = len(g.x)
    nk = r(resp.sum(axis=0))
    size = n if made("means-divided-by-all") else nk
    mu = r(r(resp * g.x[:, None]).sum(axis=0) / size)
    if made("second-mean-not-updated"):
        mu[1] = g.mu[1]
    d = r(g.x[:, None] - (g.mu if made("old-means-in-variance") else mu))
    d = d if made("deviations-not-squared") else r(d**2)
    size = nk - 1 if made("variance-divided-by-one-less") else nk
    var = r(r(resp * d).sum(axis=0) / size)
    return {
        "p": p,
        "r": resp,
        "L": r(likelihood / n if made("log-likelihood-averaged") else likelihood),
        "Nk": nk,
        "mu_new": mu,
        "v_new": r(np.sqrt(var)) if made("root-of-variance") else var,
        "w_new": nk if made("weights-not-divided") else r(nk / n),
    }
