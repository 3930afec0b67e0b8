"""The base of every model: it decodes whatever a server sends, and gives it back unchanged.

How fields tolerate more, less and other is in `leniency`; decoding from bytes is in `decoding`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import pydantic
from pydantic import ConfigDict

from openai_types.building import being_built, is_built_for_others
from openai_types.leniency import described, lenient_model, with_exact_tags
from openai_types.schemas import (
    is_part_of_plain,
    is_plain,
    make_serializer,
    plain_model,
)

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema

REQUEST_ID = "_request_id"


class BaseModel(pydantic.BaseModel):
    """A lenient model.

    A field that was not sent reads as None and is not in `model_fields_set`; a value that does
    not fit its type is kept as it came; unknown fields are kept. Dumps hold what came in: the
    options are pydantic's, but fields that were not set are left out unless asked for.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="allow",
        defer_build=True,  # the first use builds the validator, not the import
        protected_namespaces=(),  # the API has fields that begin with model_
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )

    # Not a field: kept beside the fields in the instance's __dict__, as functools.cached_property
    # does, because a pydantic private attribute would cost a call for every object decoded. The
    # default is set below: pydantic evaluates the annotations of a base anew for each subclass.
    if TYPE_CHECKING:
        _request_id: ClassVar[str | None]
        """The `x-request-id` of the answer that this came with; for support requests."""

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[pydantic.BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        for_others = is_built_for_others(cls) and not is_part_of_plain()
        # Once the class is built, what it is in validates it by its own, lenient validator.
        if for_others and cls.model_rebuild(raise_errors=False) is not False:
            return with_exact_tags(handler.resolve_ref_schema(handler(source)))
        return lenient_model(plain_model(cls, handler) if is_plain(cls) else handler(source))

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:  # Any: JSON
        return handler(described(schema))

    def __str__(self) -> str:
        """With the name of the class, as `repr` has it."""
        return repr(self)

    if not TYPE_CHECKING:  # pragma: no branch - type checkers see pydantic's signatures

        def model_dump(self, *, exclude_unset: bool = True, **options: Any) -> dict[str, Any]:
            """As in pydantic, without the fields that were not set."""
            make_serializer(type(self))
            return super().model_dump(exclude_unset=exclude_unset, **options)

        def model_dump_json(self, *, exclude_unset: bool = True, **options: Any) -> str:
            """As in pydantic, without the fields that were not set."""
            make_serializer(type(self))
            return super().model_dump_json(exclude_unset=exclude_unset, **options)

        @classmethod
        def model_rebuild(cls, *, _parent_namespace_depth: int = 2, **options: Any) -> bool | None:
            """As in pydantic."""
            depth = _parent_namespace_depth + 1  # the frames up to whoever has the names
            with being_built(cls):
                return super().model_rebuild(_parent_namespace_depth=depth, **options)

        @classmethod
        def model_construct(cls, _fields_set: set[str] | None = None, **values: Any) -> Self:
            """As in pydantic, but as when decoded: parts are models, what is not given is None."""
            made = cls.model_validate(values)
            if _fields_set is not None:
                object.__setattr__(made, "__pydantic_fields_set__", _fields_set)
            return made

    def to_dict(
        self,
        *,
        mode: Literal["json", "python"] = "python",
        use_api_names: bool = True,
        exclude_unset: bool = True,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        warnings: bool = True,
    ) -> dict[str, Any]:  # Any: JSON
        """The object as a dict, key for key as it came in.

        Args:
            mode: "json" for values that JSON has, "python" for Python's own.
            use_api_names: the names on the wire rather than those of the attributes.
            exclude_unset: leave out what was not sent.
            exclude_defaults: leave out what equals its default.
            exclude_none: leave out nulls.
            warnings: warn of values that cannot be serialized as their type says.
        """
        return self.model_dump(
            mode=mode,
            by_alias=use_api_names,
            exclude_unset=exclude_unset,
            exclude_defaults=exclude_defaults,
            exclude_none=exclude_none,
            warnings=warnings,
        )

    def to_json(
        self,
        *,
        indent: int | None = 2,
        use_api_names: bool = True,
        exclude_unset: bool = True,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        warnings: bool = True,
    ) -> str:
        """The object as JSON text, key for key as it came in; the options are `to_dict`'s.

        Args:
            indent: spaces a level; None for a single line.
            use_api_names: the names on the wire rather than those of the attributes.
            exclude_unset: leave out what was not sent.
            exclude_defaults: leave out what equals its default.
            exclude_none: leave out nulls.
            warnings: warn of values that cannot be serialized as their type says.
        """
        return self.model_dump_json(
            indent=indent,
            by_alias=use_api_names,
            exclude_unset=exclude_unset,
            exclude_defaults=exclude_defaults,
            exclude_none=exclude_none,
            warnings=warnings,
        )

    @classmethod
    def construct(cls, _fields_set: set[str] | None = None, **values: Any) -> Self:
        """Make an instance of anything; the official name of `model_construct`."""
        return cls.model_construct(_fields_set, **values)


type.__setattr__(BaseModel, REQUEST_ID, None)


def set_request_id(model: object, request_id: str | None) -> None:
    """Note on a decoded model with which answer it came."""
    if request_id and isinstance(model, BaseModel):
        object.__setattr__(model, REQUEST_ID, request_id)
