"""Multinomial naive Bayes: counts of words by class, a prior, and the posterior of one text."""

import numpy as np

MISTAKES = {
    "only-numerator-smoothed": ("theta", "term-left-out"),
    "denominator-smoothed-once": ("theta", "factor-left-out"),
    "normalised-over-classes": ("theta",),
    "normalised-over-everything": ("theta",),
    "prior-from-words": ("prior",),
    "docs-averaged": ("prior", "mean-for-sum"),
    "prior-left-out": ("score", "term-left-out"),
    "log-of-sum": ("score",),
    "words-counted-once": ("score",),
    "log-base-10": ("score", "log-base-10"),
    "log-base-2": ("score", "log-base-2"),
    "posterior-without-exponentials": ("posterior", "softmax-without-exponentials"),
    "posterior-of-likelihood": ("posterior",),
    "label-counted-from-one": ("label", "argmax-counted-from-one"),
}
COPIED = {
    "count-miscopied": ("N", [[5, 2, 0, 3], [1, 4, 9, 2]]),
    "words-exchanged": ("x", [1, 3, 2, 0]),
    "documents-exchanged": ("docs", [10, 6], "order-reversed"),
}


def work(g, r, made):
    """Fit the classifier, and classify one text."""
    docs = g.N.sum(axis=1) if made("prior-from-words") else g.docs
    prior = r(docs / (docs.mean() if made("docs-averaged") else docs.sum()))
    axis = 0 if made("normalised-over-classes") else 1
    total = g.N.sum() if made("normalised-over-everything") else g.N.sum(axis=axis, keepdims=True)
    added = 0 if made("only-numerator-smoothed") else g.alpha * g.V
    added = g.alpha if made("denominator-smoothed-once") else added
    theta = r((g.N + g.alpha) / (total + added))
    log = np.log10 if made("log-base-10") else np.log2 if made("log-base-2") else np.log
    x = np.minimum(g.x, 1) if made("words-counted-once") else g.x
    likelihood = r(log(theta)) @ x
    score = r((0 if made("prior-left-out") else log(prior)) + likelihood)
    if made("log-of-sum"):
        score = r(np.log(prior) + np.log(theta @ g.x))
    shown = likelihood if made("posterior-of-likelihood") else score
    e = shown if made("posterior-without-exponentials") else r(np.exp(shown))
    label = int(np.argmax(score)) + made("label-counted-from-one")
    return {
        "prior": prior,
        "theta": theta,
        "score": score,
        "posterior": r(e / e.sum()),
        "label": label,
    }
