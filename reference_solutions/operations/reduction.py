"""What operations have in common that make one number of many: sums, means, the largest entry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reduction:
    """How an operation makes one number of many.

    ``words`` say what is taken, as in "the larger one". ``adds_up`` says that it is a sum, or one
    with a factor in front; ``averages`` that this factor is one over how many there are.
    ``instead`` names the operations that people take in its place.
    """

    words: str
    adds_up: bool = False
    averages: bool = False
    instead: tuple[str, ...] = ()

    @property
    def sums(self) -> bool:
        """Whether it is a sum, with no factor in front."""
        return self.adds_up and not self.averages
