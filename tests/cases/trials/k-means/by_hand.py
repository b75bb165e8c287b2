"""k-means: squared distances to two centroids, the nearer one, their means, and once more."""

import numpy as np

MISTAKES = {
    "distance-rooted": ("^D",),
    "city-block-distance": ("^D",),
    "farthest-centroid": ("^z", "argmin-for-argmax", "sign-turned"),
    "labels-counted-from-one": ("^z", "counted-from-one"),
    "inertia-averaged": ("^J", "divided-by-too-many"),
    "inertia-of-all-pairs": ("^J", "factor-left-out"),
    "summed-not-averaged": ("c_new", "factor-left-out"),
    "divided-by-all-points": ("c_new",),
    "old-centroid-averaged-in": ("c_new",),
    "second-centroid-not-updated": ("c_new",),
    "centroids-transposed": ("c_new", "transposed", "rows-for-columns"),
    "old-centroids-again": ("D_new", "other-quantity", "other-answer-copied"),
    "old-assignment-kept": ("z_new|J_new", "other-quantity", "other-answer-copied"),
}
COPIED = {
    "point-miscopied": ("x", [[1, 2], [1.5, 1.8], [5, 3], [8, 8.5], [3, 4]]),
    "decimal-point-moved": ("x", [[1, 2], [15, 1.8], [5, 8], [8, 8.5], [3, 4]]),
    "coordinates-exchanged": ("x", [[1, 2], [1.5, 1.8], [8, 5], [8, 8.5], [3, 4]]),
}


def work(g, r, made):
    """One round, and the assignment after it."""
    far = made("farthest-centroid")
    counted = made("labels-counted-from-one")

    def distances(c):
        d = r(g.x[:, None, :] - c[None, :, :])
        if made("city-block-distance"):
            return r(np.abs(d).sum(axis=2))
        squares = r((d**2).sum(axis=2))
        return r(np.sqrt(squares)) if made("distance-rooted") else squares

    def nearest(d):
        return d.argmax(axis=1) if far else d.argmin(axis=1)

    def inertia(d, z):
        own = d if made("inertia-of-all-pairs") else d[np.arange(len(d)), z]
        return r(own.sum() / len(d)) if made("inertia-averaged") else r(own.sum())

    d = distances(g.c)
    z = nearest(d)
    means = []
    for k in range(2):
        own = g.x[z == k]
        if made("old-centroid-averaged-in"):
            own = np.vstack([own, g.c[k]])
        size = len(g.x) if made("divided-by-all-points") else len(own)
        means.append(own.sum(axis=0) / (1 if made("summed-not-averaged") else size))
    c_new = r(np.array(means))
    if made("second-centroid-not-updated"):
        c_new[1] = g.c[1]
    if made("centroids-transposed"):
        c_new = c_new.T
    d_new = distances(g.c if made("old-centroids-again") else c_new)
    z_new = z if made("old-assignment-kept") else nearest(d_new)
    return {
        "D": d,
        "z": z + counted,
        "J": inertia(d, z),
        "c_new": c_new,
        "D_new": d_new,
        "z_new": z_new + counted,
        "J_new": inertia(d_new, z_new),
    }
