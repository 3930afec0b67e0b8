"""Samples of an evaluation: the rows of a data source, and what a model answers to each.

Decides where rows come from and how a template becomes messages. The answers are those of this
server. Knows nothing about grades.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from openai_mock.content.json_values import as_object, objects_in
from openai_mock.files.stored_files import content_of, file_for, lines_of
from openai_mock.refusals import Refusal
from openai_mock.work.grading import Data, filled
from openai_mock.work.own_requests import post

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openai_mock.world import World

# Any: a data source, and what comes from it, are JSON.

CHAT, RESPONSES = "/v1/chat/completions", "/v1/responses"
MOST_STORED = 100
SOURCE = "data_source.source.id"
_SETTINGS = ("max_completion_tokens", "seed", "temperature", "top_p")
_OF_RESPONSES = {"max_completion_tokens": "max_output_tokens"}


class Row(NamedTuple):
    """A row of a data source.

    Attributes:
        item: What `{{item...}}` stands for.
        sample: What was answered, if that is known already.
    """

    item: Data
    sample: Data | None


class Sample(NamedTuple):
    """What a model answered.

    Attributes:
        messages: What it was asked.
        text: Its answer.
        usage: The tokens of it, as chat completions name them.
        error: Why it did not answer, as the API writes it; empty if it did.
    """

    messages: list[dict[str, str]]
    text: str
    usage: dict[str, int]
    error: dict[str, str]


def rows_of(world: World, source: Data) -> list[Row]:
    """The rows of a data source's `source`.

    Raises:
        Refusal: The file that it names is not there, or has a line that is no row.
    """
    kind = source["type"]
    if kind == "file_content":
        return [Row(each["item"], each.get("sample")) for each in source["content"]]
    if kind == "file_id":
        content = content_of(world, file_for(world, source["id"], SOURCE))
        return [_row(number, value) for number, value in lines_of(content)]
    return list(_stored(world, kind, source))


def sample_of(world: World, source: Data, row: Row) -> Sample:
    """What is graded for a row: what was answered already, or what the model answers now."""
    model = source.get("model")
    if source["type"] == "jsonl" or not model or not source.get("input_messages"):
        known = row.sample or {}
        return Sample([], str(known.get("output_text", "")), _NO_USAGE, {})
    messages = _messages(source["input_messages"], row.item)
    answer = post(world, *_request(source, messages))
    error = answer.body.get("error")
    if error:
        told = {"code": str(error["code"] or error["type"]), "message": error["message"]}
        return Sample(messages, "", _NO_USAGE, told)
    return Sample(messages, _text_of(answer.body), _usage_of(answer.body), {})


_NO_USAGE: dict[str, int] = {
    "prompt_tokens": 0,
    "completion_tokens": 0,
    "total_tokens": 0,
    "cached_tokens": 0,
}


def _request(source: Data, messages: list[dict[str, str]]) -> tuple[str, Data]:
    """The path and the body by which a model is asked."""
    parameters: Data = source.get("sampling_params") or {}
    settings: Data = {
        name: parameters[name] for name in _SETTINGS if parameters.get(name) is not None
    }
    if source["type"] == "completions":
        return CHAT, {"model": source["model"], "messages": messages, **settings}
    renamed = {_OF_RESPONSES.get(name, name): value for name, value in settings.items()}
    renamed.pop("seed", None)  # responses have none
    return RESPONSES, {"model": source["model"], "input": messages, "store": False, **renamed}


def _row(number: int, value: Data | None) -> Row:
    if value is None or not isinstance(value.get("item"), dict):
        message = f"Line {number} of the file is no object with an 'item'."
        raise Refusal(message, code="invalid_file", param=SOURCE)
    return Row(value["item"], value.get("sample"))


def _stored(world: World, kind: str, source: Data) -> Iterator[Row]:
    """Rows of what was answered before, by chat completions or by responses."""
    collection = "responses" if kind == "responses" else "chat/completions"
    where = {"model": source["model"]} if source.get("model") else {}
    if source.get("metadata"):
        where["metadata"] = source["metadata"]
    limit = source.get("limit") or MOST_STORED
    for document in world.store.list(collection, where=where, limit=limit).documents:
        created = document.get("created", document.get("created_at", 0))
        after, before = source.get("created_after"), source.get("created_before")
        if (after is None or created > after) and (before is None or created < before):
            yield Row({"id": document["id"]}, {"output_text": _text_of(document)})


def _messages(asked: Data, item: Data) -> list[dict[str, str]]:
    """What a model is asked for an item: a template that is filled, or what the item has."""
    if asked["type"] == "item_reference":
        found: object = {"item": item}
        for name in str(asked["item_reference"]).split("."):
            found = cast("Data", found).get(name) if isinstance(found, dict) else None
        templates = cast("Iterable[Data]", found if isinstance(found, list) else [])
    else:
        templates = asked["template"]
    return [
        {
            "role": str(each.get("role", "user")),
            "content": filled(_plain(each.get("content", "")), {"item": item})[0],
        }
        for each in templates
    ]


def _plain(content: object) -> str:
    """The text of the content of a message."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(_plain(each) for each in cast("list[object]", content))
    return str(cast("Data", content).get("text", "")) if isinstance(content, dict) else ""


def _text_of(body: Data) -> str:
    """The text of a chat completion or of a response; scripts may have left out any part of it."""
    if "choices" in body:
        messages = [as_object(each.get("message")) for each in objects_in(body["choices"])]
        return _plain(messages[0].get("content")) if messages else ""
    return "".join(_plain(each.get("content")) for each in objects_in(body.get("output")))


def _usage_of(body: Data) -> dict[str, int]:
    usage: dict[str, Any] = body.get("usage") or {}
    into = usage.get("prompt_tokens", usage.get("input_tokens", 0))
    out = usage.get("completion_tokens", usage.get("output_tokens", 0))
    tokens = {"prompt_tokens": into, "completion_tokens": out, "total_tokens": into + out}
    return {**tokens, "cached_tokens": 0}
