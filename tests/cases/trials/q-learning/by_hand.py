"""Q-learning on a small table, an update at the end of an episode, and SARSA."""

import numpy as np

MISTAKES = {
    "discount-forgotten": ("target|delta|sarsa", "factor-left-out"),
    "smallest-next": ("target", "smallest-for-largest-entry", "minimum-for-maximum"),
    "mean-of-next": ("target",),
    "sum-of-next": ("target",),
    "own-state-largest": ("target1",),
    "old-value-in-second": ("target2",),
    "rewards-exchanged": ("", "exchanged", "other-quantity"),
    "old-value-not-subtracted": ("delta|sarsa", "term-left-out"),
    "rate-forgotten": ("^q", "factor-left-out"),
    "step-back": ("^q|alpha|sarsa", "sign-turned", "given-miscopied"),
    "weights-exchanged": ("^q|alpha",),
    "rate-on-target-only": ("^q",),
    "bootstrapped-at-the-end": ("delta3",),
    "largest-for-sarsa": ("sarsa",),
    "sarsa-discount-forgotten": ("sarsa", "factor-left-out"),
    "not-exponentiated": ("softness", "softmax-without-exponentials"),
    "argmax-for-softmax": ("softness", "argmax-for-softmax"),
}
COPIED = {
    "value-of-neighbour": ("Q", [[0.7, 0.6], [0.9, 1.7], [2.4, 1.7]], "other-entry"),
    "rate-decimal-point": ("alpha", 0.02),
    "discount-miscopied": ("gamma", 0.95),
}


def work(g, r, made):
    """Three transitions, one after the other."""
    q = g.Q
    gamma = 1 if made("discount-forgotten") else g.gamma
    r1, r2 = (g.r2, g.r1) if made("rewards-exchanged") else (g.r1, g.r2)

    def best(values):
        if made("smallest-next"):
            return np.min(values)
        if made("mean-of-next"):
            return np.mean(values)
        return np.sum(values) if made("sum-of-next") else np.max(values)

    def error(target, old):
        return target if made("old-value-not-subtracted") else r(target - old)

    def moved(old, target, delta):
        if made("weights-exchanged"):
            return r(g.alpha * old + (1 - g.alpha) * target)
        if made("rate-on-target-only"):
            return r(old + g.alpha * target - old)
        rate = 1 if made("rate-forgotten") else -g.alpha if made("step-back") else g.alpha
        return r(old + rate * delta)

    target1 = r(r1 + gamma * best(q[0 if made("own-state-largest") else 1]))
    delta1 = error(target1, q[0, 1])
    q01 = moved(q[0, 1], target1, delta1)
    target2 = r(r2 + gamma * best([q[0, 0], q[0, 1] if made("old-value-in-second") else q01]))
    delta2 = error(target2, q[1, 0])
    target3 = r(g.r3 + gamma * best(q[2])) if made("bootstrapped-at-the-end") else g.r3
    delta3 = error(target3, q[2, 1])
    follow = q[0, 0] * (1 if made("sarsa-discount-forgotten") else gamma)
    follow = gamma * max(q[0, 0], q01) if made("largest-for-sarsa") else follow
    wanted = r(r2 + follow)
    e = np.array([q[0, 0], q01])
    e = e if made("not-exponentiated") else r(np.exp(e))
    soft = np.eye(2)[np.argmax(e)] if made("argmax-for-softmax") else r(e / e.sum())
    return {
        "target1": target1,
        "delta1": delta1,
        "q01": q01,
        "target2": target2,
        "delta2": delta2,
        "q10": moved(q[1, 0], target2, delta2),
        "delta3": delta3,
        "q21": moved(q[2, 1], target3, delta3),
        "sarsa": moved(q[1, 0], wanted, error(wanted, q[1, 0])),
        "softness": soft,
    }
