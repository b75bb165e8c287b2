"""Logistic regression on four examples, twenty steps with momentum."""

import numpy as np

MISTAKES = {
    "momentum-forgotten": ("^v", "term-left-out"),
    "momentum-averaged": ("^v", "complement-weighted"),
    "momentum-of-steps-subtracted": ("^v", "sign-turned"),
    "rate-in-momentum-twice": ("^v|^w",),
    "rate-forgotten": ("^w", "factor-left-out"),
    "step-uphill": ("^w", "sign-turned"),
    "losses-summed": ("^L", "sum-for-mean"),
    "gradient-not-averaged": ("", "mean-factor-dropped-in-gradient"),
    "extra-sigmoid-derivative": ("",),
    "label-not-subtracted": ("",),
    "only-positive-examples": ("^L",),
    "logarithm-base-10": ("^L",),
    "first-gradient-kept": ("^v|^w",),
    "step-by-gradient": ("^w", "other-quantity"),
    "one-step-too-few": ("",),
    "half-way-velocity": ("^w", "neighbouring-step"),
}
COPIED = {
    "momentum-miscopied": ("mu", 0.9),
    "label-wrong": ("y", [1, 0, 1, 1]),
}


def work(g, r, made):
    """Twenty times forward, gradient, velocity and step."""
    x, y = g.X, g.y
    w, v = [g["w[0]"]], [g["v[0]"]]
    p, loss, grads = [None], [None], [None]
    log = np.log10 if made("logarithm-base-10") else np.log
    for _ in range(20):
        one = r(1 / (1 + np.exp(-r(x @ w[-1]))))
        p.append(one)
        # Nobody writes a probability of exactly 0, whose logarithm there isn't.
        each = -r(log(np.maximum(np.where(y == 1, one, 1 - one), 1e-6)))
        each = np.where(y == 1, each, 0) if made("only-positive-examples") else each
        loss.append(r(each.sum() / (1 if made("losses-summed") else 4)))
        error = one if made("label-not-subtracted") else r(one - y)
        error = np.where(y == 1, error, 0) if made("only-positive-examples") else error
        error = r(error / np.log(10)) if made("logarithm-base-10") else error
        error = r(error * one * (1 - one)) if made("extra-sigmoid-derivative") else error
        summed = made("gradient-not-averaged") or made("losses-summed")
        gradient = r(r(x.T @ error) / (1 if summed else 4))
        grads.append(gradient)
        used = grads[1] if made("first-gradient-kept") else gradient
        keep = 0 if made("momentum-forgotten") else g.mu
        keep = -g.mu if made("momentum-of-steps-subtracted") else keep
        share = 1 - g.mu if made("momentum-averaged") else 1
        share = g.eta if made("rate-in-momentum-twice") else share
        v.append(r(keep * v[-1] + share * used))
        rate = (1 if made("rate-forgotten") else g.eta) * (-1 if made("step-uphill") else 1)
        step = v[-2] if made("half-way-velocity") else used if made("step-by-gradient") else v[-1]
        w.append(r(w[-1] - rate * step))
    last = 19 if made("one-step-too-few") else 20
    return {
        "p_1": p[1],
        "L_1": loss[1],
        "g_1": grads[1],
        "w_1": w[1],
        "g_2": grads[2],
        "v_2": v[2],
        "w_2": w[2],
        "L_10": loss[last - 10],
        "L_20": loss[last],
        "w_20": w[last],
    }
