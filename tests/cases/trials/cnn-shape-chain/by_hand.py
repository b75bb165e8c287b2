"""Sizes, parameters and products of a chain of convolutions and poolings."""

import math

MISTAKES = {
    "rounded-up": ("^c|^s", "conv-size-rounded-up", "pool-size-rounded-up"),
    "padding-once": ("^c|^s", "conv-size-padding-once", "pool-size-padding-once"),
    "padding-ignored": ("^c1", "conv-size-padding-ignored"),
    "plus-one-forgotten": ("^c|^s", "conv-size-without-plus-one", "pool-size-without-plus-one"),
    "stride-ignored": ("^c2", "conv-size-stride-ignored"),
    "pool-stride-one": ("^s", "pool-size-stride-one"),
    "size-kept": ("^c2", "conv-size-kept"),
    "pool-stride-of-window": ("^s2", "pool-size-stride-of-window"),
    "channels-not-flattened": ("flat", "factor-left-out"),
    "flattened-one-side": ("flat", "factor-left-out"),
    "flattened-before-pooling": ("flat", "other-quantity"),
    "channels-of-stage-before": ("flat", "other-quantity"),
    "biases-forgotten": ("^w",),
    "single-bias": ("^w",),
    "depth-of-input-in-second": ("^w2", "other-quantity"),
    "depth-forgotten": ("^w2", "conv-parameters-input-channels-forgotten"),
    "dense-without-biases": ("^w3", "dense-parameters-without-biases"),
    "pooling-counted": ("total",),
    "total-without-dense": ("total", "term-left-out"),
    "work-without-filters": ("work1", "factor-left-out"),
    "work-at-input-channels-once": ("work1", "factor-left-out"),
}
COPIED = {
    "size-miscopied": ("n", 63),
    "filters-miscopied": ("f2", 23),
}


def work(g, _r, made):
    """Whole numbers only."""
    n, depth, f1, f2 = int(g.n), int(g.ch), int(g.f1), int(g.f2)

    def size(n, k, s, p):
        p = p / 2 if made("padding-once") else p
        found = (n + 2 * p - k) / s
        whole = math.ceil(found) if made("rounded-up") else math.floor(found)
        return whole + (0 if made("plus-one-forgotten") else 1)

    def conv(k, depth, filters):
        bias = 0 if made("biases-forgotten") else 1 if made("single-bias") else filters
        return k * k * depth * filters + bias

    slow = 1 if made("pool-stride-one") else 2
    c1 = size(n, 5, 1, 0 if made("padding-ignored") else 2)
    s1 = size(c1, 2, slow, 0)
    c2 = s1 if made("size-kept") else size(s1, 3, 1 if made("stride-ignored") else 2, 0)
    s2 = size(c2, 3, 3 if made("pool-stride-of-window") else slow, 1)
    side = c2 if made("flattened-before-pooling") else s2
    flat = side * (1 if made("flattened-one-side") else side)
    flat *= 1 if made("channels-not-flattened") else f1 if made("channels-of-stage-before") else f2
    w1 = conv(5, depth, f1)
    below = depth if made("depth-of-input-in-second") else 1 if made("depth-forgotten") else f1
    w2 = conv(3, below, f2)
    no_bias = made("biases-forgotten") or made("dense-without-biases")
    units = int(g.units)
    w3 = flat * units + (0 if no_bias else 1 if made("single-bias") else units)
    total = w1 + w2 + (0 if made("total-without-dense") else w3)
    return {
        "c1": c1,
        "s1": s1,
        "c2": c2,
        "s2": s2,
        "flat": flat,
        "w1": w1,
        "w2": w2,
        "w3": w3,
        "total": total + (2 * 2 * f1 + 3 * 3 * f2 if made("pooling-counted") else 0),
        "work1": c1
        * c1
        * (1 if made("work-without-filters") else f1)
        * 25
        * (1 if made("work-at-input-channels-once") else depth),
    }
