"""A GRU of one unit over two steps, and gradient descent on two of its parameters."""

import numpy as np

MISTAKES = {
    "gate-complemented": ("^h", "exchanged"),
    "gate-bias-forgotten": ("^z", "term-left-out"),
    "candidate-by-sigmoid": ("^c", "sigmoid-for-tanh"),
    "state-not-used-in-candidate": ("^c", "term-left-out"),
    "state-not-carried": ("^h",),
    "started-from-zero": ("^h",),
    "loss-of-first-state": ("^L", "neighbouring-step"),
    "two-forgotten-going-back": ("",),
    "derivative-of-tanh-forgotten": ("", "tanh-derivative-forgotten"),
    "last-step-only": ("", "path-left-out", "only-one-step-counted"),
    "direct-path-forgotten": ("", "path-left-out"),
    "through-gate-forgotten": ("", "path-left-out"),
    "step-uphill": ("^wc|^bc", "sign-turned"),
    "rate-forgotten": ("^wc|^bc", "factor-left-out"),
    "bias-not-trained": ("^bc",),
    "gradient-of-first-step-kept": ("^wc|^bc",),
    "weight-before-bias": ("^bc",),
}
COPIED = {
    "input-sign": ("x[2]", 0.7),
    "rate-decimal-point": ("eta", 0.05),
}


def work(g, r, made):
    """Four rounds of forward, back and a step."""

    def sigmoid(a):
        return r(1 / (1 + np.exp(-a)))

    def forward(wc, bc):
        h = [np.array(0.0) if made("started-from-zero") else g["h[k, 0]"]]
        z, c = [None], [None]
        for t in (1, 2):
            x, before = g[f"x[{t}]"], h[-1]
            z.append(
                sigmoid(g.wz * x + g.uz * before + (0 if made("gate-bias-forgotten") else g.bz))
            )
            a = wc * x + (0 if made("state-not-used-in-candidate") else g.uc * before) + bc
            c.append(sigmoid(a) if made("candidate-by-sigmoid") else r(np.tanh(a)))
            keep, take = 1 - z[t], z[t]
            if made("gate-complemented"):
                keep, take = take, keep
            h.append(r((0 if made("state-not-carried") else keep * before) + take * c[t]))
        return h, z, c

    def slope(c):
        if made("derivative-of-tanh-forgotten"):
            return 1
        return r(c * (1 - c)) if made("candidate-by-sigmoid") else r(1 - c**2)

    def back(h, z, c):
        read = 1 if made("loss-of-first-state") else 2
        dh = {1: 0.0, 2: 0.0}
        dh[read] = r((1 if made("two-forgotten-going-back") else 2) * (h[read] - g.target))
        dw = db = 0.0
        for t in (2, 1):
            keep, take = 1 - z[t], z[t]
            if made("gate-complemented"):
                keep, take = take, keep
            da = r(dh[t] * take * slope(c[t]))
            turned = -1 if made("gate-complemented") else 1
            carried = 0 if made("state-not-carried") else h[t - 1]
            dz = r(turned * dh[t] * (c[t] - carried) * z[t] * (1 - z[t]))
            if not (made("last-step-only") and t == 1):
                dw, db = dw + r(da * g[f"x[{t}]"]), db + da
            if t == 2:
                direct = not (made("direct-path-forgotten") or made("state-not-carried"))
                dh[1] += dh[2] * keep if direct else 0
                dh[1] += 0 if made("through-gate-forgotten") else dz * g.uz
                dh[1] += 0 if made("state-not-used-in-candidate") else da * g.uc
                dh[1] = r(dh[1])
        return r(dw), r(db)

    wc, bc, losses, seen, gradients = [g["wc[0]"]], [g["bc[0]"]], [], [], []
    rate = (1 if made("rate-forgotten") else g.eta) * (-1 if made("step-uphill") else 1)
    for _ in range(4):
        h, z, c = forward(wc[-1], bc[-1])
        seen.append((h, z, c))
        losses.append(r((h[1 if made("loss-of-first-state") else 2] - g.target) ** 2))
        dw, db = back(h, z, c)
        gradients.append((dw, db))
        if made("gradient-of-first-step-kept"):
            dw, db = gradients[0]
        moved = r(wc[-1] - rate * dw)
        if made("weight-before-bias"):
            db = back(*forward(moved, bc[-1]))[1]
        wc.append(moved)
        bc.append(bc[-1] if made("bias-not-trained") else r(bc[-1] - rate * db))
    h, z, c = seen[0]
    return {
        "z_11": z[1],
        "c_11": c[1],
        "h_11": h[1],
        "h_12": h[2],
        "L_1": losses[0],
        "dwc": gradients[0][0],
        "dbc": gradients[0][1],
        "wc": np.array(wc[1:]),
        "bc": np.array(bc[1:]),
        "L_4": losses[3],
    }
