"""How many tokens a request has, and the `usage` of its answer.

Decides what is counted besides text: the frame of each message, tools and schemas, images, sounds
and files. The numbers are those that the API documents for its older models; they are plausible,
not those of a bill. Nothing is cached, and nothing is thought.
"""

from __future__ import annotations

import json
import math
import struct
from base64 import b64decode
from binascii import Error as Base64Error
from typing import TYPE_CHECKING

from openai_mock.content.json_values import as_object, objects_in
from openai_mock.content.tokens import count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openai_mock.content.json_values import Object

OF_A_MESSAGE = 3  # its role and its ends
OF_A_NAME = 1
OF_AN_ANSWER = 3  # its beginning, which the model is given
OF_AN_IMAGE = 85  # of any size, and all of it with the detail "low"
OF_A_TILE = 170  # each begun square of 512 pixels of an image
USUAL_TILES = 4  # of an image of 1,024 pixels a side, for one whose size is not known
BYTES_OF_A_SOUND_TOKEN = 4800  # a tenth of a second of 24 kHz, 16 bits
BYTES_OF_A_FILE_TOKEN = 4

_SHORT_SIDE, _LONG_SIDE, _TILE = 768, 2048, 512
_PNG_BEGIN = b"\x89PNG\r\n\x1a\n"
_PNG = struct.Struct(">16sII")  # its beginning, its width and its height


def chat_prompt_tokens(request: Object) -> int:
    """How many tokens the body of a chat completion has.

    Args:
        request: The body, on the wire.
    """
    described = (request.get(name) for name in ("tools", "functions", "response_format"))
    messages = sum(map(_of_message, objects_in(request.get("messages"))))
    return messages + OF_AN_ANSWER + sum(map(_of_json, described))


def response_input_tokens(request: Object, given: str | Iterable[Object] | None) -> int:
    """How many tokens the input of a response has.

    Args:
        request: The body of the request, on the wire.
        given: Its input, after what came before it in the conversation.
    """
    items = [{"content": given}] if isinstance(given, str) else given or ()
    instructions = request.get("instructions")
    total = OF_AN_ANSWER + sum(map(_of_message, items))
    if isinstance(instructions, str):
        total += OF_A_MESSAGE + count(instructions)
    described = (request.get("tools"), as_object(request.get("text")).get("format"))
    return total + sum(map(_of_json, described))


def chat_usage(prompt_tokens: int, completion_tokens: int) -> dict[str, object]:
    """The `usage` of a chat completion."""
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def response_usage(input_tokens: int, output_tokens: int) -> dict[str, object]:
    """The `usage` of a response."""
    return {
        "input_tokens": input_tokens,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": output_tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": input_tokens + output_tokens,
    }


def image_tokens(image: str, detail: object = None) -> int:
    """How many tokens an image has.

    Args:
        image: Its URL. Only of a PNG that is in the URL itself is the size looked at.
        detail: How closely it is looked at.
    """
    if detail == "low":
        return OF_AN_IMAGE
    size = _size(image)
    tiles = USUAL_TILES if size is None else _tiles(*size)
    return OF_AN_IMAGE + OF_A_TILE * tiles


def _of_message(message: Object) -> int:
    """The tokens of a message, or of an item of another type: its frame, its content, its calls."""
    total = OF_A_MESSAGE
    for name in ("content", "output", "arguments", "input", "name", "refusal"):
        total += _of_content(message.get(name))
    if isinstance(message.get("name"), str) and "role" in message:
        total += OF_A_NAME
    for call in objects_in(message.get("tool_calls")):
        total += OF_A_MESSAGE + sum(_of_message(as_object(call.get(kind))) for kind in _CALLED)
    return total


_CALLED = ("function", "custom")


def _of_content(content: object) -> int:
    if isinstance(content, str):
        return count(content)
    return sum(map(_of_part, objects_in(content)))


def _of_part(part: Object) -> int:
    match part.get("type"):
        case "image_url":
            image = as_object(part.get("image_url"))
            return image_tokens(str(image.get("url")), image.get("detail"))
        case "input_image":
            return image_tokens(str(part.get("image_url")), part.get("detail"))
        case "input_audio":
            data = as_object(part.get("input_audio")).get("data")
            return math.ceil(_bytes_in(data) / BYTES_OF_A_SOUND_TOKEN)
        case "file" | "input_file":
            data = as_object(part.get("file", part)).get("file_data")
            return math.ceil(_bytes_in(data) / BYTES_OF_A_FILE_TOKEN)
        case _:
            text = part.get("text", part.get("refusal"))
            return count(text) if isinstance(text, str) else 0


def _of_json(value: object) -> int:
    return count(json.dumps(value, ensure_ascii=False)) if value else 0


def _bytes_in(data: object) -> int:
    """How many bytes a base64 text stands for, with or without the head of a data URL."""
    return len(data.rpartition(",")[2]) * 3 // 4 if isinstance(data, str) else 0


def _size(image: str) -> tuple[int, int] | None:
    head, comma, data = image.partition(";base64,")
    if not comma or not head.startswith("data:image/png"):
        return None
    try:
        begin = b64decode(data[:32], validate=True)[: _PNG.size]  # as far as the size
    except Base64Error:
        return None
    if len(begin) < _PNG.size or not begin.startswith(_PNG_BEGIN):
        return None
    _, width, height = _PNG.unpack(begin)
    return width, height


def _tiles(width: int, height: int) -> int:
    """The squares of an image, after it is made to fit where it is larger."""
    scale = min(1, _LONG_SIDE / max(width, height, 1))
    scale = min(scale, _SHORT_SIDE / max(min(width, height), 1))
    return max(1, math.ceil(width * scale / _TILE)) * max(1, math.ceil(height * scale / _TILE))
