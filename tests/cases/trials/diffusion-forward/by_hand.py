"""Noise in closed form, the loss, and the mean and variance of one step back."""

import numpy as np

MISTAKES = {
    "betas-multiplied": ("abar|^a", "other-quantity"),
    "betas-summed": ("abar|^a",),
    "one-factor-too-many": ("abar",),
    "one-factor-too-few": ("abar|^x",),
    "single-alpha": ("^x", "other-quantity"),
    "signal-root-forgotten": ("^x", "square-root-left-out"),
    "noise-root-forgotten": ("^x", "square-root-left-out"),
    "roots-forgotten": ("^x", "square-root-left-out"),
    "roots-exchanged": ("^x", "exchanged"),
    "noise-subtracted": ("^x", "sign-turned"),
    "errors-summed": ("^L", "squared-errors-summed", "sum-for-mean"),
    "loss-halved": ("^L", "mean-squared-error-halved"),
    "guess-not-divided": ("x0_guess", "factor-left-out"),
    "true-noise-in-guess": ("x0_guess", "other-quantity"),
    "mean-with-alpha-bar": ("^m", "other-quantity"),
    "beta-not-divided": ("^m", "factor-left-out"),
    "mean-root-forgotten": ("^m", "square-root-left-out"),
    "variance-inverted": ("^v", "quotient-inverted"),
    "variance-is-beta": ("^v", "factor-left-out"),
    "variance-of-step-before": ("^v", "neighbouring-step"),
}
COPIED = {
    "beta-decimal-point": ("beta[2]", 0.025),
    "start-digit": ("x0", [0.3, -1.5]),
    "noise-sign": ("noise", [0.6, -0.9]),
}


def work(g, r, made):
    """Three steps of noise."""
    beta = np.array([g[f"beta[{t}]"] for t in (1, 2, 3)])
    a = r(1 - beta)
    abar = np.cumprod(beta if made("betas-multiplied") else a)
    abar = 1 - np.cumsum(beta) if made("betas-summed") else abar
    abar = np.array([abar[1], abar[2], abar[2] * a[2]]) if made("one-factor-too-many") else abar
    abar = np.array([1, abar[0], abar[1]]) if made("one-factor-too-few") else abar
    abar = r(abar)
    plain = made("roots-forgotten")

    def noisy(t):
        kept = a[t] if made("single-alpha") else abar[t]
        signal = kept if plain or made("signal-root-forgotten") else r(np.sqrt(kept))
        noise = 1 - kept if plain or made("noise-root-forgotten") else r(np.sqrt(1 - kept))
        if made("roots-exchanged"):
            signal, noise = noise, signal
        return r(signal * g.x0 + (-noise if made("noise-subtracted") else noise) * g.noise)

    x2, x3 = noisy(1), noisy(2)
    errors = r((g.guess - g.noise) ** 2)
    loss = errors.sum() if made("errors-summed") else errors.mean()
    noise = r(np.sqrt(1 - abar[2]))
    start = r(x3 - noise * (g.noise if made("true-noise-in-guess") else g.guess))
    start = start if made("guess-not-divided") else r(start / r(np.sqrt(abar[2])))
    share = beta[2] if made("beta-not-divided") else r(beta[2] / noise)
    below = abar[2] if made("mean-with-alpha-bar") else a[2]
    below = below if made("mean-root-forgotten") else r(np.sqrt(below))
    ratio = r((1 - abar[0 if made("variance-of-step-before") else 1]) / (1 - abar[2]))
    ratio = r(1 / ratio) if made("variance-inverted") else ratio
    return {
        "abar_2": abar[1],
        "abar_3": abar[2],
        "x_2": x2,
        "x_3": x3,
        "L": r(loss / 2 if made("loss-halved") else loss),
        "x0_guess": start,
        "m": r(r(x3 - share * g.guess) / below),
        "v": beta[2] if made("variance-is-beta") else r(ratio * beta[2]),
    }
