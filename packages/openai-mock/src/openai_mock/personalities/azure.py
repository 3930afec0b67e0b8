"""Azure OpenAI."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlencode

from openai_mock.personalities.personality import Personality, Quirk
from openai_mock.personalities.quirks import errors, refused
from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.personalities.asked import Asked
    from openai_mock.personalities.personality import Chunks
    from openai_mock.replies import JsonReply

FILTERED = "content_filter"
_DEPLOYMENT = re.compile(r"deployments/([^/]+)/(.+)")
_BELOW_DEPLOYMENTS = {
    "completions", "chat/completions", "embeddings", "audio/transcriptions", "audio/translations",
    "audio/speech", "images/generations", "images/edits",
}  # fmt: skip
_SAFE = {
    each: {"filtered": False, "severity": "safe"}
    for each in ("hate", "self_harm", "sexual", "violence")
}
_NOT_FOUND = 404


def _deployment(asked: Asked) -> None:
    found = _DEPLOYMENT.fullmatch(asked.path)
    if found is None:
        return
    pairs = dict(parse_qsl(asked.query))
    if found[2] not in _BELOW_DEPLOYMENTS or not pairs.pop("api-version", ""):
        raise Refusal("Resource not found", code="404", status=_NOT_FOUND)
    asked.path, asked.query = found[2], urlencode(pairs)
    asked.model = unquote(found[1])
    if asked.body:
        asked.body.setdefault("model", asked.model)


def _key(asked: Asked) -> None:
    key = asked.headers.get("api-key")
    if key is not None:
        asked.headers["authorization"] = f"Bearer {key}"


def _version(asked: Asked) -> None:
    pairs = [each for each in parse_qsl(asked.query) if each[0] != "api-version"]
    asked.query = urlencode(pairs)


def _filter_first(given: Chunks, asked: Asked) -> Iterator[dict[str, Any]]:
    del asked
    results = [{"prompt_index": 0, "content_filter_results": _SAFE}]
    empty: dict[str, Any] = {"id": "", "model": "", "object": "", "created": 0, "choices": []}
    yield {**empty, "prompt_filter_results": results}
    yield from given


def _asynchronous_filter(given: Chunks, asked: Asked) -> Iterator[dict[str, Any]]:
    del asked
    for chunk in given:
        ends = any(each.get("finish_reason") for each in chunk["choices"])
        if ends:
            offsets = {"start_offset": 0, "end_offset": 1, "check_offset": 0}
            choice = {
                "index": 0,
                "finish_reason": None,
                "content_filter_results": _SAFE,
                "content_filter_offsets": offsets,
            }
            yield {**chunk, "id": "", "choices": [choice]}
        yield chunk


def _filter_prompt(asked: Asked) -> None:
    if asked.wants(FILTERED):
        raise Refusal(
            "The response was filtered due to the prompt triggering Azure OpenAI's content "
            "management policy.",
            code=FILTERED,
            param="prompt",
        )


def _shape(error: dict[str, Any], reply: JsonReply, asked: Asked) -> object:
    del asked
    if error["code"] == FILTERED:
        result = {**_SAFE, "violence": {"filtered": True, "severity": "high"}}
        inner = {"code": "ResponsibleAIPolicyViolation", "content_filter_result": result}
        return {"error": {**error, "status": reply.status, "innererror": inner}}
    if reply.status == _NOT_FOUND:
        return {"error": {"code": "404", "message": "Resource not found"}}
    return {"error": error}


def _no_documents(asked: Asked) -> None:
    kinds = {part[kind] for part, kind in asked.find("messages.content.type")}
    if asked.is_chat and "file" in kinds:
        raise Refusal("Invalid content part: 'file' is not supported.", param="messages")


PERSONALITIES = (
    Personality(
        name="azure",
        line="Azure OpenAI: deployments, the header api-key, content filters",
        roots=("/openai/v1", "/openai"),
        quirks=(
            Quirk(
                says="A dated api-version is taken and not needed below /openai/v1.",
                request=lambda asked: (
                    None if asked.path.startswith("deployments/") else _version(asked)
                ),
            ),
            Quirk(
                says="Eight routes are below /openai/deployments/NAME, with an api-version.",
                request=_deployment,
            ),
            Quirk(says="The key may be in the header api-key.", request=_key),
            Quirk(
                says="The first chunk has no choices, but prompt_filter_results.",
                chunks=_filter_first,
            ),
            Quirk(
                says="The asynchronous filter sends chunks without a delta.",
                chunks=_asynchronous_filter,
            ),
            Quirk(
                says="A filtered prompt is a 400 with an innererror: [content_filter].",
                request=_filter_prompt,
            ),
            errors("Codes of errors can be statuses as strings.", _shape),
            Quirk(says="Chat takes no document parts.", request=_no_documents),
            refused(
                "Models that are not OpenAI's want max_tokens.",
                "max_completion_tokens",
                when=lambda _, asked: not (asked.model or "").startswith(("gpt-", "o")),
            ),
        ),
    ),
)
