"""Returns of three episodes, a baseline from the others, and a step up the policy gradient."""

import numpy as np

MISTAKES = {
    "not-discounted": ("^G", "factor-left-out"),
    "returns-forward": ("^G",),
    "reward-only": ("^G",),
    "last-reward-forgotten": ("^G",),
    "own-return-in-baseline": ("^B",),
    "baseline-by-three": ("^B",),
    "baseline-not-averaged": ("^B", "factor-left-out"),
    "baseline-added": ("^A", "sign-turned"),
    "baseline-forgotten": ("^A", "term-left-out"),
    "actions-exchanged": ("^lp", "condition-turned-round"),
    "always-action-one": ("^lp", "first-case-everywhere"),
    "probability-for-logarithm": ("^lp",),
    "summed-over-episodes": ("^J", "sum-for-mean"),
    "first-step-only": ("^J|^lp",),
    "advantage-left-out": ("^J", "factor-left-out"),
    "step-downhill": ("^step", "sign-turned"),
    "rate-forgotten": ("^step", "factor-left-out"),
    "gradient-of-summed-episodes": ("", "mean-factor-dropped-in-gradient"),
    "extra-sigmoid-derivative": ("",),
}
COPIED = {
    "reward-sign": ("r", [[1.0, 0.5, -2.0], [0.2, 1.5, -1.0], [-0.4, 0.9, 1.1]]),
    "discount-miscopied": ("gamma", 0.95),
}


def work(g, r, made):
    """Three episodes of three steps."""
    n, length = 3, 3
    gamma = 1 if made("not-discounted") else g.gamma
    returns = np.zeros((n, length))
    order = range(length) if made("returns-forward") else range(length - 1, -1, -1)
    after = np.zeros(n)
    for t in order:
        own = g.r[:, t]
        if made("last-reward-forgotten") and t == length - 1:
            own = 0
        after = r(own + gamma * (0 if made("reward-only") else after))
        returns[:, t] = after
    first = returns[:, 0]
    others = first.sum() - (0 if made("own-return-in-baseline") else first)
    divisor = 1 if made("baseline-not-averaged") else 3 if made("baseline-by-three") else 2
    base = r(np.broadcast_to(others, (n,)) / divisor)
    advantage = r(first + base) if made("baseline-added") else r(first - base)
    advantage = first if made("baseline-forgotten") else advantage
    pr = r(1 / (1 + np.exp(-r(g.f @ g.theta))))
    act = 1 - g.act if made("actions-exchanged") else g.act
    act = np.ones_like(act) if made("always-action-one") else act
    chosen = np.where(act == 1, pr, 1 - pr)
    lp = chosen if made("probability-for-logarithm") else r(np.log(chosen))
    weight = np.ones(n) if made("advantage-left-out") else advantage
    counted = lp[:, :1] if made("first-step-only") else lp
    size = 1 if made("summed-over-episodes") else n
    gain = r(r(weight * r(counted.sum(axis=1))).sum() / size)
    slope = r(act - pr)
    if made("probability-for-logarithm"):
        slope = r((2 * act - 1) * pr * (1 - pr))
    if made("extra-sigmoid-derivative"):
        slope = r(slope * pr * (1 - pr))
    if made("first-step-only"):
        slope = slope * np.array([1, 0, 0])
    each = r(np.einsum("nt,ntd->nd", slope, g.f))
    size = 1 if made("gradient-of-summed-episodes") else size
    gradient = r(r(weight @ each) / size)
    rate = (1 if made("rate-forgotten") else g.eta) * (-1 if made("step-downhill") else 1)
    return {
        "G": returns,
        "B": base,
        "A": advantage,
        "pr": pr,
        "lp": lp,
        "J": gain,
        "dtheta": gradient,
        "step": r(g.theta + rate * gradient),
    }
