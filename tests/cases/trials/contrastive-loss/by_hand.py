"""InfoNCE in both directions, from normalised vectors, with a temperature."""

import numpy as np

MISTAKES = {
    "not-normalised": ("^a|^b|^C",),
    "only-images-normalised": ("^b", "factor-left-out"),
    "squared-norm": ("^a|^b", "norm-squared"),
    "normalised-by-columns": ("^a|^b",),
    "city-block-norm": ("^a|^b",),
    "temperature-forgotten": ("^S", "factor-left-out"),
    "temperature-multiplied": ("^S|C", "multiplied-instead-of-divided"),
    "texts-not-transposed": ("^C", "transposed", "rows-for-columns"),
    "softmax-over-other-axis": ("^P", "softmax-wrong-axis"),
    "softmax-over-everything": ("^P",),
    "pair-left-out-below": ("^P", "softmax-odds"),
    "log-base-10": ("^l|^L2", "cross-entropy-log-base-10"),
    "losses-summed": ("^L", "sum-for-mean"),
    "log-of-mean": ("^L",),
    "divided-by-all-pairs": ("^L",),
    "same-direction-twice": ("^L2|^L", "transposed", "softmax-wrong-axis"),
    "directions-added": ("^L$", "factor-left-out"),
    "mean-forgotten-going-back": ("", "mean-factor-dropped-in-gradient"),
    "temperature-forgotten-going-back": ("C|S", "factor-left-out"),
    "target-minus-prediction": ("", "prediction-minus-target-reversed", "sign-slip"),
    "softmax-derivative-diagonal-only": ("", "softmax-derivative-diagonal-only"),
}
COPIED = {
    "temperature-decimal-point": ("tau", 0.04),
    "text-digit": ("B", [[0.8, 1.5], [-2, 0.8], [1.1, -0.4]]),
    "image-entries-exchanged": ("A", [[2, 1], [-1, 0.5], [0.6, -1.4]], "order-reversed"),
}


def work(g, r, made):
    """Both losses, and the gradient of the first."""
    n = 3

    def unit(x):
        axis = 0 if made("normalised-by-columns") else 1
        length = np.sqrt((x**2).sum(axis=axis, keepdims=True))
        length = np.abs(x).sum(axis=1, keepdims=True) if made("city-block-norm") else length
        return r(x / r(length**2 if made("squared-norm") else length))

    a = g.A if made("not-normalised") else unit(g.A)
    b = g.B if made("not-normalised") or made("only-images-normalised") else unit(g.B)
    c = r(a @ b.T)
    c = c.T if made("texts-not-transposed") else c
    tau = 1 if made("temperature-forgotten") else g.tau
    s = r(c * tau if made("temperature-multiplied") else c / tau)

    def softmax(s):
        e = r(np.exp(s))
        if made("softmax-over-everything"):
            return r(e / e.sum())
        if made("pair-left-out-below"):
            return r(e / (e.sum(axis=1, keepdims=True) - e))
        return r(e / e.sum(axis=0 if made("softmax-over-other-axis") else 1, keepdims=True))

    log = np.log10 if made("log-base-10") else np.log
    size = 1 if made("losses-summed") else n * n if made("divided-by-all-pairs") else n

    def mean(p):
        if made("log-of-mean"):
            return r(-np.log(np.diag(p).mean()))
        return r(-r(log(np.diag(p))).sum() / size)

    p = softmax(s)
    one = mean(p)
    two = one if made("same-direction-twice") else mean(softmax(s.T))
    eye = np.eye(n)
    delta = r(p - eye)
    delta = -delta if made("target-minus-prediction") else delta
    delta = r(-eye * (1 - p)) if made("softmax-derivative-diagonal-only") else delta
    ds = r(delta / (1 if made("mean-forgotten-going-back") else size))
    dc = r(ds * tau if made("temperature-multiplied") else ds / tau)
    return {
        "a_0": a[0],
        "b_1": b[1],
        "C": c,
        "P": p,
        "l": r(-log(np.diag(p))),
        "L1": one,
        "L2": two,
        "L": r(one + two) if made("directions-added") else r((one + two) / 2),
        "dS": ds,
        "dC": ds if made("temperature-forgotten-going-back") else dc,
    }
