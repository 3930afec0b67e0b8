"""The body of a request as a tape has it: in the form in which bodies are compared.

JSON as JSON, a form with files as its parts, other text as text, everything else as base64; what
was compressed is unpacked first. Decides that form only; what secrets are is known elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from typing import TYPE_CHECKING

from openai_types.configuration import REMOVED
from pydantic_core import from_json

from openai_mock.recorder.lines import as_text_or_base64
from openai_mock.recorder.secret_spans import hides_field

if TYPE_CHECKING:
    from openai_mock.recorder.exchange import JsonObject
    from openai_mock.recorder.redaction import Redactor

_BOUNDARY = re.compile(r"(?i);\s*boundary=(?:\"([^\"]+)\"|([^\s;]+))")
_NAME = re.compile(r"(?i);\s*name=(?:\"([^\"]*)\"|([^\s;]+))")
_ZLIB_OR_GZIP = 47  # the `wbits` with which zlib finds out


def described(
    data: bytes, *, content_type: str, content_encoding: str, redactor: Redactor
) -> JsonObject:
    """A body under the name of its kind; empty for no body.

    Args:
        data: As it was sent.
        content_type: The header, or an empty text.
        content_encoding: The header, or an empty text.
        redactor: Removes secrets.
    """
    if not data:
        return {}
    unpacked = _unpacked(data, content_encoding.strip().lower())
    if unpacked is None:  # nobody can look for secrets in it
        return {"sha256": hashlib.sha256(data).hexdigest()}
    media_type = content_type.partition(";")[0].strip().lower()
    boundary = _BOUNDARY.search(content_type)
    if media_type.startswith("multipart/") and boundary:
        parts = _parts(unpacked, (boundary[1] or boundary[2]).encode("latin-1"))
        if parts:
            return {"multipart": [_part(*part, redactor) for part in parts]}
    text = unpacked.decode("utf-8", "surrogateescape")
    if media_type == "application/x-www-form-urlencoded":
        return _text_or_base64(redactor.removed_from_url(text))
    clean = redactor.removed(text)
    if not media_type or "json" in media_type:
        found = _as_json(clean)
        if found is not None:
            return found
    return _text_or_base64(clean)


def without_boundary(content_type: str) -> str:
    """A content type without what is different every time."""
    return _BOUNDARY.sub("", content_type)


def part_name(part: JsonObject) -> str:
    """The name of a part of a form."""
    for name, value in part["headers"]:
        match = _NAME.search(value) if name == "content-disposition" else None
        if match:
            return match[1] or match[2] or ""
    return ""


def _unpacked(data: bytes, encoding: str) -> bytes | None:
    if encoding in ("", "identity"):
        return data
    if encoding in ("gzip", "x-gzip", "deflate"):
        try:
            return zlib.decompress(data, _ZLIB_OR_GZIP)
        except zlib.error:
            return None
    return None


def _as_json(text: str) -> JsonObject | None:
    """The value of a JSON text, unless a tape, which is JSON itself, could not hold it."""
    try:
        value: object = from_json(text.encode(), allow_inf_nan=False)
        json.dumps(value, allow_nan=False)
    except ValueError:  # also what is not UTF-8
        return None
    return {"json": value}


def _text_or_base64(text: str) -> JsonObject:
    written = as_text_or_base64(text.encode("utf-8", "surrogateescape"))
    return {"text": written} if isinstance(written, str) else written


def _parts(body: bytes, boundary: bytes) -> list[tuple[bytes, bytes]] | None:
    """The heads and contents of the parts (RFC 2046, section 5.1); None if it is malformed."""
    delimiter = b"\r\n--" + boundary
    _, *pieces = (b"\r\n" + body).split(delimiter)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):  # noqa: PLR2004 - a part and the end
        return None
    found: list[tuple[bytes, bytes]] = []
    for piece in pieces[:-1]:
        line, _, rest = piece.partition(b"\r\n")
        head, blank, content = (b"\r\n" + rest).partition(b"\r\n\r\n")
        if line.strip() or not blank:
            return None
        found.append((head, content))
    return found


def _part(head: bytes, content: bytes, redactor: Redactor) -> JsonObject:
    lines = head.decode("utf-8", "replace").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    headers = [[name.strip().lower(), redactor.removed(value.strip())] for name, _, value in pairs]
    part: JsonObject = {"headers": headers}
    text = content.decode("utf-8", "surrogateescape")
    clean = REMOVED if text and hides_field(part_name(part)) else redactor.removed(text)
    return {**part, **_text_or_base64(clean)}
