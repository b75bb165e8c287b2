"""Max pooling with padding, average pooling one step at a time, a dense layer, and back."""

import numpy as np

MISTAKES = {
    "padding-wins": ("^M", "max-pool-zero-padding"),
    "average-for-max": ("^M", "average-pool-for-max"),
    "smallest-for-max": ("^M", "min-pool-for-max"),
    "max-pooled-without-padding": ("^M",),
    "max-for-average": ("^A", "max-pool-for-average"),
    "average-summed": ("^A", "avg-pool-summed"),
    "average-by-window": ("^A",),
    "read-by-columns": ("^f|^z",),
    "bias-forgotten": ("^z", "term-left-out"),
    "exponentials-forgotten": ("^p", "softmax-without-exponentials"),
    "logarithm-base-10": ("^L", "cross-entropy-log-base-10"),
    "class-from-one": ("^L|y", "class-before-target", "given-miscopied"),
    "target-not-subtracted": ("",),
    "average-gradient-not-shared": ("", "avg-pool-gradient-not-shared"),
    "max-gradient-to-all": ("", "max-pool-gradient-to-all"),
    "max-gradient-shared": ("", "max-pool-gradient-shared"),
    "edges-counted": ("^E", "avg-pool-padding-counted-otherwise"),
}
COPIED = {
    "weight-sign": ("W", [[0.3, 0.2, 0.5, 0.1], [-0.4, 0.6, 0.2, -0.1], [0.2, 0.3, -0.5, 0.4]]),
}


def windows(n, size, stride, padding):
    """The rows (or columns) under each window."""
    count = (n + 2 * padding - size) // stride + 1
    starts = [stride * k - padding for k in range(count)]
    return [[at for at in range(s, s + size) if 0 <= at < n] for s in starts]


def work(g, r, made):
    """Forward, and the gradient of every layer."""
    x = g.X
    rows = windows(5, 3, 2, 0 if made("max-pooled-without-padding") else 1)
    at = [[np.ix_(a, b) for b in rows] for a in rows]

    def pooled(part):
        if made("average-for-max"):
            return part.mean()
        if made("smallest-for-max"):
            return part.min()
        return max(part.max(), 0) if made("padding-wins") and part.size < 9 else part.max()

    m = r(np.array([[pooled(x[one]) for one in line] for line in at]))
    n = len(m)
    step = 2 if made("average-by-window") else 1
    shared = 4
    spots = [(i, j) for i in range(0, n - 1, step) for j in range(0, n - 1, step)]
    blocks = [m[i : i + 2, j : j + 2] for i, j in spots]
    if made("max-for-average"):
        a = [block.max() for block in blocks]
    else:
        a = [block.sum() / (1 if made("average-summed") else 4) for block in blocks]
    side = int(np.sqrt(len(a)))
    a = r(np.array(a).reshape(side, side))
    f = a.ravel(order="F" if made("read-by-columns") else "C")
    w = g.W[:, : len(f)]
    z = r(w @ f + (0 if made("bias-forgotten") else g.b))
    e = z if made("exponentials-forgotten") else r(np.exp(z))
    p = r(e / e.sum())
    y = int(g.y) - (1 if made("class-from-one") else 0)
    loss = r(-(np.log10 if made("logarithm-base-10") else np.log)(abs(p[y])))
    dz = p.copy()
    if not made("target-not-subtracted"):
        dz[y] -= 1
    df = r(w.T @ dz)
    da = df.reshape(side, side, order="F" if made("read-by-columns") else "C")
    dm = np.zeros_like(m)
    share = 1 if made("average-gradient-not-shared") else shared
    for value, (i, j) in zip(da.ravel(), spots, strict=True):
        dm[i : i + 2, j : j + 2] += value / share
    dm = r(dm)
    dx = np.zeros_like(x)
    for i, line in enumerate(at):
        for j, one in enumerate(line):
            part = x[one]
            if made("max-gradient-to-all"):
                dx[one] += dm[i, j]
            elif made("max-gradient-shared"):
                dx[one] += dm[i, j] / 9
            else:
                dx[one] += dm[i, j] * (part == part.max())
    edge = windows(5, 2, 2, 1)
    inner = [[x[np.ix_(i, j)] for j in edge] for i in edge]
    edges = [[q.sum() / (4 if made("edges-counted") else q.size) for q in line] for line in inner]
    return {
        "M": m,
        "A": a,
        "z": z,
        "p": p,
        "L": loss,
        "dW": r(np.outer(dz, f)),
        "df": df,
        "dM": dm,
        "dX": r(dx),
        "E": r(np.array(edges)),
    }
