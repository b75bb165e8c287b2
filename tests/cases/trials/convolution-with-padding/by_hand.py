"""A convolution over a padded plane, two poolings, and the gradients of kernel and bias."""

import numpy as np

MISTAKES = {
    "kernel-flipped": ("^z", "conv2d-kernel-flipped"),
    "kernel-transposed": ("^z|K", "conv2d-kernel-transposed", "rows-for-columns"),
    "bias-forgotten": ("^z", "term-left-out"),
    "bias-for-each-product": ("^z",),
    "edges-repeated": ("^z",),
    "padded-with-one": ("^z",),
    "relu-forgotten": ("^h", "relu-left-out"),
    "zero-padding-pooled": ("^m", "max-pool-zero-padding"),
    "average-for-max": ("^m", "average-pool-for-max"),
    "max-for-average": ("^q|h", "max-pool-for-average", "avg-pool-gradient-not-shared"),
    "average-summed": ("^q", "avg-pool-summed"),
    "pooled-before-relu": ("^q", "other-quantity"),
    "wrong-class": ("^L", "binary-cross-entropy-of-other-class", "other-quantity"),
    "log-base-10": ("^L", "binary-cross-entropy-log-base-10"),
    "sigmoid-left-out-going-back": ("p|s|L",),
    "share-forgotten-going-back": ("q|h", "avg-pool-gradient-not-shared"),
    "relu-mask-forgotten": ("z|h", "relu-derivative-forgotten"),
    "gradient-with-flipped-patches": ("K|z",),
    "gradient-without-padding": ("K|z",),
    "bias-gradient-averaged": ("b", "conv2d-bias-gradient-averaged", "shared-gradient-averaged"),
    "target-minus-probability": ("", "target-minus-probability", "sign-slip"),
}
COPIED = {
    "pixel-sign": ("x", [[1, 2, 0, -1], [3, 2, 1, 0], [-1, 1, 2, 4], [0.5, -3, 1, 2]]),
    "kernel-entries-exchanged": ("K", [[0.5, -1, 0], [1, -0.5, 0.5], [0, 2, 1]]),
    "weight-digit": ("V", [[0.4, -0.7], [1.7, 0.2]]),
}


def work(g, r, made):
    """Forward, and back to the kernel."""
    mode = "edge" if made("edges-repeated") else "constant"
    padded = np.pad(g.x, 1, mode=mode)
    if made("padded-with-one"):
        padded = np.pad(g.x, 1, constant_values=1)
    patches = np.array(
        [[padded[i : i + 3, j : j + 3] for j in range(4)] for i in range(4)], dtype=float
    )
    kernel = g.K[::-1, ::-1] if made("kernel-flipped") else g.K
    kernel = g.K.T if made("kernel-transposed") else kernel
    bias = 0 if made("bias-forgotten") else 9 * g.b if made("bias-for-each-product") else g.b
    z = r((patches * kernel).sum(axis=(2, 3)) + bias)
    h = z if made("relu-forgotten") else np.maximum(z, 0)
    edge = 0.0 if made("zero-padding-pooled") else np.nan
    around = np.pad(z, 1, constant_values=edge)
    windows = around.reshape(3, 2, 3, 2)
    pool = np.nanmean if made("average-for-max") else np.nanmax
    m = r(pool(windows, axis=(1, 3)))
    blocks = (z if made("pooled-before-relu") else h).reshape(2, 2, 2, 2)
    q = r(blocks.mean(axis=(1, 3)))
    q = blocks.max(axis=(1, 3)) if made("max-for-average") else q
    q = r(blocks.sum(axis=(1, 3))) if made("average-summed") else q
    s = r((g.V * q).sum() + g.c)
    p = r(1 / (1 + np.exp(-s)))
    log = np.log10 if made("log-base-10") else np.log
    loss = r(-log(1 - p if made("wrong-class") else p))
    ds = p if made("wrong-class") else r(p - 1)
    ds = r(-1 / p) if made("sigmoid-left-out-going-back") else ds
    ds = -ds if made("target-minus-probability") else ds
    dq = r(ds * g.V)
    whole = made("average-summed") or made("share-forgotten-going-back")
    dh = np.repeat(np.repeat(dq, 2, axis=0), 2, axis=1) / (1 if whole else 4)
    if made("max-for-average"):
        dh = dh * 4 * (h == np.repeat(np.repeat(q, 2, axis=0), 2, axis=1))
    free = made("relu-forgotten") or made("relu-mask-forgotten") or made("pooled-before-relu")
    dz = r(dh if free else dh * (z > 0))
    taken = patches[:, :, ::-1, ::-1] if made("gradient-with-flipped-patches") else patches
    dk = np.einsum("ij,ijkl->kl", dz, taken)
    if made("gradient-without-padding"):
        dk = np.einsum("ij,ijkl->kl", dz[1:3, 1:3], patches[1:3, 1:3])
    dk = dk[::-1, ::-1] if made("kernel-flipped") else dk.T if made("kernel-transposed") else dk
    db = dz.mean() if made("bias-gradient-averaged") else dz.sum()
    db = 9 * db if made("bias-for-each-product") else db
    return {
        "z": z,
        "h": h,
        "m": m,
        "q": q,
        "p": p,
        "L": loss,
        "dq": dq,
        "dz": dz,
        "dK": r(dk),
        "db": r(db),
    }
