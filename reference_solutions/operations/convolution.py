"""What convolutions in one and two dimensions share: the value, its derivatives, its mistakes.

As deep learning means it, the kernel is not flipped (a cross-correlation: Goodfellow, Bengio and
Courville, Deep Learning, 2016, eq. 9.6) and the products are added up over the input's channels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Expression, apply
from reference_solutions.operations.operation import Example, Mistake
from reference_solutions.operations.parameter import SIZES, WORD
from reference_solutions.operations.quantity import Quantity
from reference_solutions.operations.windows import (
    LAYOUTS,
    Layout,
    Sizes,
    Window,
    channels_first,
    per_axis,
)

CONSTANTS = {"stride": SIZES, "padding": SIZES, "dilation": SIZES, "layout": WORD}


class How(TypedDict, total=False):
    """The constants of a convolution."""

    stride: int | Sizes
    padding: int | Sizes
    dilation: int | Sizes
    layout: str


def arrangement(x: Sizes, kernels: Sizes, rank: int, how: How) -> tuple[Layout, Window]:
    """Read what an input's and the kernels' shapes mean. Raises ValueError where they don't fit."""
    layout = Layout(
        rank,
        channels_first(how.get("layout", LAYOUTS[rank][0]), rank),
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
    """A convolution's operands with the channels last: what a variant of it works on.

    ``x`` is (places..., channels), ``kernels`` (window..., channels, filters), ``bias`` (filters,).
    """

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
    """Return the right result, in the layout of the operands."""
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
    def rule(g: Quantity, _out: Quantity, *operands: Quantity, **how: Unpack[How]) -> Expression:
        x, kernels = operands[:2]
        extra: dict[str, bool] = {"flip": True} if flip else {}
        return apply("conv_input_gradient", g, kernels, shape=x.shape, rank=rank, **how, **extra)

    return rule


def _to_kernels(rank: int) -> Callable[..., Expression]:
    def rule(g: Quantity, _out: Quantity, *operands: Quantity, **how: Unpack[How]) -> Expression:
        x, kernels = operands[:2]
        return apply("conv_kernel_gradient", x, g, shape=kernels.shape, rank=rank, **how)

    return rule


def _to_bias(rank: int, *, mean: bool = False) -> Callable[..., Expression]:
    def rule(g: Quantity, _out: Quantity, *operands: Quantity, **how: Unpack[How]) -> Expression:
        bias = operands[2]
        first = channels_first(how.get("layout", LAYOUTS[rank][0]), rank)
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
    """Make the convolution in ``rank`` dimensions, of operands in the layout that they name."""
    return _with(convolved, rank)
