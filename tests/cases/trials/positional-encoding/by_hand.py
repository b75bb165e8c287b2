"""Sines and cosines of the position, added to scaled embeddings; causal attention."""

import numpy as np

MISTAKES = {
    "counted-from-one": ("pe",),
    "degrees": ("pe",),
    "sine-and-cosine-exchanged": ("pe", "exchanged", "sine-for-cosine", "cosine-for-sine"),
    "sines-then-cosines": ("pe",),
    "exponent-without-two": ("rate",),
    "position-divided-by-base": ("rate",),
    "rate-inverted": ("rate", "quotient-inverted"),
    "same-rate-everywhere": ("pe", "factor-left-out"),
    "embedding-not-scaled": ("^x", "factor-left-out"),
    "scaled-by-width": ("^x", "square-root-left-out"),
    "sum-scaled": ("^x", "brackets-misplaced"),
    "multiplied-for-added": ("^x",),
    "scores-not-scaled": ("^A|^O", "attention-weights-not-scaled"),
    "scores-divided-by-width": ("^A|^O", "attention-weights-divided-by-width"),
    "mask-forgotten": ("^A|^O", "attention-weights-mask-left-out"),
    "masked-with-zero": ("^A|^O", "attention-weights-masked-with-zero"),
    "masked-after-softmax": ("^A|^O", "attention-weights-masked-after-softmax"),
    "mask-transposed": ("^A|^O", "attention-weights-mask-transposed"),
    "over-queries": ("^A|^O", "attention-weights-over-queries"),
    "embeddings-attended": ("^O", "other-quantity"),
}
COPIED = {
    "embedding-row": (
        "E",
        [[0.4, -0.2, 0.7, 0.1], [-0.5, 0.3, 0.2, 0.6], [0.1, 0.8, 0.4, -0.3]],
    ),
    "base-miscopied": ("base", 1000),
}


def work(g, r, made):
    """Three positions of width four."""
    exponent = 1 / g.d if made("exponent-without-two") else 2 / g.d
    rate = 1 / g.base if made("position-divided-by-base") else 1 / g.base**exponent
    rate = r(1 / rate if made("rate-inverted") else rate)
    n = np.arange(3) + made("counted-from-one")
    slow = n if made("same-rate-everywhere") else n * rate
    angles = [np.radians(one) if made("degrees") else one for one in (n, slow)]
    s, c = [np.sin(one) for one in angles], [np.cos(one) for one in angles]
    if made("sine-and-cosine-exchanged"):
        s, c = c, s
    columns = [s[0], c[0], s[1], c[1]]
    columns = [*s, *c] if made("sines-then-cosines") else columns
    pe = r(np.stack(columns, axis=1))
    scale = g.d if made("scaled-by-width") else np.sqrt(g.d)
    scaled = g.E if made("embedding-not-scaled") else r(scale * g.E)
    x = r(scaled * pe if made("multiplied-for-added") else scaled + pe)
    x = r(scale * (g.E + pe)) if made("sum-scaled") else x
    below = 1 if made("scores-not-scaled") else g.d if made("scores-divided-by-width") else 2
    scores = r(x @ x.T / below)
    seen = np.tril(np.ones((3, 3))) > 0
    seen = seen.T if made("mask-transposed") else seen
    if made("mask-forgotten") or made("masked-after-softmax"):
        e = np.exp(scores)
    elif made("masked-with-zero"):
        e = np.exp(np.where(seen, scores, 0))
    else:
        e = np.where(seen, np.exp(scores), 0)
    e = r(e)
    a = r(e / e.sum(axis=0 if made("over-queries") else 1, keepdims=not made("over-queries")))
    a = a * seen if made("masked-after-softmax") else a
    return {
        "rate": rate,
        "pe_1": pe[1],
        "pe_2": pe[2],
        "x_1": x[1],
        "x_2": x[2],
        "A": a,
        "O": r(a @ (g.E if made("embeddings-attended") else x)),
    }
