"""How parameters are written as JSON: what stands for models, iterables and dates, and which keys.

Takes values of any type and goes by what they are. Where keys have another name on the wire is a
fact of the operation; here no type of a parameter is known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TypeAlias, cast

from openai_types.errors import InvalidArgumentError, InvalidTypeError

from openai_http.sentinels import is_given

# By place, and there by key: the name on the wire, empty for the key itself, and the place inside,
# empty where nothing has another name.
WireNames: TypeAlias = Mapping[str, Mapping[str, tuple[str, str]]]
PARAMETERS = ""  # the place of the parameters themselves
ANY_KEY = "*"

# Iterables of numbers, which nobody means to send.
_BINARY = (bytes, bytearray, memoryview)
_WITHOUT_KEYS = (str, bool, int, float, type(None))


def encoded(name: str, body: object) -> bytes:
    """The body of an operation in JSON, without what is omitted in it.

    Raises:
        InvalidArgumentError: it has something that is not JSON.
    """
    try:
        return _written(body).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise _no_json(name, error) from error


def in_wire_names(name: str, params: Mapping[str, object], names: WireNames) -> dict[str, object]:
    """The parameters of an operation, with the keys that the API knows; they are not changed.

    Raises:
        InvalidArgumentError: one has something that is not JSON.
    """
    try:
        return _renamed(params, names, PARAMETERS)
    except (TypeError, ValueError, RecursionError) as error:
        raise _no_json(name, error) from error


def plain(value: object) -> object:
    """A model as a dict of what is set in it, a mapping as a dict, another iterable as a list.

    A date, with a time or without, is text by ISO 8601.

    Raises:
        TypeError: it is none of these.
    """
    from pydantic import BaseModel

    kind = type(value).__name__
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, Mapping):
        return dict(cast("Mapping[object, object]", value))
    if isinstance(value, Iterable) and not isinstance(value, _BINARY):
        return list(cast("Iterable[object]", value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, type):
        raise TypeError(
            f"{value.__name__} is a class, which only stream() takes; response_format_of and"
            " text_format_of of openai_tools make a parameter of one"
        )
    raise TypeError(f"a value of type {kind} is not JSON")


def _written(body: object) -> str:
    try:
        return _ENCODER.encode(body)
    except _NotAsItIsError:
        pass  # what goes wrong now has nothing to do with it
    return _ENCODER.encode(_prepared(body))


class _NotAsItIsError(Exception):
    """A body has something in it that the encoder cannot leave out, or read twice."""


def _encodable(value: object) -> object:
    """What is encoded in the place of a value that the encoder does not know.

    So bodies are searched for what is omitted only if they have it. As nothing that can be read
    only once has been read by then, the body can be prepared and encoded from its beginning.
    """
    if isinstance(value, Iterator) or not is_given(value):
        raise _NotAsItIsError
    return plain(value)


def _prepared(value: object) -> object:
    """A value as plain dicts and lists, without the keys and the items that are omitted."""
    if isinstance(value, _WITHOUT_KEYS):
        return value
    written = plain(value)
    if isinstance(written, dict):
        pairs = cast("dict[object, object]", written).items()
        return {key: _prepared(each) for key, each in pairs if is_given(each)}
    if isinstance(written, list):
        return [_prepared(each) for each in cast("list[object]", written) if is_given(each)]
    return written


# The standard library's encoder, because that of pydantic-core would write the unset fields of
# models as null, which the API refuses.
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_encodable
)


def _renamed(value: Mapping[str, object], names: WireNames, place: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, each in value.items():
        wire, inside = names[place].get(key) or names[place].get(ANY_KEY, ("", ""))
        found[wire or key] = _renamed_inside(each, names, inside) if inside else each
    return found


def _renamed_inside(value: object, names: WireNames, place: str) -> object:
    """A value at a place, or each of several."""
    if isinstance(value, _WITHOUT_KEYS) or not is_given(value):
        return value
    written = plain(value)
    if isinstance(written, dict):
        return _renamed(cast("dict[str, object]", written), names, place)
    if isinstance(written, list):
        return [_renamed_inside(each, names, place) for each in cast("list[object]", written)]
    return written


def _no_json(name: str, error: Exception) -> InvalidArgumentError:
    call = name if " " in name else f"{name}()"  # a method and a path, or the name of a method
    kind = InvalidTypeError if isinstance(error, TypeError) else InvalidArgumentError
    return kind(
        f"The parameters of {call} cannot be written as JSON: {error}. Pass only what JSON"
        " knows: dicts, lists, text, numbers, booleans, None, dates, and models of this package."
    )
