"""Intersection over union of boxes, and what is made of counts of hits and misses."""

MISTAKES = {
    "pixels-counted": ("^I|^U|area",),
    "corner-as-size": ("area",),
    "sides-added": ("^I",),
    "union-without-subtracting": ("^U|^iou", "term-left-out"),
    "intersection-subtracted-twice": ("^U|^iou", "factor-two"),
    "intersection-added": ("^U|^iou", "sign-turned"),
    "over-first-box": ("^iou", "other-quantity"),
    "over-smaller-box": ("^iou",),
    "dice-for-iou": ("^iou",),
    "iou-inverted": ("^iou", "quotient-inverted"),
    "outer-corners": ("^I",),
    "precision-and-recall-exchanged": ("precision|recall", "exchanged"),
    "misses-in-precision": ("precision", "other-quantity"),
    "over-all-examples": ("precision",),
    "mean-for-f1": ("F1",),
    "two-forgotten": ("F1", "factor-left-out"),
    "product-for-f1": ("F1", "factor-left-out"),
    "negatives-not-right": ("accuracy", "term-left-out"),
    "sensitivity-of-negatives": ("specificity", "other-quantity"),
    "recall-in-percent": ("recall",),
}
COPIED = {
    "corner-miscopied": ("b", [3, 4, 8, 8], "other-entry"),
    "corners-exchanged": ("a", [2, 1, 6, 7]),
    "false-positives-miscopied": ("FP", 14),
    "misses-for-false-positives": ("FN", 4, "other-quantity"),
}


def work(g, r, made):
    """Two overlaps and five ratios."""
    more = 1 if made("pixels-counted") else 0

    def area(box):
        if made("corner-as-size"):
            return box[2] * box[3]
        return (box[2] - box[0] + more) * (box[3] - box[1] + more)

    def overlap(one, other):
        inner, outer = (max, min) if made("outer-corners") else (min, max)
        sides = [
            max(inner(one[k + 2], other[k + 2]) - outer(one[k], other[k]) + more, 0) for k in (0, 1)
        ]
        return sides[0] + sides[1] if made("sides-added") else sides[0] * sides[1]

    def union(one, other, common):
        times = 2 if made("intersection-subtracted-twice") else 1
        times = 0 if made("union-without-subtracting") else times
        times = -1 if made("intersection-added") else times
        return area(one) + area(other) - times * common

    def ratio(one, other, common):
        whole = union(one, other, common)
        whole = area(one) if made("over-first-box") else whole
        whole = min(area(one), area(other)) if made("over-smaller-box") else whole
        found = 2 * common / (area(one) + area(other)) if made("dice-for-iou") else common / whole
        return r(1 / found if made("iou-inverted") else found)

    common, other = overlap(g.a, g.b), overlap(g.c, g.b)
    total = g.TP + g.FP + g.FN + g.TN
    precision = g.TP / (g.TP + (g.FN if made("misses-in-precision") else g.FP))
    precision = r(g.TP / total if made("over-all-examples") else precision)
    recall = r(g.TP / (g.TP + g.FN))
    if made("precision-and-recall-exchanged"):
        precision, recall = recall, precision
    f1 = r(2 * precision * recall / (precision + recall))
    f1 = r((precision + recall) / 2) if made("mean-for-f1") else f1
    f1 = r(precision * recall / (precision + recall)) if made("two-forgotten") else f1
    f1 = r(2 * precision * recall) if made("product-for-f1") else f1
    return {
        "I": common,
        "U": union(g.a, g.b, common),
        "iou": ratio(g.a, g.b, common),
        "iou2": ratio(g.c, g.b, other),
        "precision": precision,
        "recall": r(100 * recall) if made("recall-in-percent") else recall,
        "F1": f1,
        "accuracy": r((g.TP if made("negatives-not-right") else g.TP + g.TN) / total),
        "specificity": r(g.TN / (g.TN + (g.FN if made("sensitivity-of-negatives") else g.FP))),
    }
