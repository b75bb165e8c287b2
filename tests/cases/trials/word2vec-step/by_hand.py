"""Skip-gram with negative sampling: the loss of a pair and two negatives, and one step."""

import numpy as np

MISTAKES = {
    "only-the-pair": ("^L|^p",),
    "negatives-as-positives": ("^L",),
    "loss-averaged": ("^L", "mean-for-sum"),
    "log-base-2": ("^L", "binary-cross-entropy-log-base-2"),
    "sign-lost": ("^L", "binary-cross-entropy-sign-lost", "sign-turned"),
    "softmax-for-sigmoid": ("^p",),
    "prediction-minus-target-reversed": ("", "target-minus-probability", "sign-slip"),
    "target-not-subtracted": ("", "binary-target-not-subtracted"),
    "extra-sigmoid-derivative": ("", "extra-sigmoid-derivative"),
    "negatives-not-in-gradient": ("v|s",),
    "not-transposed-going-back": ("v|s", "transpose-forgotten-going-back"),
    "context-in-its-own-gradient": ("U|s",),
    "gradient-transposed": ("U|s", "outer-product-transposed", "rows-for-columns"),
    "uphill": ("_new", "sign-turned"),
    "rate-forgotten": ("_new", "factor-left-out"),
    "negatives-not-updated": ("U_new",),
    "centre-not-updated": ("v_new",),
    "new-centre-in-context-gradient": ("U|s",),
    "old-context-in-new-loss": ("L_new", "other-quantity", "old-for-updated"),
}
COPIED = {
    "label-miscopied": ("y", [1, 1, 0]),
    "context-digit": ("U", [[0.9, 0.1, -0.5], [-0.3, 0.3, 0.6], [0.5, -0.2, 1.1]]),
    "centre-entries-exchanged": ("v", [-0.7, 0.4, 0.2]),
}


def work(g, r, made):
    """The loss before and after one step."""
    log = np.log2 if made("log-base-2") else np.log

    def sigmoid(s):
        e = np.exp(s)
        return r(e / e.sum()) if made("softmax-for-sigmoid") else r(1 / (1 + np.exp(-s)))

    def loss(p):
        chosen = np.where(g.y > 0, p, p if made("negatives-as-positives") else 1 - p)
        terms = r(log(chosen))[: 1 if made("only-the-pair") else None]
        terms = terms if made("sign-lost") else -terms
        return r(terms.mean() if made("loss-averaged") else terms.sum())

    s = r(g.U @ g.v)
    p = sigmoid(s)
    ds = p if made("target-not-subtracted") else r(p - g.y)
    ds = -ds if made("prediction-minus-target-reversed") else ds
    ds = r(ds / 3) if made("loss-averaged") else ds
    ds = r(ds * p * (1 - p)) if made("extra-sigmoid-derivative") else ds
    ds = ds * np.array([1, 0, 0]) if made("only-the-pair") else ds
    ds = np.where(g.y > 0, ds, p - 1) if made("negatives-as-positives") else ds
    dv = r((g.U if made("not-transposed-going-back") else g.U.T) @ ds)
    dv = r(g.U[0] * ds[0]) if made("negatives-not-in-gradient") else dv
    step = 1 if made("rate-forgotten") else -g.eta if made("uphill") else g.eta
    v_new = g.v if made("centre-not-updated") else r(g.v - step * dv)
    du = np.outer(ds, v_new if made("new-centre-in-context-gradient") else g.v)
    du = r(ds[:, None] * g.U if made("context-in-its-own-gradient") else du)
    du = du.T if made("gradient-transposed") else du
    u_new = r(g.U - step * du)
    if made("negatives-not-updated"):
        u_new[1:] = g.U[1:]
    last = g.U if made("old-context-in-new-loss") else u_new
    return {
        "s": s,
        "p": p,
        "L": loss(p),
        "ds": ds,
        "dv": dv,
        "dU": du,
        "v_new": v_new,
        "U_new": u_new,
        "L_new": loss(sigmoid(r(last @ v_new))),
    }
