"""When two requests are the same, and how two that are not differ.

Requests are the same if method, path, query and body are: JSON compared as JSON, forms by their
parts, the order of parameters and of differently named parts left aside, as are the fields that
the user says differ every time. Knows nothing of tapes.
"""

from __future__ import annotations

import json
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl

from openai_mock.recorder.bodies import part_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from openai_mock.recorder.exchange import Exchange, JsonObject, Request

SHOWN_DIFFERENCES = 8
SHOWN_OF_A_VALUE = 120  # characters


def comparable(request: Request, ignore: Collection[str]) -> JsonObject:
    """What two requests have to have in common to be the same.

    Args:
        request: The request.
        ignore: Names of fields and of query parameters that may differ.
    """
    path, _, query = request.path.partition("?")
    kind, body = next(iter(request.body.items()), ("nothing", None))
    if kind == "multipart":
        body = sorted(cast("list[JsonObject]", body), key=part_name)
    parameters: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in ignore:
            parameters.setdefault(name, []).append(value)
    return {
        "method": request.method,
        "path": path,
        "query": parameters,
        "kind of body": kind,
        "body": _normal(body, ignore),
    }


def comparable_message(data: str | bytes, ignore: Collection[str]) -> object:
    """What two messages on a WebSocket have to have in common to be the same."""
    if isinstance(data, bytes):
        return data.hex()
    try:
        return _normal(json.loads(data), ignore)
    except (ValueError, RecursionError):
        return data


def key_of(value: object) -> str:
    """A text that is the same for values that are the same JSON."""
    return json.dumps(value, sort_keys=True)


def differences(recorded: object, asked: object, path: str = "") -> Iterator[str]:
    """Where two values differ, a line for each place."""
    if key_of(recorded) == key_of(asked):
        return
    unequal = f"{path}: recorded {_shown(recorded)}, now {_shown(asked)}"
    if isinstance(recorded, dict) and isinstance(asked, dict):
        yield from _in_objects(cast("JsonObject", recorded), cast("JsonObject", asked), path)
    elif isinstance(recorded, list) and isinstance(asked, list):
        yield from _in_arrays(cast("list[object]", recorded), cast("list[object]", asked), path)
    else:
        yield unequal


def _in_objects(recorded: JsonObject, asked: JsonObject, path: str) -> Iterator[str]:
    for name in dict.fromkeys([*recorded, *asked]):
        inner = f"{path}.{name}" if path else name
        if name not in asked:
            yield f"{inner}: recorded {_shown(recorded[name])}, now missing"
        elif name not in recorded:
            yield f"{inner}: not recorded, now {_shown(asked[name])}"
        else:
            yield from differences(recorded[name], asked[name], inner)


def _in_arrays(recorded: list[object], asked: list[object], path: str) -> Iterator[str]:
    for index, (one, other) in enumerate(zip(recorded, asked, strict=False)):
        yield from differences(one, other, f"{path}[{index}]")
    for index, value in list(enumerate(recorded))[len(asked) :]:
        yield f"{path}[{index}]: recorded {_shown(value)}, now missing"
    for index, value in list(enumerate(asked))[len(recorded) :]:
        yield f"{path}[{index}]: not recorded, now {_shown(value)}"


def nearest(
    request: Request, exchanges: Iterable[Exchange], ignore: Collection[str]
) -> tuple[Exchange, list[str]] | None:
    """The recorded exchange that is most like a request, and how it differs."""
    asked = comparable(request, ignore)
    candidates = [(each, comparable(each.request, ignore)) for each in exchanges]
    if not candidates:
        return None

    def distance(candidate: tuple[Exchange, JsonObject]) -> tuple[float, int, int]:
        recorded = candidate[1]
        likeness = SequenceMatcher(None, recorded["path"], asked["path"]).ratio()
        different = sum(1 for _ in differences(recorded, asked))
        return -likeness, int(recorded["method"] != asked["method"]), different

    exchange, recorded = min(candidates, key=distance)
    found = list(differences(recorded, asked))
    more = len(found) - SHOWN_DIFFERENCES
    shown = found[:SHOWN_DIFFERENCES]
    return exchange, [*shown, f"and {more} more"] if more > 0 else shown


def _normal(value: object, ignore: Collection[str]) -> object:
    if isinstance(value, dict):
        fields = cast("JsonObject", value).items()
        return {name: _normal(each, ignore) for name, each in fields if name not in ignore}
    if isinstance(value, list):
        return [_normal(each, ignore) for each in cast("list[object]", value)]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # JSON has one type of number
    return value


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_OF_A_VALUE else f"{text[:SHOWN_OF_A_VALUE]}..."
