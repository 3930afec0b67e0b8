"""From bytes to typed values, in one step and without a copy in between.

Knows how validators are built and kept, where pydantic-core reads other JSON than the standard has,
and how its complaints become a `DecodeError`.
"""

from __future__ import annotations

import json
import re
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, cast

from openai_types.errors import DecodeError, InvalidTypeError
from openai_types.lazy import without_collection

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import CoreSchema, SchemaValidator, ValidationError

T = TypeVar("T")

SHOWN = 200  # bytes of the data that a message shows
BOM = b"\xef\xbb\xbf"

# NaN and Infinity where a value may stand; most texts that mention them are sorted out here.
_N, _I = b"NI"
_CONSTANT = re.compile(rb"[:,\[\s]-?(?:NaN|Infinity)")
# Every escape of a JSON text. The group is half of a surrogate pair: whole pairs match before it.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)


class Decoder(Generic[T]):
    """Decodes JSON into one type: `Decoder[Response](Response)(body)`.

    The validator is built at the first call, shared by all decoders of the type and kept for good.
    A byte order mark is skipped. Half a surrogate pair in an escape, as comes from text that was
    cut for streaming, becomes U+FFFD, unless decoding is strict.

    Args:
        type_: the type, or a union of models.
        strict: refuse what does not fit the type, instead of keeping it as it came.
    """

    __slots__ = ("_strict", "_type", "_validate")

    def __init__(self, type_: object, *, strict: bool = False) -> None:
        self._type = type_
        self._strict = strict
        self._validate: Callable[[bytes | str], T] | None = None

    def __call__(self, data: bytes | str) -> T:
        """Decode one JSON document.

        Raises:
            DecodeError: it is not JSON, or not of the type's outer shape (with `strict`, of the
                whole type); the bytes are on the error.
            InvalidTypeError: nothing can be decoded into such a type, or the data are neither bytes
                nor text.
        """
        validate = self._validate or self._built()
        try:
            value = validate(data)
        except ValueError as error:
            if not isinstance(data, str | bytes | bytearray):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
                raise _not_json(data, self._type) from error
            raw = _as_bytes(data)
            mended = _mended(raw, strict=self._strict)
            if mended != raw:
                return self._retry(mended, raw)
            raise _decode_error(error, raw, self._type) from error
        # This is done for every event of a stream. To look for a byte costs far less than to look
        # for a word, and most events have neither.
        if type(data) is bytes and _N not in data and _I not in data:
            return value
        if _has_constant(data):
            reason = "NaN and Infinity are not JSON"
            raise _refusal(reason, _as_bytes(data), self._type)
        return value

    def _retry(self, mended: bytes, raw: bytes) -> T:
        try:
            return self(mended)
        except DecodeError as error:
            error.data = raw
            raise

    def prepare(self) -> None:
        """Build the validator now, if it was not built yet, rather than at the first call.

        Raises:
            InvalidTypeError: there can be none of such a type.
        """
        if self._validate is None:
            self._built()

    def _built(self) -> Callable[[bytes | str], T]:
        validator = _validator(self._type, self._strict)
        self._validate = cast("Callable[[bytes | str], T]", validator.validate_json)
        return self._validate


# By the identity of the type, since annotated unions need not be hashable. Each entry keeps its
# type alive, so that no later type can have the same identity.
_validators: dict[tuple[int, bool], tuple[object, SchemaValidator]] = {}
_building = Lock()


def _validator(type_: object, strict: bool) -> SchemaValidator:
    key = (id(type_), strict)
    with _building:  # building takes milliseconds: threads wait for it rather than repeat it
        entry = _validators.get(key)
        if entry is None:
            with without_collection():
                entry = _validators[key] = (type_, _build(type_, strict))
    return entry[1]


def _build(type_: object, strict: bool) -> SchemaValidator:
    from pydantic_core import SchemaValidator

    from openai_types import leniency, schemas

    left_to_pydantic = schemas.is_plain(type_) and not schemas.UNBUILT_ARE_DUMPED
    schema = None if left_to_pydantic else schemas.plain_schema(type_)
    if schema is None:
        schema, validator = _built_by_pydantic(type_)
        return SchemaValidator(leniency.strict(schema)) if strict else validator
    return SchemaValidator(leniency.strict(schema) if strict else schema)


def _built_by_pydantic(type_: object) -> tuple[CoreSchema, SchemaValidator]:
    from pydantic.errors import PydanticUndefinedAnnotation, PydanticUserError

    try:
        schema, validator = _schema_and_validator(type_)
    except (PydanticUserError, PydanticUndefinedAnnotation) as error:
        reason = error.message.splitlines()[0].partition(". ")[0].rstrip(".")
        raise InvalidTypeError(
            f"Nothing can be decoded into {_name_of(type_)}: {reason}. Pass a model, a dataclass, a"
            " typed dict, or a type that JSON has, such as dict[str, object]."
        ) from error
    return schema, cast("SchemaValidator", validator)


def _schema_and_validator(type_: object) -> tuple[CoreSchema, object]:
    import pydantic

    if isinstance(type_, type) and issubclass(type_, pydantic.BaseModel):
        type_.model_rebuild()  # on the class, where dumps find it: they need not build it again
        return type_.__pydantic_core_schema__, type_.__pydantic_validator__
    form = cast("Any", type_)  # Any: what pydantic wants has no annotation yet
    adapter: pydantic.TypeAdapter[object] = pydantic.TypeAdapter(form)
    return adapter.core_schema, adapter.validator


def _name_of(type_: object) -> str:
    return type_.__qualname__ if isinstance(type_, type) else repr(type_)


def _not_json(data: object, type_: object) -> InvalidTypeError:
    return InvalidTypeError(
        f"JSON of {_name_of(type_)} cannot be decoded from a value of type {type(data).__name__}."
        " Pass the JSON as bytes or text; for a dict there is model_validate."
    )


def _as_bytes(data: bytes | str) -> bytes:
    return data.encode(errors="surrogatepass") if isinstance(data, str) else bytes(data)


def _mended(raw: bytes, *, strict: bool) -> bytes:
    """What pydantic-core does not read but other parsers do, so that it does."""
    raw = raw.removeprefix(BOM)
    return raw if strict else _ESCAPE.sub(_whole, raw)


def _whole(escape: re.Match[bytes]) -> bytes:
    return rb"\ufffd" if escape[1] else escape[0]


def _has_constant(data: bytes | str) -> bool:
    """Whether NaN or Infinity is a value in it, which pydantic-core takes for numbers."""
    if isinstance(data, str):
        if "NaN" not in data and "Infinity" not in data:
            return False
    elif b"NaN" not in data and b"Infinity" not in data:
        return False
    if not _CONSTANT.search(_as_bytes(data)):
        return False
    try:
        json.loads(data, parse_constant=_refuse_constant)
    except ValueError:
        return True
    return False


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _decode_error(error: ValueError, raw: bytes, type_: object) -> DecodeError:
    found = cast("ValidationError", error)  # a ValueError: so pydantic need not be imported here
    first = found.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"] if not _is_label(part))
    reason = f"{where}: {first['msg']}" if where else first["msg"]
    return _refusal(reason, raw, type_)


def _is_label(part: object) -> bool:
    """Whether a step of a path is no key, but pydantic's description of a union's member."""
    return isinstance(part, str) and part.endswith("]") and "[" in part


def _refusal(reason: str, raw: bytes, type_: object) -> DecodeError:
    name = type_.__name__ if isinstance(type_, type) else "the expected union"
    shown = raw[:SHOWN].decode(errors="replace") + ("…" if len(raw) > SHOWN else "")
    message = f"Expected JSON of {name}, but {reason}. Received {len(raw)} bytes: {shown!r}"
    return DecodeError(message, data=raw)
