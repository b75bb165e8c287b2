"""Principal components in the plane: the covariance, its spectrum, and the projection."""

import numpy as np

MISTAKES = {
    "not-centred": ("^S|^C",),
    "divided-by-n": ("^S", "term-left-out"),
    "not-divided": ("^S", "factor-left-out"),
    "quarter-forgotten": ("^l", "factor-left-out"),
    "determinant-added": ("^l|^D", "sign-turned", "determinant-sign"),
    "root-forgotten": ("^l", "square-root-left-out"),
    "ratio-of-eigenvalues": ("share",),
    "ratio-of-roots": ("share",),
    "second-eigenvector": ("^u", "other-quantity"),
    "not-normalised": ("^v", "factor-left-out"),
    "divided-by-sum": ("^v",),
    "divided-by-squared-norm": ("^v", "norm-squared"),
    "data-not-centred-in-scores": ("^z", "other-quantity"),
    "mean-not-added-back": ("Xhat", "term-left-out"),
    "error-averaged": ("^E",),
}
COPIED = {
    "entry-miscopied": ("X", [[2, 1], [3, 4], [5, 3], [6, 1], [9, 8]]),
    "row-exchanged": ("X", [[2, 1], [3, 4], [5, 3], [7, 6], [9, 8]]),
}


def work(g, r, made):
    """Everything by the formulas for a matrix of two rows."""
    n = len(g.X)
    m = r(g.X.mean(axis=0))
    c = r(g.X - m)
    base = g.X if made("not-centred") else c
    size = n if made("divided-by-n") else 1 if made("not-divided") else n - 1
    s = r(base.T @ base / size)
    (a, b), (_, d) = s
    det = r(a * d - b * b)
    half = (a + d) / 2
    square = r(half**2 * (4 if made("quarter-forgotten") else 1))
    inside = r(square + det if made("determinant-added") else square - det)
    root = inside if made("root-forgotten") else r(np.sqrt(inside))
    l1, l2 = r(half + root), r(half - root)
    share = r(l1 / l2 if made("ratio-of-eigenvalues") else l1 / (l1 + l2))
    if made("ratio-of-roots"):
        share = r(np.sqrt(l1) / (np.sqrt(l1) + np.sqrt(l2)))
    u = np.array([b, r((l2 if made("second-eigenvector") else l1) - a)])
    length = r(np.sqrt((u**2).sum()))
    length = u.sum() if made("divided-by-sum") else length
    length = r(length**2) if made("divided-by-squared-norm") else length
    v = u if made("not-normalised") else r(u / length)
    z = r((g.X if made("data-not-centred-in-scores") else c) @ v)
    back = r(np.outer(z, v))
    back = back if made("mean-not-added-back") else r(back + m)
    error = r(((g.X - back) ** 2).sum())
    return {
        "m": m,
        "S": s,
        "l1": l1,
        "l2": l2,
        "share": share,
        "v": v,
        "z": z,
        "Xhat": back,
        "E": r(error / n) if made("error-averaged") else error,
    }
