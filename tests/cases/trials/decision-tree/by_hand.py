"""Entropies, information gain, gain ratio and Gini impurity of one split."""

import numpy as np

MISTAKES = {
    "natural-log": ("^H|^h|^split", "natural-log-for-base-2"),
    "log-base-10": ("^H|^h|^split",),
    "entropy-sign-lost": ("^H|^h", "sign-turned"),
    "one-class-only": ("^H|^h",),
    "share-of-all-examples": ("^q|^h",),
    "share-of-class": ("^q|^h",),
    "children-not-weighted": ("^R", "factor-left-out"),
    "children-averaged": ("^R",),
    "weights-of-positives": ("^a|^R",),
    "gain-reversed": ("gain", "sign-turned", "sign-slip"),
    "gain-added": ("gain", "sign-turned"),
    "last-child-forgotten": ("^R", "step-left-out"),
    "ratio-inverted": ("ratio", "quotient-inverted"),
    "ratio-by-entropy": ("ratio", "other-quantity"),
    "gini-not-subtracted": ("gini", "complement-forgotten"),
    "gini-not-squared": ("gini", "factor-left-out"),
    "gini-children-not-weighted": ("gini_after", "factor-left-out"),
    "gini-difference": ("gini_after",),
}
COPIED = {
    "count-miscopied": ("n", [[2, 3], [4, 1], [8, 4]]),
    "counts-exchanged": ("n", [[2, 3], [1, 4], [3, 4]]),
}


def work(g, r, made):
    """The quality of a split into three children, for two classes."""
    log = np.log if made("natural-log") else np.log10 if made("log-base-10") else np.log2
    sign = 1 if made("entropy-sign-lost") else -1
    total = g.n.sum()

    def entropy(p):
        terms = r(p * r(log(p)))
        return r(sign * (terms[..., 0] if made("one-class-only") else terms.sum(axis=-1)))

    p = r(g.n.sum(axis=0) / total)
    own = g.n.sum(axis=1, keepdims=True)
    own = total if made("share-of-all-examples") else own
    own = g.n.sum(axis=0) if made("share-of-class") else own
    q = r(g.n / own)
    a = r(g.n.sum(axis=1) / total)
    if made("weights-of-positives"):
        a = r(g.n[:, 0] / g.n[:, 0].sum())
    whole, h = entropy(p), entropy(q)
    weights = np.ones(3) if made("children-not-weighted") else a
    weights = np.full(3, 1 / 3) if made("children-averaged") else weights
    weights = weights * np.array([1, 1, 0]) if made("last-child-forgotten") else weights
    rest = r((weights * h).sum())
    gain = r(whole + rest if made("gain-added") else whole - rest)
    gain = -gain if made("gain-reversed") else gain
    split = r(-r(a * r(log(a))).sum())
    ratio = r(gain / (whole if made("ratio-by-entropy") else split))

    def impurity(p):
        squares = r((p if made("gini-not-squared") else p**2).sum(axis=-1))
        return squares if made("gini-not-subtracted") else r(1 - squares)

    gini = impurity(p)
    after = r((impurity(q) * (1 if made("gini-children-not-weighted") else a)).sum())
    return {
        "H": whole,
        "h": h,
        "R": rest,
        "gain": gain,
        "split": split,
        "ratio": r(split / gain) if made("ratio-inverted") else ratio,
        "gini": gini,
        "gini_after": r(gini - after) if made("gini-difference") else after,
    }
