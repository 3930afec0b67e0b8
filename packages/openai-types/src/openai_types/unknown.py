"""The base of what comes through where a union is newer on the server than here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_types.leniency import unknown_model
from openai_types.model import BaseModel

if TYPE_CHECKING:
    import pydantic
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema


class UnknownMember(BaseModel):
    """A member of a union that this version does not know; all its fields are kept.

    Each union has its own subclass, so that `isinstance` tells them apart. The tag is declared as
    a literal that no server sends: type checkers then rule the unknown member out after a
    comparison like `event.type == "response.completed"`. At run time it holds what was sent.
    """

    if TYPE_CHECKING:

        def __getattr__(self, name: str, /) -> Any:
            """A field that was sent, which may be any JSON; AttributeError for all others.

            So `item.id` is typed where all known members of a union have an id.
            """

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[pydantic.BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        only_tag = len(cls.model_fields) == 1 and not cls.__pydantic_decorators__.field_validators
        return (
            unknown_model(cls)
            if only_tag
            else super().__get_pydantic_core_schema__(source, handler)
        )
