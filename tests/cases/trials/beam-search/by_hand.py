"""Beam search: log probabilities of three words, two hypotheses kept."""

import numpy as np

MISTAKES = {
    "log-base-10": ("^s|^c|^f", "log-base-10"),
    "log-base-2": ("^s|^c|^f", "log-base-2"),
    "negative-log": ("^s|^c|^f", "sign-turned"),
    "score-so-far-forgotten": ("^c", "term-left-out"),
    "score-so-far-forgotten-later": ("^f", "term-left-out"),
    "log-of-sum": ("^c|^f",),
    "columns-for-rows": ("^c|^f",),
    "same-first-word": ("^c1", "other-entry"),
    "smallest-kept": ("second|best", "smallest-for-largest-entry"),
    "index-within-beam": ("^at",),
    "greedy": ("best|^f",),
    "not-normalised": ("normalised", "factor-left-out"),
    "normalised-by-length": ("normalised", "factor-left-out"),
    "length-without-last": ("normalised|perplexity",),
    "normalised-by-product": ("normalised", "multiplied-by-exponent"),
    "perplexity-not-averaged": ("perplexity", "factor-left-out"),
    "perplexity-sign": ("perplexity", "sign-turned", "exponent-sign-turned"),
}
COPIED = {
    "digits-exchanged": ("p", [0.5, 0.53, 0.15]),
    "row-of-other-word": (
        "T",
        [[0.3, 0.3, 0.4], [0.25, 0.25, 0.5], [0.1, 0.7, 0.2]],
        "other-entry",
    ),
    "entries-exchanged": ("E", [[0.2, 0.5, 0.3], [0.6, 0.3, 0.1], [0.3, 0.25, 0.45]]),
}


def work(g, r, made):
    """Two beams over three steps; the sheet fixes which are kept."""
    base = np.log10 if made("log-base-10") else np.log2 if made("log-base-2") else np.log
    sign = -1 if made("negative-log") else 1

    def log(p):
        return r(sign * base(p))

    t, e = (g.T.T, g.E.T) if made("columns-for-rows") else (g.T, g.E)
    s = log(g.p)
    first = 0 if made("score-so-far-forgotten") else 1
    later = 0 if made("score-so-far-forgotten-later") else 1
    if made("log-of-sum"):
        c0, c1 = log(g.p[0] + t[0]), log(g.p[1] + t[1])
        f0, f1 = log(np.exp(c1[1]) + e[1]), log(np.exp(c0[2]) + e[2])
    else:
        c0 = r(first * s[0] + log(t[0]))
        c1 = r(first * s[0 if made("same-first-word") else 1] + log(t[1]))
        f0, f1 = r(later * c1[1] + log(e[1])), r(later * c0[2] + log(e[2]))
    choose = np.min if made("smallest-kept") else np.max
    best = np.max(f1) if made("greedy") else choose([f0, f1])
    at = int(np.argmax([c0, c1]))
    length = 2 if made("length-without-last") else 3
    below = r(3 * g.power if made("normalised-by-product") else length**g.power)
    below = length if made("normalised-by-length") else below
    mean = best if made("perplexity-not-averaged") else r(best / length)
    return {
        "s": s,
        "c0": c0,
        "c1": c1,
        "second": choose([c0, c1]),
        "at": at % 3 if made("index-within-beam") else at,
        "f0": f0,
        "f1": f1,
        "best": best,
        "normalised": best if made("not-normalised") else r(best / below),
        "perplexity": r(np.exp(mean if made("perplexity-sign") else -mean)),
    }
