"""What providers answer becomes the error that it is about, whatever the status.

The bodies are made by hand after what `Quirks of OpenAI-compatible providers` and the reports of
users say that they send.
"""

import json
from typing import Any

import pytest
from openai_http import (
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    ContentFilterError,
    ContextLengthError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitError,
    UnprocessableEntityError,
)
from openai_http.failures.kinds import Kind, is_lasting, kind_of, status_in
from openai_http.failures.statuses import status_error
from openai_http.messages import Request, Response
from openai_types.error_body import ErrorBody, read_error

REQUEST = Request("POST", "https://h/v1/chat/completions", {}, b"{}")


def raised(status: int, body: Any) -> APIStatusError:
    """The error of an answer; `body` is JSON, or text as it is."""
    response = Response(status, [], REQUEST)
    response.content = (body if isinstance(body, str) else json.dumps(body)).encode()
    return status_error(response)


def said(message: str, **fields: object) -> Any:
    return {"error": {"message": message, **fields}}


QUOTA: list[Any] = [
    pytest.param(
        429,
        said("You exceeded your current quota, please check your plan.", code="insufficient_quota"),
        RateLimitError,
        id="OpenAI",
    ),
    pytest.param(429, said("No.", type="insufficient_quota"), RateLimitError, id="by its type"),
    pytest.param(
        400,
        said("Billing hard limit.", code="billing_hard_limit_reached"),
        BadRequestError,
        id="cap",
    ),
    pytest.param(401, said("You exceeded your current quota."), AuthenticationError, id="with 401"),
    pytest.param(402, said("Insufficient Balance"), APIStatusError, id="DeepSeek"),
    pytest.param(402, "", APIStatusError, id="402 without a body"),
    pytest.param(429, said("余额不足", code="1113"), RateLimitError, id="Zhipu"),
    pytest.param(
        402,
        said("This request requires more credits, or fewer max_tokens.", code=402),
        APIStatusError,
        id="OpenRouter",
    ),
    pytest.param(
        403, said("Key limit exceeded.", code=403), PermissionDeniedError, id="OpenRouter key"
    ),
    pytest.param(
        400, said("Your credit balance is too low to access it."), BadRequestError, id="Anthropic"
    ),
    pytest.param(
        429,
        said("Your account is suspended.", type="exceeded_current_quota_error"),
        RateLimitError,
        id="Moonshot",
    ),
    pytest.param(
        403,
        {"code": 30001, "message": "Sorry, your account balance is insufficient", "data": None},
        PermissionDeniedError,
        id="SiliconFlow",
    ),
    pytest.param(
        400, {"code": "Arrearage", "message": "Access denied."}, BadRequestError, id="Alibaba"
    ),
    pytest.param(
        400,
        {"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}},
        BadRequestError,
        id="MiniMax",
    ),
    pytest.param(
        403,
        said("Your team has either used all available credits or reached its limit."),
        PermissionDeniedError,
        id="xAI",
    ),
    pytest.param(500, said("insufficient balance"), InternalServerError, id="with 500"),
]


@pytest.mark.parametrize(("status", "body", "of_status"), QUOTA)
def test_row_20_do_not_retry_what_cannot_succeed(
    status: int, body: Any, of_status: type[APIStatusError]
):
    error = raised(status, body)
    assert isinstance(error, QuotaExceededError)
    assert isinstance(error, of_status)
    assert error.is_permanent
    assert error.status_code == status
    assert "Trying again does not help" in str(error)


CONTEXT: list[Any] = [
    pytest.param(
        400,
        said(
            "This model's maximum context length is 8192 tokens. However, your messages resulted in"
            " 8545 tokens.",
            code="context_length_exceeded",
        ),
        (8192, 8545),
        id="OpenAI",
    ),
    pytest.param(
        400,
        said(
            "Your input exceeds the context window of this model.", code="context_length_exceeded"
        ),
        (None, None),
        id="OpenAI responses",
    ),
    pytest.param(
        400,
        said("maximum context length is 4097 tokens, however you requested 10,346 tokens (10 in)"),
        (4097, 10346),
        id="OpenAI completions",
    ),
    pytest.param(
        400,
        {
            "object": "error",
            "message": "This model's maximum context length is 4096 tokens. However, you requested"
            " 500 output tokens and your prompt contains at least 3700 input tokens, for a total of"
            " at least 4200 tokens.",
            "type": "BadRequestError",
            "code": 400,
        },
        (4096, 4200),
        id="vLLM",
    ),
    pytest.param(
        400,
        said(
            "the request exceeds the available context size",
            type="exceed_context_size_error",
            n_ctx=4096,
            n_prompt_tokens=5000,
        ),
        (4096, 5000),
        id="llama.cpp",
    ),
    pytest.param(
        500,
        said("request (5000 tokens) exceeds the available context size (4096 tokens)"),
        (4096, 5000),
        id="llama.cpp with 500",
    ),
    pytest.param(
        400,
        said("prompt is too long: 213462 tokens > 200000 maximum"),
        (200000, 213462),
        id="Anthropic",
    ),
    pytest.param(
        400,
        said("input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000"),
        (200000, None),
        id="Anthropic with output",
    ),
    pytest.param(
        400,
        [
            said(
                "The input token count (1196265) exceeds the maximum number of tokens allowed"
                " (1048575)."
            )
        ],
        (1048575, 1196265),
        id="Gemini",
    ),
    pytest.param(
        400,
        said(
            "This model's maximum prompt length is 131072 but the request contains 537812 tokens."
        ),
        (131072, 537812),
        id="xAI",
    ),
    pytest.param(
        400,
        said(
            "Please reduce the length of the messages or completion.",
            code="context_length_exceeded",
        ),
        (None, None),
        id="Groq",
    ),
    pytest.param(
        400,
        said(
            "Provider returned error",
            code=400,
            metadata={
                "raw": json.dumps(
                    said(
                        "This endpoint's maximum context length is 128000 tokens. However, you"
                        " requested about 130000 tokens."
                    )
                ),
                "provider_name": "p",
            },
        ),
        (128000, 130000),
        id="OpenRouter",
    ),
    pytest.param(
        400,
        {
            "object": "error",
            "message": "Prompt contains 40000 tokens and 0 draft tokens, too large for model with"
            " 32768 maximum context length",
            "code": "3051",
        },
        (32768, 40000),
        id="Mistral",
    ),
    pytest.param(
        422,
        said("`inputs` tokens + `max_new_tokens` must be <= 4097. Given: 5000 `inputs` tokens"),
        (4097, 5000),
        id="TGI",
    ),
    pytest.param(
        400,
        said("The input (5000 tokens) is longer than the model's context length (4096 tokens)."),
        (4096, 5000),
        id="Together",
    ),
    pytest.param(
        400,
        said("Your request exceeded model token limit: 131072 (requested: 140000)"),
        (131072, 140000),
        id="Moonshot",
    ),
    pytest.param(
        400, said("prompt token count of 9000 exceeds the limit of 8000"), (8000, 9000), id="GitHub"
    ),
    pytest.param(
        400, said("invalid params, context window exceeds limit (2013)"), (None, None), id="MiniMax"
    ),
    pytest.param(
        400,
        {"code": "InvalidParameter", "message": "Range of input length should be [1, 6000]"},
        (6000, None),
        id="Alibaba",
    ),
    pytest.param(400, said("Prompt exceeds max length", code="1261"), (None, None), id="Zhipu"),
    pytest.param(
        400,
        said("prompt too long; exceeded max context length by 12 tokens"),
        (None, None),
        id="Ollama",
    ),
    pytest.param(
        400,
        said("Input length (265330) exceeds model's maximum context length (262144)."),
        (262144, 265330),
        id="LiteLLM",
    ),
    pytest.param(400, said("Input is too long for requested model."), (None, None), id="Bedrock"),
    pytest.param(413, "", (None, None), id="Cerebras"),
]


@pytest.mark.parametrize(("status", "body", "numbers"), CONTEXT)
def test_row_23_context_too_long_has_its_numbers(
    status: int, body: Any, numbers: tuple[int | None, int | None]
):
    error = raised(status, body)
    assert isinstance(error, ContextLengthError)
    assert (error.limit, error.used) == numbers
    assert error.is_permanent
    expected = {400: BadRequestError, 422: UnprocessableEntityError, 500: InternalServerError}
    assert isinstance(error, expected.get(status, APIStatusError))


AZURE: dict[str, Any] = {
    "hate": {"filtered": True, "severity": "high"},
    "jailbreak": {"filtered": False, "detected": False},
}
FILTER: list[Any] = [
    pytest.param(
        400,
        said(
            "The response was filtered.",
            code="content_filter",
            status=400,
            innererror={"code": "ResponsibleAIPolicyViolation", "content_filter_result": AZURE},
        ),
        AZURE,
        id="Azure",
    ),
    pytest.param(400, said("Rejected.", code="content_policy_violation"), None, id="OpenAI images"),
    pytest.param(400, said("Rejected.", code="moderation_blocked"), None, id="gpt-image"),
    pytest.param(400, said("Invalid prompt.", code="invalid_prompt"), None, id="OpenAI reasoning"),
    pytest.param(
        403,
        said(
            "The model requires moderation on P. Your input was flagged",
            code=403,
            metadata={"reasons": ["violence"], "flagged_input": "…"},
        ),
        {"reasons": ["violence"], "flagged_input": "…"},
        id="OpenRouter",
    ),
    pytest.param(400, said("不安全", code="1301", contentFilter=[]), None, id="Zhipu"),
    pytest.param(
        400, {"code": "DataInspectionFailed", "message": "Inappropriate."}, None, id="Alibaba"
    ),
    pytest.param(400, said("Content Exists Risk"), None, id="DeepSeek"),
    pytest.param(
        422, {"base_resp": {"status_code": 1026, "status_msg": "sensitive"}}, None, id="MiniMax"
    ),
    pytest.param(400, said("The request was rejected", type="content_filter"), None, id="Moonshot"),
]


@pytest.mark.parametrize(("status", "body", "result"), FILTER)
def test_row_23_content_filter_tells_what_it_found(status: int, body: Any, result: Any):
    error = raised(status, body)
    assert isinstance(error, ContentFilterError)
    assert error.result == result
    assert error.is_permanent


@pytest.mark.parametrize(
    ("status", "body", "remedy"),
    [
        (429, said("No.", code="invalid_api_key"), "Check the API key"),
        (
            400,
            [said("API key not valid. Please pass a valid API key.", code=400)],
            "Check the API k",
        ),
        (
            503,
            said("No available channel for model x", code="model_not_found"),
            "name of the model",
        ),
        (500, {"error": "model 'llama9' not found"}, "name of the model"),
        (
            429,
            said("Request too large for gpt-x on tokens per min (TPM): Limit 9, Requested 12."),
            "Send less in one request",
        ),
        (413, said("Request too large for model `m`: Limit 6000, Requested 8000"), "Send less in"),
    ],
)
def test_what_cannot_succeed_is_permanent_with_the_class_of_its_status(
    status: int, body: Any, remedy: str
):
    error = raised(status, body)
    assert type(error) in {RateLimitError, BadRequestError, InternalServerError, APIStatusError}
    assert error.is_permanent
    assert remedy in str(error)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, said("Rate limit reached for gpt-x: Limit 3, Used 3. Please try again in 20s.")),
        (429, said("Too many tokens, please wait before trying again.")),
        (429, [said("You exceeded your current quota. Please retry in 34.07s.", code=429)]),
        (429, said("当前并发过高", code="1302")),
        (429, ""),
        (500, said("The server had an error")),
        (503, "<html><title>503 Service Unavailable</title></html>"),
        (408, ""),
        (409, said("locked")),
    ],
)
def test_what_passes_is_not_permanent(status: int, body: Any):
    error = raised(status, body)
    assert not error.is_permanent
    assert not isinstance(error, QuotaExceededError | ContextLengthError | ContentFilterError)


def test_codes_are_believed_before_words():
    error = raised(400, said("Maximum context length: add credit balance.", code="content_filter"))
    assert isinstance(error, ContentFilterError)


def test_kind_with_a_status_that_no_provider_has_is_of_the_status():
    error = raised(404, said("Insufficient balance"))
    assert type(error) is NotFoundError
    assert error.is_permanent
    assert "add credit" in str(error)


def test_errors_of_azure_have_the_status_as_code():
    error = raised(404, {"error": {"code": "404", "message": "Resource not found"}})
    assert type(error) is NotFoundError
    assert error.code == "404"


@pytest.mark.parametrize(
    ("lasting", "statuses"),
    [
        (True, [400, 404, 422, 499]),
        (False, [200, 302, 408, 409, 425, 429, 500, 501, 503, 505, 600]),
    ],
)
def test_statuses_last_or_pass(*, lasting: bool, statuses: list[int]):
    assert {is_lasting(status) for status in statuses} == {lasting}


def test_status_in_a_body_is_one_of_an_error():
    assert status_in(read_error('{"error": {"code": 502}}')) == 502
    assert status_in(read_error('{"error": {"code": "429"}}')) == 429
    assert status_in(read_error('{"error": {"code": 200}}')) is None
    assert status_in(read_error('{"error": {"code": 3001}}')) is None


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ('{"error": {"type": "server_error", "code": null, "message": "Sorry"}}', 500),
        ('{"error": {"type": "tokens", "code": "rate_limit_exceeded"}}', 429),
        ('{"error": {"type": "insufficient_quota", "code": "insufficient_quota"}}', 429),
        ('{"type": "error", "error": {"type": "overloaded_error"}}', 503),
        ('{"error": {"type": "unavailable_error", "code": 503}}', 503),
        ('{"error": {"type": "invalid_request_error", "code": "invalid_api_key"}}', 401),
        ('{"error": {"type": "invalid_request_error", "code": "model_not_found"}}', 404),
        ('{"error": {"type": "invalid_request_error", "code": "context_length_exceeded"}}', 400),
        ('{"error": {"type": "BadRequestError"}}', 400),
        ('{"error": {"type": "odd_error"}}', None),
        ('{"error": "server_error"}', None),
    ],
)
def test_codes_and_types_that_are_known_stand_for_statuses(error: str, status: int | None):
    assert status_in(read_error(error)) == status


def test_402_in_a_body_is_about_money():
    assert kind_of(read_error('{"error": {"code": 402, "message": "No"}}'), 200) is Kind.QUOTA
    assert kind_of(ErrorBody(None, None), 200) is None
