"""The convolution of a network's layer in two dimensions: ``conv2d(x, kernels, bias)``.

As deep learning means it, the kernel is not flipped (a cross-correlation: Goodfellow, Bengio and
Courville, Deep Learning, 2016, eq. 9.6) and the products are added up over the input's channels.
Sizes follow Dumoulin and Visin, A guide to convolution arithmetic, 2016: zeros on both sides, and
floor((n + 2p - d(k-1) - 1) / s) + 1 positions.

An input (h, w) takes a kernel (kh, kw). With channels the layout is ``"hwc"`` (x (h, w, c), kernels
(kh, kw, c, filters) or one kernel (kh, kw, c), result (oh, ow, filters) or (oh, ow); Keras) or
``"chw"`` (x (c, h, w), kernels (filters, c, kh, kw) or (c, kh, kw), result (filters, oh, ow);
PyTorch). The bias has an entry for each filter, or is a number where there is one kernel.
Stride, padding and dilation are a number or a pair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict, Unpack

import numpy as np

from reference_solutions.language.expression import Expression, apply
from reference_solutions.operations.operation import Example, Mistake, Operation
from reference_solutions.operations.parameter import SIZES, WORD

if TYPE_CHECKING:
    from reference_solutions.graph import Array
    from reference_solutions.graph.leaf import Leaf

Sizes = tuple[int, ...]
Slices = tuple[slice, ...]
_LARGEST = 100_000


CONSTANTS = {"stride": SIZES, "padding": SIZES, "dilation": SIZES, "layout": WORD}


class How(TypedDict, total=False):
    """The constants of a convolution."""

    stride: int | Sizes
    padding: int | Sizes
    dilation: int | Sizes
    layout: str


def per_axis(value: int | Sizes | None, rank: int, what: str, smallest: int) -> Sizes:
    """Read a constant that is a number for all axes, or one for each. Raises ValueError."""
    sizes = value if isinstance(value, tuple) else (value,) * rank
    if len(sizes) != rank or any(
        not isinstance(size, int) or isinstance(size, bool) or not smallest <= size <= _LARGEST
        for size in sizes
    ):
        numbers = "a whole number" if rank == 1 else f"a whole number or {rank} of them"
        raise ValueError(f"`{what}` is {numbers} from {smallest} on, got {value}")
    return tuple(int(size) for size in sizes if size is not None)


@dataclass(frozen=True, slots=True)
class Window:
    """A window that moves over the leading axes of an array."""

    size: Sizes
    stride: Sizes
    padding: Sizes
    dilation: Sizes

    @property
    def rank(self) -> int:
        """Over how many axes the window moves."""
        return len(self.size)

    def places(self, sizes: Sizes) -> Sizes:
        """Count the positions along each axis. Raises ValueError where the window doesn't fit."""
        spans = [d * (k - 1) + 1 for k, d in zip(self.size, self.dilation, strict=True)]
        room = [n + 2 * p - k for n, p, k in zip(sizes, self.padding, spans, strict=True)]
        if min(room) < 0:
            raise ValueError(
                f"a window of {_times(spans)} doesn't fit into {_times(sizes)}"
                + (f" with padding {_times(self.padding)}" if any(self.padding) else "")
            )
        return tuple(r // s + 1 for r, s in zip(room, self.stride, strict=True))

    def padded(self, x: Array, value: float = 0.0) -> Array:
        """Put ``value`` around ``x``."""
        widths = [(p, p) for p in self.padding] + [(0, 0)] * (x.ndim - self.rank)
        return np.pad(x, widths, constant_values=value)

    def unpadded(self, x: Array) -> Array:
        """Take the padding off again."""
        inside = zip(self.padding, x.shape[: self.rank], strict=True)
        return x[tuple(slice(p, n - p) for p, n in inside)]

    def offsets(self, places: Sizes) -> Iterator[tuple[Sizes, Slices]]:
        """Give each entry of the window with where it lies, over all positions, when padded."""
        for at in np.ndindex(*self.size):
            yield (
                at,
                tuple(
                    slice(i * d, i * d + s * (n - 1) + 1, s)
                    for i, d, s, n in zip(at, self.dilation, self.stride, places, strict=True)
                ),
            )


def _times(sizes: list[int] | Sizes) -> str:
    return " x ".join(str(size) for size in sizes)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the arrays of a convolution are laid out; inside, the channels come last."""

    rank: int
    first: bool
    channels: bool
    filters: bool

    def input(self, x: Array) -> Array:
        """Bring an input to (places..., channels)."""
        if not self.channels:
            return x[..., None]
        return np.moveaxis(x, 0, -1) if self.first else x

    def input_back(self, x: Array) -> Array:
        """Undo :meth:`input`."""
        if not self.channels:
            return x[..., 0]
        return np.moveaxis(x, -1, 0) if self.first else x

    def kernels(self, kernels: Array) -> Array:
        """Bring kernels to (places..., channels, filters)."""
        if self.filters:
            return np.moveaxis(kernels, (1, 0), (-2, -1)) if self.first else kernels
        if self.channels:
            return (np.moveaxis(kernels, 0, -1) if self.first else kernels)[..., None]
        return kernels[..., None, None]

    def kernels_back(self, kernels: Array) -> Array:
        """Undo :meth:`kernels`."""
        if self.filters:
            return np.moveaxis(kernels, (-2, -1), (1, 0)) if self.first else kernels
        if self.channels:
            return np.moveaxis(kernels[..., 0], -1, 0) if self.first else kernels[..., 0]
        return kernels[..., 0, 0]

    def output(self, y: Array) -> Array:
        """Bring a result (places..., filters) to the layout."""
        if not self.filters:
            return y[..., 0]
        return np.moveaxis(y, -1, 0) if self.first else y

    def output_back(self, y: Array) -> Array:
        """Undo :meth:`output`."""
        if not self.filters:
            return y[..., None]
        return np.moveaxis(y, 0, -1) if self.first else y


_LAYOUTS = {1: ("lc", "cl"), 2: ("hwc", "chw")}


def channels_first(layout: str, rank: int) -> bool:
    """Read a layout. Raises ValueError."""
    if layout not in _LAYOUTS[rank]:
        raise ValueError(f"`layout` is {' or '.join(map(repr, _LAYOUTS[rank]))}, got {layout!r}")
    return layout == _LAYOUTS[rank][1]


def arrangement(x: Sizes, kernels: Sizes, rank: int, how: How) -> tuple[Layout, Window]:
    """Read what an input's and the kernels' shapes mean. Raises ValueError where they don't fit."""
    layout = Layout(
        rank,
        channels_first(how.get("layout", _LAYOUTS[rank][0]), rank),
        len(x) == rank + 1,
        len(kernels) == rank + 2,
    )
    if len(x) not in (rank, rank + 1):
        raise ValueError(
            f"the input of a convolution has {rank} axes, or {rank + 1} with its channels, "
            f"got shape {x}"
        )
    if len(kernels) not in ((rank + 1, rank + 2) if layout.channels else (rank,)):
        expected = (
            f"{rank + 1} axes, or {rank + 2} for several" if layout.channels else f"{rank} axes"
        )
        raise ValueError(f"for an input of shape {x} a kernel has {expected}, got shape {kernels}")
    inside = layout.kernels(np.empty(kernels)).shape
    channels = x[0 if layout.first else -1] if layout.channels else 1
    if inside[-2] != channels:
        raise ValueError(
            f"a kernel spans all channels of its input: expected {channels}, got {inside[-2]}"
        )
    window = Window(
        inside[:rank],
        per_axis(how.get("stride", 1), rank, "stride", 1),
        per_axis(how.get("padding", 0), rank, "padding", 0),
        per_axis(how.get("dilation", 1), rank, "dilation", 1),
    )
    return layout, window


@dataclass(frozen=True, slots=True)
class Case:
    """A convolution's operands with the channels last: what a variant of it works on."""

    x: Array
    kernels: Array
    bias: Array | None
    layout: Layout
    window: Window

    @property
    def channels(self) -> int:
        """How many channels the input has."""
        return int(self.x.shape[-1])

    @property
    def places(self) -> int:
        """Over how many axes the kernel moves."""
        return self.window.rank


def correlated(this: Case) -> Array:
    """Slide the kernels over the input; (places..., filters), the bias not added."""
    places = this.window.places(this.x.shape[: this.places])
    x = this.window.padded(this.x)
    out = np.zeros((*places, this.kernels.shape[-1]))
    for at, where in this.window.offsets(places):
        out += x[where] @ this.kernels[at]
    return out


def convolved(this: Case) -> Array:
    """Return the right result."""
    found = correlated(this)
    return this.layout.output(found if this.bias is None else found + this.bias)


def _needs(condition: object, why: str) -> None:
    if not condition:
        raise ValueError(why)


def _flipped(this: Case) -> Array:
    return convolved(replace(this, kernels=np.flip(this.kernels, tuple(range(this.places)))))


def _transposed(this: Case) -> Array:
    sizes = this.window.size
    _needs(len(sizes) == 2 and sizes[0] == sizes[1], "the kernel is no square")
    return convolved(replace(this, kernels=np.swapaxes(this.kernels, 0, 1)))


def _without_bias(this: Case) -> Array:
    _needs(this.bias is not None, "there is no bias")
    return convolved(replace(this, bias=None))


def _bias_per_channel(this: Case) -> Array:
    if this.bias is None or this.channels == 1:
        raise ValueError("there is no bias, or one channel only")
    return convolved(replace(this, bias=this.bias * this.channels))


def _bias_per_product(this: Case) -> Array:
    if this.bias is None:
        raise ValueError("there is no bias")
    entries = float(np.prod(this.kernels.shape[:-1]))
    return convolved(replace(this, bias=this.bias * entries))


def _with_window(change: Callable[[Window], Window]) -> Callable[[Case], Array]:
    def variant(this: Case) -> Array:
        window = change(this.window)
        _needs(window != this.window, "that changes nothing here")
        return convolved(replace(this, window=window))

    return variant


def _same(window: Window) -> Window:
    _needs(not any(window.padding) and all(k % 2 for k in window.size), "no such padding")
    sides = zip(window.size, window.dilation, strict=True)
    return replace(window, padding=tuple(d * (k - 1) // 2 for k, d in sides))


def _first_channel(this: Case) -> Array:
    _needs(this.channels > 1, "there is only one channel")
    return convolved(replace(this, x=this.x[..., :1], kernels=this.kernels[..., :1, :]))


def _first_kernel_channel(this: Case) -> Array:
    _needs(this.channels > 1, "there is only one channel")
    first = np.repeat(this.kernels[..., :1, :], this.channels, axis=-2)
    return convolved(replace(this, kernels=first))


def _channels_apart(this: Case) -> Array:
    _needs(this.channels > 1 and not this.layout.filters, "there are no channels to keep apart")
    kernels = np.zeros((*this.window.size, this.channels, this.channels))
    for channel in range(this.channels):
        kernels[..., channel, channel] = this.kernels[..., channel, 0]
    layout = replace(this.layout, filters=True)
    return convolved(replace(this, kernels=kernels, layout=layout))


def _channels_averaged(this: Case) -> Array:
    _needs(this.channels > 1, "there is only one channel")
    return convolved(replace(this, kernels=this.kernels / this.channels))


def _with(variant: Callable[[Case], Array], rank: int) -> Callable[..., Array]:
    def compute(x: Array, kernels: Array, bias: Array | None = None, **how: Unpack[How]) -> Array:
        layout, window = arrangement(np.shape(x), np.shape(kernels), rank, how)
        inside = layout.kernels(np.asarray(kernels))
        if bias is not None:
            expected = inside.shape[-1:] if layout.filters else ()
            if np.shape(bias) != expected:
                raise ValueError(
                    "the bias has an entry for each filter: "
                    f"expected shape {expected}, got {np.shape(bias)}"
                )
        return variant(Case(layout.input(np.asarray(x)), inside, bias, layout, window))

    return compute


def _to_input(rank: int, *, flip: bool = False) -> Callable[..., Expression]:
    def rule(g: Leaf, _out: Leaf, *operands: Leaf, **how: Unpack[How]) -> Expression:
        x, kernels = operands[:2]
        extra: dict[str, bool] = {"flip": True} if flip else {}
        return apply("conv_input_gradient", g, kernels, shape=x.shape, rank=rank, **how, **extra)

    return rule


def _to_kernels(rank: int) -> Callable[..., Expression]:
    def rule(g: Leaf, _out: Leaf, *operands: Leaf, **how: Unpack[How]) -> Expression:
        x, kernels = operands[:2]
        return apply("conv_kernel_gradient", x, g, shape=kernels.shape, rank=rank, **how)

    return rule


def _to_bias(rank: int, *, mean: bool = False) -> Callable[..., Expression]:
    def rule(g: Leaf, _out: Leaf, *operands: Leaf, **how: Unpack[How]) -> Expression:
        bias = operands[2]
        first = channels_first(how.get("layout", _LAYOUTS[rank][0]), rank)
        places = g.shape
        if not bias.shape:
            total = apply("sum", g)
        elif first:
            places, total = g.shape[1:], g
            for _ in places:
                total = apply("sum", total, axis=-1)
        else:
            places, total = g.shape[:-1], apply("sum_to", g, shape=bias.shape)
        return total / float(np.prod(places)) if mean else total

    return rule


def convolution_mistakes(rank: int, name: str, examples: dict[str, Example]) -> tuple[Mistake, ...]:
    """Make the mistakes of a convolution in ``rank`` dimensions, for those with an example."""
    found = (
        (
            "kernel-flipped",
            "You flipped the kernel; in a network's convolution it is laid on as it stands.",
            "common",
            _flipped,
            r"{0} \ast \operatorname{{flip}}({1})",
        ),
        (
            "kernel-transposed",
            "The kernel is transposed: its rows go along the rows of the input.",
            "occasional",
            _transposed,
            r"{0} \star \left({1}\right)^{{\top}}",
        ),
        (
            "bias-left-out",
            "The bias of the filter was not added.",
            "common",
            _without_bias,
            r"{0} \star {1}",
        ),
        (
            "bias-for-each-channel",
            "The bias is added once for each filter; you added it once for each input channel.",
            "occasional",
            _bias_per_channel,
            "",
        ),
        (
            "bias-for-each-product",
            "The bias is added once to the whole sum; you added it to each of its products.",
            "rare",
            _bias_per_product,
            "",
        ),
        (
            "stride-ignored",
            "The kernel moves by the stride; you moved it one step at a time.",
            "common",
            _with_window(lambda w: replace(w, stride=(1,) * rank)),
            "",
        ),
        (
            "padding-ignored",
            "The input is padded with zeros first; you left the padding out.",
            "common",
            _with_window(lambda w: replace(w, padding=(0,) * rank)),
            "",
        ),
        (
            "padded-to-same-size",
            'There is no padding here ("valid"); you padded the input to keep its size ("same").',
            "occasional",
            _with_window(_same),
            "",
        ),
        (
            "dilation-ignored",
            (
                "The kernel is dilated: its entries lie apart by the dilation; you laid them side "
                "by side."
            ),
            "common",
            _with_window(lambda w: replace(w, dilation=(1,) * rank)),
            "",
        ),
        (
            "first-channel-only",
            "The products are added up over all input channels; you took the first one alone.",
            "common",
            _first_channel,
            "",
        ),
        (
            "one-kernel-plane-for-all",
            "Each input channel has a kernel plane of its own; you used the first one for all.",
            "occasional",
            _first_kernel_channel,
            "",
        ),
        (
            "channels-not-summed",
            (
                "The products are added up over the input channels; you kept a result for each "
                "channel."
            ),
            "common",
            _channels_apart,
            "",
        ),
        (
            "channels-averaged",
            "The products are added up over the input channels; you took their mean.",
            "occasional",
            _channels_averaged,
            "",
        ),
    )
    made = [
        Mistake(
            id=f"{name}-{what}",
            says=says,
            forward=_with(variant, rank),
            commonness=commonness,  # type: ignore[arg-type]  # the table above holds plain words
            used=used,
            example=examples[what],
        )
        for what, says, commonness, variant, used in found
        if what in examples
    ]
    return (*made, *_backward_mistakes(rank, name, examples))


def _backward_mistakes(rank: int, name: str, examples: dict[str, Example]) -> tuple[Mistake, ...]:
    return (
        Mistake(
            id=f"{name}-input-gradient-with-flipped-kernel",
            says=(
                "Going back to the input, each output hands its gradient to the entries under the "
                "kernel, weighted by the kernel as it was laid on; yours is flipped."
            ),
            backward={0: _to_input(rank, flip=True)},
            commonness="common",
            example=examples["input-gradient"],
        ),
        Mistake(
            id=f"{name}-bias-gradient-averaged",
            says="The bias serves all positions: its gradient is their sum; you took the mean.",
            backward={2: _to_bias(rank, mean=True)},
            example=examples["bias-gradient"],
        ),
    )


def convolution_derivatives(rank: int) -> tuple[Callable[..., Expression], ...]:
    """Make the derivative rules of a convolution in ``rank`` dimensions."""
    return _to_input(rank), _to_kernels(rank), _to_bias(rank)


def convolution(rank: int) -> Callable[..., Array]:
    """Make the convolution in ``rank`` dimensions."""
    return _with(convolved, rank)


_X = [[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [4.0, 0.0, 1.0]]
_K = [[1.0, 2.0], [0.0, -1.0]]
_DEEP = [[[1.0, 2.0], [0.0, 1.0]], [[3.0, 0.0], [1.0, 1.0]]]
_DEEP_K = [[[1.0, 3.0], [2.0, 0.0]], [[0.0, 1.0], [1.0, -1.0]]]
_FILTERS = [[[[1.0, 0.0], [3.0, 1.0]], [[2.0, 1.0], [0.0, 0.0]]]]

OPERATION = Operation(
    name="conv2d",
    subject="convolution and pooling",
    compute=convolution(2),
    doc=(
        "conv2d(x, kernels) or conv2d(x, kernels, bias): the kernels laid on the input without "
        "being flipped, products added up over its channels; `stride=1`, `padding=0`, "
        '`dilation=1`, `layout="hwc"` or `"chw"`.'
    ),
    latex="",
    arity=(2, 3),
    derivatives=convolution_derivatives(2),
    params=CONSTANTS,
    examples=(
        Example((_X, _K), [[4.0, -1.0], [2.0, 6.0]]),
        Example((_X, _K, 10.0), [[14.0, 9.0], [12.0, 16.0]]),
        Example((_X, _K), [[-1.0, 0.0], [-4.0, 6.0]], {"stride": 2, "padding": 1}),
        Example((_X, _K), [[0.0]], {"dilation": (2, 2)}),
        Example((_DEEP, _DEEP_K), [[7.0]]),
        Example(([[[1.0, 2.0], [0.0, 1.0]]], _FILTERS, [0.5, -1.0]), [[[7.5, 1.0]]]),
        Example(
            (
                [[[1.0, 0.0], [3.0, 1.0]], [[2.0, 1.0], [0.0, 1.0]]],
                [[[[1.0]], [[3.0]]], [[[0.0]], [[-1.0]]]],
                [0.0, 10.0],
            ),
            [[[7.0, 3.0], [3.0, 4.0]], [[8.0, 9.0], [10.0, 9.0]]],
            {"layout": "chw"},
        ),
    ),
    mistakes=convolution_mistakes(
        2,
        "conv2d",
        {
            "kernel-flipped": Example((_X, _K), [[0.0, 3.0], [8.0, 0.0]]),
            "kernel-transposed": Example((_X, _K), [[0.0, 1.0], [8.0, 0.0]]),
            "bias-left-out": Example((_X, _K, 10.0), [[4.0, -1.0], [2.0, 6.0]]),
            "bias-for-each-channel": Example((_DEEP, _DEEP_K, 10.0), [[27.0]]),
            "bias-for-each-product": Example((_X, _K, 10.0), [[44.0, 39.0], [42.0, 46.0]]),
            "stride-ignored": Example((_X, _K), [[4.0, -1.0], [2.0, 6.0]], {"stride": 2}),
            "padding-ignored": Example((_X, _K), [[4.0, -1.0], [2.0, 6.0]], {"padding": 1}),
            "padded-to-same-size": Example(
                ([[1.0, 2.0, 3.0]], [[1.0, 0.0, 2.0]]), [[4.0, 7.0, 2.0]]
            ),
            "dilation-ignored": Example((_X, _K), [[4.0, -1.0], [2.0, 6.0]], {"dilation": 2}),
            "first-channel-only": Example((_DEEP, _DEEP_K), [[2.0]]),
            "one-kernel-plane-for-all": Example(([[[1.0, 2.0]]], [[[1.0, 3.0]]]), [[3.0]]),
            "channels-not-summed": Example((_DEEP, _DEEP_K), [[[2.0, 5.0]]]),
            "channels-averaged": Example((_DEEP, _DEEP_K), [[3.5]]),
            "input-gradient": Example(
                ([[1.0, 2.0], [3.0, 4.0]], _K), [[-1.0, 0.0], [2.0, 1.0]], gradient=[[1.0]]
            ),
            "bias-gradient": Example(
                (_X, _K, 10.0), 2.5, gradient=[[1.0, 2.0], [3.0, 4.0]], position=2
            ),
        },
    ),
)
