"""What an error is about, whatever status a provider hides it behind.

Decides by the codes and types in an error first, and then by what providers are known to write.
`SIGNS` is the table of what is known: a row for each provider's way to say a thing, to which more
can be added. Knows neither exceptions nor responses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from openai_types.error_body import ErrorBody


class Kind(Enum):
    """What an error is about; no other attempt of the same request can succeed."""

    QUOTA = "the credit or the quota is used up"
    CONTEXT = "the input is longer than the model's context"
    FILTER = "a content filter refused"
    KEY = "the key is not accepted"
    MODEL = "there is no such model"
    SIZE = "the request is above a limit by itself"


@dataclass(frozen=True, slots=True)
class Sign:
    """One way to say what an error is about.

    Attributes:
        kind: what it is about.
        codes: the codes and types that say so, in lower case.
        words: what a message says that says so.
        unless: what it says if it means something else nevertheless.
    """

    kind: Kind
    codes: frozenset[str] = frozenset()
    words: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None

    def is_in(self, text: str) -> bool:
        """Whether a message says so."""
        if self.words is None or not self.words.search(text):
            return False
        return self.unless is None or not self.unless.search(text)


def _codes(kind: Kind, codes: str) -> Sign:
    return Sign(kind, codes=frozenset(codes.split()))


def _words(kind: Kind, words: str, *, unless: str | None = None) -> Sign:
    exception = None if unless is None else re.compile(unless, re.IGNORECASE)
    return Sign(kind, words=re.compile(words, re.IGNORECASE), unless=exception)


_THROTTLED = r"rate limit|too many requests|please wait|retry in|try again in"

SIGNS = (
    # OpenAI and Azure
    _codes(Kind.QUOTA, "insufficient_quota billing_hard_limit_reached billing_not_active"),
    _codes(Kind.CONTEXT, "context_length_exceeded"),
    _codes(
        Kind.FILTER,
        "content_filter content_policy_violation moderation_blocked invalid_prompt"
        " responsibleaipolicyviolation",
    ),
    _codes(
        Kind.KEY,
        "invalid_api_key incorrect_api_key account_deactivated authentication_error"
        " invalid_organization",
    ),
    _codes(Kind.MODEL, "model_not_found deploymentnotfound"),
    _words(Kind.QUOTA, r"exceeded your current quota|billing hard limit", unless=_THROTTLED),
    _words(Kind.CONTEXT, r"(?:exceeds?|beyond) the (?:model's )?context (?:window|length)"),
    _words(Kind.SIZE, r"request too large"),  # Groq, too: more tokens than a minute's limit
    # LiteLLM, OpenRouter, vLLM, Poolside, Together, xAI
    _codes(Kind.QUOTA, "insufficient_credits payment_required credit_limit budget_exceeded"),
    _words(Kind.QUOTA, r"insufficient credits|requires more credits|key limit exceeded"),
    _words(Kind.QUOTA, r"(?:used all|doesn't have any|exceeded your monthly) .{0,40}credits"),
    _words(Kind.CONTEXT, r"maximum (?:context|prompt|allowed input) length", unless=_THROTTLED),
    _words(Kind.CONTEXT, r"longer than the model'?s context length|must be <= [\d,]+\. Given:"),
    _words(Kind.FILTER, r"violates usage guidelines|requires moderation .{0,60}flagged"),
    # Anthropic behind its OpenAI layer, and Bedrock
    _words(Kind.QUOTA, r"credit balance is too low"),
    _words(Kind.CONTEXT, r"prompt is too long|input is too long for|exceed context limit"),
    _words(Kind.CONTEXT, r"too many (?:input )?tokens", unless=_THROTTLED),
    _codes(Kind.SIZE, "request_too_large"),
    _codes(Kind.FILTER, "guardrail_intervened"),
    # Google
    _words(Kind.CONTEXT, r"token count \(?[\d,]* ?\)?.{0,20}exceeds the (?:maximum|limit)"),
    _words(Kind.KEY, r"API key not valid|API_KEY_INVALID"),
    # Groq, Cerebras, GitHub
    _words(Kind.CONTEXT, r"reduce the length of the (?:messages|prompt|input)"),
    # llama.cpp, LM Studio, Ollama
    _codes(Kind.CONTEXT, "exceed_context_size_error"),
    _words(Kind.CONTEXT, r"exceeds the available context size|greater than the context length"),
    _words(Kind.CONTEXT, r"prompt too long; exceeded"),
    _words(Kind.MODEL, r"model ['\"`]?[^\s'\"`]{1,100}['\"`]? (?:not found|does not exist)"),
    # Zhipu: no balance, or a plan that is used up or over; its filter; its context
    _codes(Kind.QUOTA, "1113 1308 1309"),
    _codes(Kind.FILTER, "1301"),
    _codes(Kind.CONTEXT, "1261 model_context_window_exceeded"),
    # MiniMax: no balance; what was sent and what would be answered; the key
    _codes(Kind.QUOTA, "1008"),
    _codes(Kind.FILTER, "1026 1027"),
    _codes(Kind.KEY, "2049"),
    _words(Kind.CONTEXT, r"context window exceeds limit"),
    # DeepSeek, SiliconFlow, Moonshot, Alibaba
    _words(Kind.QUOTA, r"insufficient[_ ](?:account[_ ])?balance|balance is insufficient"),
    _codes(Kind.QUOTA, "30001 exceeded_current_quota_error arrearage"),
    _codes(Kind.QUOTA, "allocationquota.freetieronly"),
    _codes(Kind.FILTER, "datainspectionfailed data_inspection_failed"),
    _words(Kind.FILTER, r"content exists risk|input data may contain inappropriate content"),
    _words(Kind.CONTEXT, r"exceeded model token limit|range of input length should be"),
    # Mistral
    _words(Kind.CONTEXT, r"too large for model with [\d,]+ maximum context"),
)

# What the codes and types of an error stand for where the answer has the status of success: those
# of OpenAI, Anthropic, Google, llama.cpp and vLLM. The first that is there counts.
_NAMED_STATUSES = (
    (429, "rate_limit_exceeded rate_limit_error too_many_requests insufficient_quota"),
    (429, "resource_exhausted"),
    (503, "overloaded_error server_overloaded engine_overloaded service_unavailable slow_down"),
    (503, "unavailable_error unavailable"),
    (504, "timeout_error timeout gateway_timeout deadline_exceeded"),
    (500, "server_error internal_error internal_server_error internalservererror api_error"),
    (401, "authentication_error invalid_api_key"),
    (403, "permission_error permission_denied"),
    (404, "not_found_error notfounderror model_not_found"),
    (400, "context_length_exceeded invalid_request_error invalid_prompt badrequesterror"),
)

_PAYMENT_REQUIRED = 402
_PASSING = frozenset({408, 409, 425, 429})
_CLIENT_ERRORS = range(400, 500)
_ERRORS = range(400, 600)


def kind_of(error: ErrorBody, status: int) -> Kind | None:
    """What an error is about, if it is one of the kinds that are told apart.

    Args:
        error: the body.
        status: with which it was answered; 402 says by itself that it is about money.
    """
    by_code = next((sign.kind for sign in SIGNS if sign.codes & error.signs), None)
    if by_code is not None:
        return by_code
    if status == _PAYMENT_REQUIRED or str(_PAYMENT_REQUIRED) in error.signs:
        return Kind.QUOTA
    said = error.message or ""
    return next((sign.kind for sign in SIGNS if sign.is_in(said)), None)


def is_lasting(status: int) -> bool:
    """Whether a status says that the same request will not succeed later either."""
    return status in _CLIENT_ERRORS and status not in _PASSING


def status_in(error: ErrorBody) -> int | None:
    """The status that a body names in its codes, where the answer has that of success."""
    numbers = (int(sign) for sign in sorted(error.signs) if re.fullmatch(r"[45]\d\d", sign))
    named = (
        status for status, names in _NAMED_STATUSES if not error.signs.isdisjoint(names.split())
    )
    return next(chain(numbers, named), None)


_NUMBER = r"([\d,]{1,20})"
_LIMITS = (
    r"maximum (?:context|prompt|allowed input) length (?:is |of )?\(?{n}",
    r"with {n} maximum context",
    r"> {n}(?: maximum)?",
    r"tokens allowed \(?{n}",
    r"context (?:length|size) \({n}",
    r"exceeds the limit of {n}",
    r"token limit: {n}",
    r"must be <= {n}",
    r"should be \[\d+, ?{n}\]",
)
_USED = (
    r"total of (?:at least )?{n}",
    r"resulted in {n} tokens",
    r"requested (?:about )?{n} tokens",
    r"requested: {n}",
    r"(?:prompt|request|input) contains (?:at least )?{n}",
    r"has {n} input tokens",
    r"too long: {n} tokens",
    r"(?:token count|input length)(?: of)? \(?{n}",
    r"(?:input|request) \({n} tokens\)",
    r"Given: {n}",
)


def context_numbers(error: ErrorBody) -> tuple[int | None, int | None]:
    """How many tokens a context has, and how many the request would take, where it is said."""
    fields = _fields(error.body)
    limit, used = fields.get("n_ctx"), fields.get("n_prompt_tokens")  # of llama.cpp
    return _number(limit, _LIMITS, error.message), _number(used, _USED, error.message)


def _fields(body: object) -> dict[str, object]:
    return cast("dict[str, object]", body) if isinstance(body, dict) else {}


def _number(field: object, patterns: tuple[str, ...], message: str | None) -> int | None:
    if isinstance(field, int):
        return field
    for pattern in patterns:
        found = re.search(pattern.replace("{n}", _NUMBER), message or "", re.IGNORECASE)
        digits = found[1].replace(",", "") if found else ""
        if digits:
            return int(digits)
    return None
