"""The lines of a batch: which can be run, and how what they got is written.

Decides what is complained of in an input file, with the line's number. Knows no store and no time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from pydantic_core import to_json

from openai_mock.files.stored_files import lines_of
from openai_mock.models import is_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from openai_mock.state.ids import Identifiers
    from openai_mock.state.store import Document
    from openai_mock.work.own_requests import Answered

BAD_REQUEST = 400  # the least status of a failure
MOST_LINES = 50_000
MOST_ERRORS = 100  # that are told
_KINDS: Mapping[str, type] = {"custom_id": str, "method": str, "url": str, "body": dict}


class Line(NamedTuple):
    """A request of a batch.

    Attributes:
        custom_id: What its answer is found by.
        body: What is posted.
    """

    custom_id: str
    body: Document


class Checked(NamedTuple):
    """An input file.

    Attributes:
        lines: Its requests.
        errors: What is wrong, as the API writes it; if anything is, nothing may be run.
    """

    lines: list[Line]
    errors: list[Document]


def checked(content: bytes, endpoint: str) -> Checked:
    """Read an input file.

    Args:
        content: Its bytes.
        endpoint: Where all its requests go.
    """
    lines: list[Line] = []
    errors: list[Document] = []
    seen: set[str] = set()
    models: set[object] = set()
    for number, value in lines_of(content):
        found = _error_of(value, endpoint, seen, models)
        if found:
            errors.append({**found, "line": number})
        elif value is not None:
            lines.append(Line(value["custom_id"], value["body"]))
    if not lines and not errors:
        message = "The input file has no requests. Write one on each line."
        errors.append(_error("empty_file", message, None))
    if len(lines) > MOST_LINES:
        message = f"The input file has {len(lines)} requests. Send at most {MOST_LINES}."
        errors.append(_error("too_many_tasks", message, None))
    return Checked(lines, errors[:MOST_ERRORS])


def answered(line: Line, answer: Answered, ids: Identifiers) -> Document:
    """What a request got, as a line of the output or the error file."""
    response = {
        "status_code": answer.status,
        "request_id": ids.new("req_"),
        "body": answer.body,
    }
    return _written(line, ids, response, None)


def unanswered(line: Line, code: str, message: str, ids: Identifiers) -> Document:
    """That a request was not run, as a line of the error file."""
    return _written(line, ids, None, {"code": code, "message": message})


def is_failure(result: Document) -> bool:
    """Whether a line belongs into the error file."""
    response = result["response"]
    return response is None or response["status_code"] >= BAD_REQUEST


def jsonl(results: Iterable[Document]) -> bytes:
    """Lines as they are in a file."""
    return b"".join(to_json(each) + b"\n" for each in results)


def usage_of(results: Iterable[Document]) -> Document:
    """The tokens that all answers took together, of whichever API they are."""
    into = out = cached = reasoning = 0
    for usage in _usages(results):
        into += _first(usage, "input_tokens", "prompt_tokens") or 0
        out += _first(usage, "output_tokens", "completion_tokens") or 0
        details: Document = _first(usage, "input_tokens_details", "prompt_tokens_details") or {}
        cached += details.get("cached_tokens") or 0
        details = _first(usage, "output_tokens_details", "completion_tokens_details") or {}
        reasoning += details.get("reasoning_tokens") or 0
    return {
        "input_tokens": into,
        "input_tokens_details": {"cached_tokens": cached},
        "output_tokens": out,
        "output_tokens_details": {"reasoning_tokens": reasoning},
        "total_tokens": into + out,
    }


def _first(usage: Document, *names: str) -> Any:  # Any: JSON
    """The value of the first name that is there."""
    return next((usage[name] for name in names if name in usage), None)


def _usages(results: Iterable[Document]) -> Iterator[Document]:
    for each in results:
        response: Document = each["response"] or {"body": {}}
        usage: object = response["body"].get("usage")
        if isinstance(usage, dict):
            yield cast("Document", usage)


def _error_of(
    value: Document | None, endpoint: str, seen: set[str], models: set[object]
) -> Document | None:
    """What is wrong with a line; notes its id and its model if nothing is."""
    if value is None:
        message = "This line is not parseable as valid JSON, or it is no object."
        return _error("invalid_json_line", message, None)
    return _misshapen(value) or _misplaced(value, endpoint, seen, models)


def _misshapen(value: Document) -> Document | None:
    """What a line lacks, or has of a wrong type."""
    for name, kind in _KINDS.items():
        if name not in value:
            message = f"Missing required parameter: '{name}'."
            return _error("missing_required_parameter", message, name)
        if not isinstance(value[name], kind):
            shown = "an object" if kind is dict else "a string"
            return _error("invalid_type", f"Invalid type for '{name}': expected {shown}.", name)
    return None


def _misplaced(
    value: Document, endpoint: str, seen: set[str], models: set[object]
) -> Document | None:
    """Why a line does not go with its batch, or with the lines before."""
    custom_id, model = value["custom_id"], value["body"].get("model")
    if value["method"] != "POST":
        return _error("invalid_method", "The method has to be 'POST'.", "method")
    if value["url"] != endpoint:
        message = f"The URL '{value['url']}' is not the endpoint of the batch, '{endpoint}'."
        return _error("url_mismatch", message, "url")
    if custom_id in seen:
        message = f"The custom_id '{custom_id}' was used on a line before. Use each once."
        return _error("duplicate_custom_id", message, "custom_id")
    if models and model not in models and is_known(model):  # others fail by themselves
        message = f"The model '{model}' is another than that of the lines before. Use one only."
        return _error("model_mismatch", message, "body.model")
    seen.add(custom_id)
    if is_known(model):
        models.add(model)
    return None


def _error(code: str, message: str, param: str | None) -> Document:
    return {"code": code, "message": message, "param": param, "line": None}


def _written(
    line: Line, ids: Identifiers, response: Document | None, error: Document | None
) -> Document:
    return {
        "id": ids.new("batch_req_"),
        "custom_id": line.custom_id,
        "response": response,
        "error": error,
    }
