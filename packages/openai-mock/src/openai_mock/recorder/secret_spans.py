r"""Where secrets stand in a text: by their shape, and by the names that they have.

Decides on text alone: a body, a URL or a header, whole or broken off anywhere, JSON or not, also
JSON inside a string of JSON. What it cannot see is a secret that the text itself takes apart, such
as one that a model spells in several deltas.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from openai_types.configuration import is_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Span = tuple[int, int]

# Whose it is, rather than a key; kept off tapes all the same.
_IDENTITY = frozenset({"openai-organization", "openai-project"})
# Names that `is_secret` takes for secrets because of a "token" or a "key" in them.
_HARMLESS = re.compile(
    r"(?i)ratelimit|tokens$|(?:max|page|next|continuation|count|num)[-_]?token|token[-_]?count"
    r"|^sec-websocket-|cache[-_]key$|keyword"
)
# Names of fields and parameters; narrower, because a "key" or a "token" of the API's is none.
_SECRET_FIELD = re.compile(
    r"(?i)(?:secret|password|passwd|passphrase|authorization|cookie|credential"
    r"|(?:api|private|access|signing|encryption)[-_]?key"
    r"|(?:access|refresh|auth|id|bearer|session|security|csrf)[-_]?token)s?(?:[-_]?value)?$"
)
_SIGNATURE = re.compile(r"(?i)(?:^|[-_])(?:sig|signature|credential)$")

# A character of a key, and one of a token or of base64: as it stands, as JSON may escape it and as
# a URL may.
_OF_A_KEY = r"(?:[\w*-]|\\u00(?:2[Dd]|5[Ff]))"
_CHAR = rf"(?:{_OF_A_KEY}|[+/=]|\\/|\\u00(?:2[BbFf]|3[Dd])|%2[BbFf]|%3[Dd])"
# Not inside a word ("task-force"), unless what seems a letter is the end of an escape.
_BEGIN = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrtbf])|(?<=\\u[0-9A-Fa-f]{4})|(?<=%[0-9A-Fa-f]{2}))"
# How the keys of other providers and of what tools reach begin.
_OF_OTHERS = r"gh[oprsu]_|github_pat_|gsk_|hf_|nvapi-|pplx-|xai-|xox[abeprs]-|AIza|A[KS]IA"
_SHAPES = (
    re.compile(rf"{_BEGIN}(?:sk-|ek_)({_OF_A_KEY}{{8,}})", re.ASCII),
    re.compile(rf"{_BEGIN}(?:{_OF_OTHERS})({_OF_A_KEY}{{16,}})", re.ASCII),
    re.compile(rf"{_BEGIN}whsec_({_CHAR}{{8,}})", re.ASCII),
    re.compile(rf"(?i:bearer)(?:\s|%20|\+|\\u0020)+((?:{_CHAR}|[.~]){{8,}})", re.ASCII),
    re.compile(r"(eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?)", re.ASCII),  # a JSON Web Token
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----(.+?)(?:-----END|\Z)", re.DOTALL),
    re.compile(r"://[^/\s:@\"'\\?#]*:([^/\s@\"'\\?#]+)@"),  # user and password in a URL
)
_PARAMETER = re.compile(r"(?:\A|[?&;\"]|\\u0026)([\w.%~-]{1,80})=([^&;\s\"'<>\\#]+)")

_STRING = r"[^\"\\]*+(?:\\.[^\"\\]*+)*+"  # what stands between quotes, closed or broken off
_REST = re.compile(_STRING, re.DOTALL)
_FIELD = re.compile(r"(\\*)\"([^\"\\]{1,80})\1\"\s*:\s*\1\"")
_CONTAINER = re.compile(r"\"([^\"\\]{1,80})\"\s*:\s*([\[{])")
_ANY_STRING = re.compile(rf"\"({_STRING})\"?", re.DOTALL)
_VALUE = re.compile(rf"\"value\"\s*:\s*\"({_STRING})", re.DOTALL)
_LONG_TOKEN = re.compile(r"(?=\D*\d)(?=[^A-Za-z]*[A-Za-z])[\w.~+/=-]{20,}", re.ASCII)


def hides_header(name: str) -> bool:
    """Whether a header or a query parameter of this name is kept off a tape."""
    if name.lower() in _IDENTITY:
        return True
    return is_secret(name) and _HARMLESS.search(name) is None


def hides_field(name: str) -> bool:
    """Whether a field of JSON or of a form holds a secret."""
    return _SECRET_FIELD.search(name) is not None


def secret_spans(text: str) -> Iterator[Span]:
    """Where secrets are; in no order, and some may overlap."""
    for shape in _SHAPES:
        yield from (match.span(1) for match in shape.finditer(text))
    yield from _in_parameters(text)
    yield from _in_fields(text)
    yield from _in_containers(text)


def _in_parameters(text: str) -> Iterator[Span]:
    for match in _PARAMETER.finditer(text):
        name = unquote(match[1])
        if hides_header(name) or _SIGNATURE.search(name):
            yield match.span(2)


def _in_fields(text: str) -> Iterator[Span]:
    """`"name": "secret"`, at any depth of JSON in strings of JSON."""
    for match in _FIELD.finditer(text):
        name, escapes = match[2], match[1]
        if hides_field(name):
            yield match.end(), _end_of_string(text, match.end(), escapes)
        elif name.lower() == "token":  # also what the API calls a word in its logprobs
            end = _end_of_string(text, match.end(), escapes)
            if _LONG_TOKEN.fullmatch(text, match.end(), end):
                yield match.end(), end


def _end_of_string(text: str, start: int, escapes: str) -> int:
    if not escapes:
        match = _REST.match(text, start)
    else:
        match = re.compile(rf"(?<!\\){re.escape(escapes)}\"").search(text, start)
        return match.start() if match else len(text)
    return match.end() if match else len(text)


def _in_containers(text: str) -> Iterator[Span]:
    """`"names": ["secret"]`, `"name": {"value": "secret"}` and `"headers": {"name": "secret"}`."""
    for match in _CONTAINER.finditer(text):
        name, bracket, start = match[1], match[2], match.end()
        if hides_field(name):
            end = _closing(text, start, "]" if bracket == "[" else "}")
            flat = bracket == "[" and "{" not in text[start:end]
            strings = (_ANY_STRING if flat else _VALUE).finditer(text, start, end)
            yield from (string.span(1) for string in strings)
        elif bracket == "{" and name.lower().endswith("headers"):
            yield from _strings_named(text, start, _closing(text, start, "}"), hides_header)


def _closing(text: str, start: int, bracket: str) -> int:
    end = text.find(bracket, start)
    return len(text) if end < 0 else end


def _strings_named(text: str, start: int, end: int, hides: Callable[[str], bool]) -> Iterator[Span]:
    for match in _FIELD.finditer(text, start, end):
        if hides(match[2]):
            yield match.end(), _end_of_string(text, match.end(), match[1])
