"""Value iteration for three states and two actions."""

import numpy as np

MISTAKES = {
    "discount-forgotten": ("^Q", "factor-left-out"),
    "discount-squared-later": ("^Q",),
    "reward-discounted": ("^Q", "brackets-misplaced"),
    "reward-forgotten-later": ("^Q", "term-left-out"),
    "transitions-transposed": ("^Q", "transposed", "matrix-transposed"),
    "same-transitions": ("^Q", "other-quantity"),
    "rewards-exchanged": ("", "exchanged", "other-quantity"),
    "mean-over-actions": ("^V",),
    "smaller-action": ("^V", "minimum-for-maximum"),
    "old-values-again": ("^Q", "neighbouring-step"),
    "swept-in-place": ("^Q",),
    "change-summed": ("delta",),
    "change-not-absolute": ("delta",),
    "change-averaged": ("delta",),
    "policy-counted-from-one": ("policy", "counted-from-one", "argmax-counted-from-one"),
    "policy-of-smaller": ("policy", "argmin-for-argmax"),
}
COPIED = {
    "probability-miscopied": ("Pb", [[0.1, 0.6, 0.3], [0.5, 0, 0.5], [0.3, 0.8, 0.4]]),
    "reward-sign": ("Rb", [2, 1, 1.5]),
    "discount-miscopied": ("gamma", 0.09),
}


def work(g, r, made):
    """Two sweeps, the largest change and the greedy policy."""
    pb = g.Pa if made("same-transitions") else g.Pb
    turn = np.transpose if made("transitions-transposed") else np.array
    ra, rb = (g.Rb, g.Ra) if made("rewards-exchanged") else (g.Ra, g.Rb)

    def values(p, reward, v, sweep):
        gamma = 1 if made("discount-forgotten") else g.gamma
        gamma = gamma**sweep if made("discount-squared-later") else gamma
        reward = 0 * reward if made("reward-forgotten-later") and sweep == 2 else reward
        expected = r(turn(p) @ v)
        if made("reward-discounted"):
            return r(gamma * (reward + expected))
        return r(reward + gamma * expected)

    def best(a, b):
        if made("mean-over-actions"):
            return r((a + b) / 2)
        return np.minimum(a, b) if made("smaller-action") else np.maximum(a, b)

    def swept(v, sweep):
        if not made("swept-in-place"):
            a, b = values(g.Pa, ra, v, sweep), values(pb, rb, v, sweep)
            return a, b, best(a, b)
        v = v.copy()
        a, b = np.zeros(3), np.zeros(3)
        for s in range(3):
            a[s], b[s] = values(g.Pa, ra, v, sweep)[s], values(pb, rb, v, sweep)[s]
            v[s] = best(a[s], b[s])
        return a, b, v

    a1, b1, v1 = swept(g["V[0]"], 1)
    a2, b2, v2 = swept(g["V[0]"] if made("old-values-again") else v1, 2)
    change = r(v2 - v1)
    change = change if made("change-not-absolute") else np.abs(change)
    delta = change.mean() if made("change-averaged") else change.max()
    policy = np.argmin([a2, b2], axis=0) if made("policy-of-smaller") else (b2 > a2).astype(int)
    return {
        "Qa_1": a1,
        "Qb_1": b1,
        "V_1": v1,
        "Qa_2": a2,
        "Qb_2": b2,
        "V_2": v2,
        "delta": r(change.sum() if made("change-summed") else delta),
        "policy": policy + made("policy-counted-from-one"),
    }
