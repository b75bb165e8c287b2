"""BLEU with four orders of n-grams, and ROUGE-L."""

import numpy as np

MISTAKES = {
    "not-clipped": ("p1",),
    "every-word-once": ("p1",),
    "over-reference-length": ("p1", "other-quantity"),
    "precisions-inverted": ("^p$", "quotient-inverted"),
    "arithmetic-mean": ("^G",),
    "root-forgotten": ("^G", "factor-left-out"),
    "exponential-forgotten": ("^G|bleu",),
    "log-base-10": ("^G", "log-base-10"),
    "log-of-sum": ("^G",),
    "divided-by-three": ("^G",),
    "unigrams-left-out": ("^G", "term-left-out"),
    "penalty-left-out": ("bleu", "factor-left-out"),
    "penalty-inverted": ("BP", "quotient-inverted", "exchanged"),
    "penalty-as-ratio": ("BP",),
    "penalty-sign": ("BP", "sign-turned", "exponent-sign-turned"),
    "penalty-divided": ("bleu", "operation-exchanged"),
    "precision-and-recall-exchanged": ("^P|^R|^r|^c", "exchanged"),
    "f-as-mean": ("^F",),
    "f-without-two": ("^F", "factor-left-out"),
}
COPIED = {
    "matches-exchanged": ("m", [3, 5, 1]),
    "reference-length-miscopied": ("r", 12),
    "count-miscopied": ("n", [7, 6, 4]),
}


def work(g, r, made):
    """From counts to scores."""
    common = g.cand if made("not-clipped") else np.minimum(g.cand, g.ref)
    common = np.minimum(common, 1) if made("every-word-once") else common
    total = g.ref.sum() if made("over-reference-length") else g.cand.sum()
    p1 = r(common.sum() / total)
    p = r(g.n / g.m if made("precisions-inverted") else g.m / g.n)
    every = np.array([p1, *p])
    log = np.log10 if made("log-base-10") else np.log
    logs = r(log(p[:] if made("unigrams-left-out") else every)).sum()
    logs = np.log(every.sum()) if made("log-of-sum") else logs
    mean = logs if made("root-forgotten") else r(logs / (3 if made("divided-by-three") else 4))
    score = mean if made("exponential-forgotten") else r(np.exp(mean))
    score = r(every.mean()) if made("arithmetic-mean") else score
    inside = r(g.c / g.r if made("penalty-inverted") else g.r / g.c)
    inside = r(inside - 1 if made("penalty-sign") else 1 - inside)
    penalty = r(g.c / g.r) if made("penalty-as-ratio") else r(np.exp(inside))
    penalty = penalty if made("penalty-inverted") or made("penalty-sign") else min(1, penalty)
    bleu = r(score / penalty if made("penalty-divided") else score * penalty)
    recall, precision = r(g.lcs / g.r), r(g.lcs / g.c)
    if made("precision-and-recall-exchanged"):
        recall, precision = precision, recall
    f = r(2 * precision * recall / (precision + recall))
    f = r((precision + recall) / 2) if made("f-as-mean") else f
    return {
        "p1": p1,
        "p": p,
        "G": score,
        "BP": penalty,
        "bleu": score if made("penalty-left-out") else bleu,
        "R": recall,
        "P": precision,
        "F": r(f / 2) if made("f-without-two") else f,
    }
