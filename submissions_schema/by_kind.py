"""Models that come in kinds: one root, a model below it for each kind, told apart by ``kind``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Union, get_args

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema

STRICT = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
"""Of all our models: frozen, and knowing all of their keys."""


class KindModel(BaseModel):
    """The root of models that come in kinds; each of these says its ``kind`` as a literal."""

    model_config = STRICT

    held_by: ClassVar[list[type[BaseModel]]]
    """The models with a field for any kind, inner ones first; a new kind is added to them."""

    if TYPE_CHECKING:
        kind: str

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        """Let the models that hold such models know of a further kind."""
        super().__pydantic_init_subclass__(**kwargs)
        if "held_by" not in cls.__dict__ and kind_name(cls) is not None:
            for model in cls.held_by:
                model.model_rebuild(force=True)


def kind_name(model: type[BaseModel]) -> str | None:
    """Return the kind that a model is of; None for a root, or a model of no kind."""
    field = model.model_fields.get("kind")
    words = get_args(field.annotation) if field is not None else ()
    return str(words[0]) if words else None


def kinds_below(root: type[KindModel]) -> Iterator[type[KindModel]]:
    """Yield the models of all kinds below a root, in the order of their definition."""
    for model in root.__subclasses__():
        if kind_name(model) is not None:
            yield model
        yield from kinds_below(model)


@dataclass(frozen=True, slots=True)
class OfAnyKind:
    """Lets a field of a root's type hold a model of any kind below it."""

    def __get_pydantic_core_schema__(
        self, source: type[KindModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Choose the model by ``kind``."""
        union: Any = Union[tuple(kinds_below(source))]  # noqa: UP007 - made of what there is
        return handler.generate_schema(Annotated[union, Field(discriminator="kind")])
