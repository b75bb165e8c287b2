"""Median and spread of a sample, its likelihood, and the divergence of two distributions."""

import numpy as np

MISTAKES = {
    "mean-for-median": ("^med", "mean-for-median"),
    "median-not-sorted": ("^med", "median-not-sorted"),
    "lower-of-two": ("^med", "lower-of-two-medians"),
    "deviations-averaged": ("^mad", "mean-for-median"),
    "signs-kept": ("^mad",),
    "population-variance": ("^v", "variance-with-other-divisor"),
    "variance-not-divided": ("^v", "variance-not-divided"),
    "mean-not-subtracted": ("^v", "variance-mean-not-subtracted"),
    "divided-by-variance": ("^z", "square-root-left-out", "other-quantity"),
    "not-centred": ("^z", "term-left-out"),
    "variance-for-deviation": ("^d", "square-root-left-out", "other-quantity"),
    "exponent-not-halved": ("^d", "density-exponent-not-halved"),
    "factor-forgotten": ("^d", "density-not-normalised"),
    "deviation-missing-in-factor": ("^d", "density-deviation-missing-in-factor"),
    "log-of-sum": ("^ll",),
    "log-likelihood-averaged": ("^ll", "mean-for-sum"),
    "entropy-in-nats": ("^H", "entropy-in-other-units"),
    "entropy-sign": ("^H", "entropy-sign-missing", "sign-turned"),
    "divergence-turned": ("^D", "divergence-the-other-way-round"),
    "cross-entropy": ("^D", "cross-entropy-for-divergence"),
    "others-counted": ("^far",),
}
COPIED = {
    "digits-exchanged": ("x", [3.1, 0.4, 2.2, 8.7, 1.5, 2.9]),
}


def work(g, r, made):
    """One quantity after the other."""
    x, n = g.x, len(g.x)
    ordered = x if made("median-not-sorted") else np.sort(x)
    med = ordered[n // 2 - 1] if made("lower-of-two") else ordered[n // 2 - 1 : n // 2 + 1].mean()
    med = r(x.mean() if made("mean-for-median") else med)
    apart = r(x - med)
    apart = apart if made("signs-kept") else np.abs(apart)
    mad = r(apart.mean() if made("deviations-averaged") else np.sort(apart)[2:4].mean())
    mu = r(x.mean())
    centred = r(x - mu)
    squares = r((x if made("mean-not-subtracted") else centred) ** 2).sum()
    size = n if made("population-variance") else 1 if made("variance-not-divided") else n - 1
    v = r(squares / size)
    s = r(np.sqrt(v))
    z = r((x if made("not-centred") else centred) / (v if made("divided-by-variance") else s))
    sigma = v if made("variance-for-deviation") else s
    exponent = r(centred**2 / ((1 if made("exponent-not-halved") else 2) * r(sigma**2)))
    scale = r(np.sqrt(2 * np.pi)) * (1 if made("deviation-missing-in-factor") else sigma)
    d = r(r(np.exp(-exponent)) / (1 if made("factor-forgotten") else r(scale)))
    logs = r(np.log(d))
    ll = np.log(d.sum()) if made("log-of-sum") else logs.sum()
    log = np.log if made("entropy-in-nats") else np.log2
    entropy = r(g.p * r(log(g.p))).sum() * (1 if made("entropy-sign") else -1)
    p, q = (g.q, g.p) if made("divergence-turned") else (g.p, g.q)
    ratio = r(-np.log(q)) if made("cross-entropy") else r(np.log(r(p / q)))
    far = np.count_nonzero(np.abs(x - med) > 2 * mad)
    return {
        "med": med,
        "mad": mad,
        "mu": mu,
        "v": v,
        "z": z,
        "d": d,
        "ll": r(ll / n if made("log-likelihood-averaged") else ll),
        "H": r(entropy),
        "D": r(r(p * ratio).sum()),
        "far": n - far if made("others-counted") else far,
    }
