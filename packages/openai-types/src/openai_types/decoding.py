"""From bytes to typed values, in one step and without a copy in between.

Knows how validators are built and kept, and turns their complaints into `DecodeError`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from openai_types.errors import DecodeError

if TYPE_CHECKING:
    from pydantic_core import SchemaValidator

T = TypeVar("T")

SHOWN = 200  # bytes of the data that a message shows


class Decoder(Generic[T]):
    """Decodes JSON into one type: `Decoder[Response](Response)(body)`.

    The validator is built at the first call and shared by all decoders of the type.

    Args:
        type_: the type, or a union of models.
        strict: refuse what does not fit the type, instead of keeping it as it came.
    """

    __slots__ = ("_strict", "_type", "_validate")

    def __init__(self, type_: object, *, strict: bool = False) -> None:
        self._type = type_
        self._strict = strict
        self._validate: Any = self._first_call  # Any: pydantic-core returns what it was built for

    def __call__(self, data: bytes | str) -> T:
        """Decode one JSON document.

        Raises:
            DecodeError: it is not JSON, or not of the type's outer shape (with `strict`, of the
                whole type); the bytes are on the error.
        """
        try:
            return self._validate(data)
        except ValueError as error:
            raise _decode_error(error, data, self._type) from error

    def _first_call(self, data: bytes | str) -> T:
        self._validate = _validator(_Key(self._type, self._strict)).validate_json
        return self._validate(data)


class _Key:
    """A type as a key of the cache, by identity: annotated unions need not be hashable."""

    __slots__ = ("strict", "type")

    def __init__(self, type_: object, strict: bool) -> None:
        self.type = type_
        self.strict = strict

    def __hash__(self) -> int:
        return hash((id(self.type), self.strict))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and (self.type is other.type, self.strict == other.strict) == (True, True)


@cache
def _validator(key: _Key) -> SchemaValidator:
    from pydantic import TypeAdapter
    from pydantic_core import SchemaValidator

    from openai_types.leniency import strict

    adapter: TypeAdapter[object] = TypeAdapter(key.type)
    adapter.rebuild(force=True)  # models put their schema off until it is needed
    if key.strict:
        return SchemaValidator(strict(adapter.core_schema))
    return cast("SchemaValidator", adapter.validator)


def _decode_error(error: ValueError, data: bytes | str, type_: object) -> DecodeError:
    raw = data.encode(errors="surrogatepass") if isinstance(data, str) else bytes(data)
    name = getattr(type_, "__name__", None) or "the expected union"
    details = getattr(error, "errors", None)
    reason = str(error)
    if details is not None:
        first = details(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        reason = f"{where}: {first['msg']}" if where else first["msg"]
    shown = raw[:SHOWN].decode(errors="replace") + ("…" if len(raw) > SHOWN else "")
    message = f"Expected JSON of {name}, but {reason}. Received {len(raw)} bytes: {shown!r}"
    return DecodeError(message, data=raw)
