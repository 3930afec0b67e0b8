import json
from typing import Any

import pytest
from openai_types.error_body import (
    LONGEST,
    LONGEST_SAID,
    ErrorBody,
    find_message,
    read_error,
    read_json,
)

# Any: JSON of any shape.

OPENAI: dict[str, Any] = {
    "message": "Incorrect API key provided.",
    "type": "invalid_request_error",
    "param": None,
    "code": "invalid_api_key",
}
FILTERED: dict[str, Any] = {
    "code": "content_filter",
    "message": "The prompt was filtered.",
    "status": 400,
    "innererror": {"content_filter_result": {"hate": {"filtered": True}}},
}
VLLM: dict[str, Any] = {
    "object": "error",
    "message": "The model `m` does not exist.",
    "type": "NotFoundError",
    "param": None,
    "code": 404,
}
FORBIDDEN: dict[str, Any] = {
    "type": "extra_forbidden",
    "loc": ["body", "messages", 0, "store"],
    "msg": "Extra inputs are not permitted",
}
FORBIDDEN_MESSAGE = "body.messages.0.store: Extra inputs are not permitted"
OPENROUTER: dict[str, Any] = {
    "code": 502,
    "message": "Provider returned error",
    "metadata": {"raw": "upstream", "provider_name": "p"},
}
GEMINI: dict[str, Any] = {"code": 400, "message": "API key not valid.", "status": "INVALID"}
NGINX = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n</body>\r\n</html>\r\n"


def case(name: str, sent: Any, message: str | None, body: Any):
    return pytest.param(sent, message, body, id=name)


@pytest.mark.parametrize(
    ("sent", "message", "body"),
    [
        case("openai", {"error": OPENAI}, OPENAI["message"], OPENAI),
        case("azure filter", {"error": FILTERED}, FILTERED["message"], FILTERED),
        case(
            "azure gateway",
            {"statusCode": 401, "message": "Access denied."},
            "Access denied.",
            {"statusCode": 401, "message": "Access denied."},
        ),
        case(
            "entra",
            {"error": "invalid_client", "error_description": "AADSTS7000215: Wrong secret."},
            "AADSTS7000215: Wrong secret.",
            {"error": "invalid_client", "error_description": "AADSTS7000215: Wrong secret."},
        ),
        case("vllm", VLLM, VLLM["message"], VLLM),
        case("vllm newer", {"error": VLLM}, VLLM["message"], VLLM),
        case(
            "llama.cpp",
            {"error": {"code": 400, "message": "too long", "type": "exceed_context_size_error"}},
            "too long",
            {"code": 400, "message": "too long", "type": "exceed_context_size_error"},
        ),
        case(
            "ollama", {"error": "model 'm' not found"}, "model 'm' not found", "model 'm' not found"
        ),
        case(
            "tgi",
            {"error": "Input validation error", "error_type": "validation"},
            "Input validation error",
            {"error": "Input validation error", "error_type": "validation"},
        ),
        case(
            "zhipu",
            {"error": {"code": "1113", "message": "No balance"}},
            "No balance",
            {"code": "1113", "message": "No balance"},
        ),
        case("openrouter", {"error": OPENROUTER}, "Provider returned error: upstream", OPENROUTER),
        case("mistral", {"detail": [FORBIDDEN]}, FORBIDDEN_MESSAGE, {"detail": [FORBIDDEN]}),
        case(
            "mistral wrapped",
            {"object": "error", "message": {"detail": [FORBIDDEN]}},
            FORBIDDEN_MESSAGE,
            {"object": "error", "message": {"detail": [FORBIDDEN]}},
        ),
        case(
            "mistral in text",
            {"object": "error", "message": json.dumps({"detail": [FORBIDDEN]}), "code": "1000"},
            FORBIDDEN_MESSAGE,
            {"object": "error", "message": json.dumps({"detail": [FORBIDDEN]}), "code": "1000"},
        ),
        case("fastapi", {"detail": "Not Found"}, "Not Found", {"detail": "Not Found"}),
        case(
            "fastapi with several",
            {
                "detail": [
                    FORBIDDEN,
                    {"loc": [], "msg": "Field required"},
                    {"loc": None, "msg": "x"},
                ]
            },
            FORBIDDEN_MESSAGE + "; Field required; x",
            {
                "detail": [
                    FORBIDDEN,
                    {"loc": [], "msg": "Field required"},
                    {"loc": None, "msg": "x"},
                ]
            },
        ),
        case("gemini", [{"error": GEMINI}], GEMINI["message"], GEMINI),
        case("gemini in a list", {"error": [GEMINI]}, GEMINI["message"], GEMINI),
        case(
            "deepseek",
            {"error": {"message": "Insufficient Balance", "code": "invalid_request_error"}},
            "Insufficient Balance",
            {"message": "Insufficient Balance", "code": "invalid_request_error"},
        ),
        case(
            "cloudflare",
            {"success": False, "errors": [{"code": 7003, "message": "Could not route"}]},
            "Could not route",
            {"success": False, "errors": [{"code": 7003, "message": "Could not route"}]},
        ),
        case(
            "problem",
            {"title": "Too big", "status": 413},
            "Too big",
            {"title": "Too big", "status": 413},
        ),
        case("cerebras", "", None, ""),
        case("proxy", NGINX, "502 Bad Gateway", NGINX),
        case(
            "two errors",
            [{"error": GEMINI}, {"message": "and more"}],
            "API key not valid.; and more",
            [{"error": GEMINI}, {"message": "and more"}],
        ),
        case("text", "upstream\n  died ", "upstream died", "upstream\n  died "),
        case("json text", json.dumps("plain"), "plain", "plain"),
        case("json in json", json.dumps(json.dumps({"error": OPENAI})), OPENAI["message"], OPENAI),
        case("json inside", {"error": {"message": '["text"]'}}, "text", {"message": '["text"]'}),
        case("no json inside", {"message": "{not JSON"}, "{not JSON", {"message": "{not JSON"}),
        case("nothing inside", {"message": " {} "}, "{}", {"message": " {} "}),
        case("error in error", {"error": {"error": "text"}}, "text", {"error": "text"}),
        case("no message", {"error": {"code": 5}}, None, {"code": 5}),
        case("null error", {"error": None, "message": "m"}, "m", {"error": None, "message": "m"}),
        case("empty error", {"error": {}}, None, {"error": {}}),
        case("number as error", {"error": 5, "msg": "m"}, "m", {"error": 5, "msg": "m"}),
        case(
            "blank message", {"message": " ", "detail": "d"}, "d", {"message": " ", "detail": "d"}
        ),
        case("number", 5, None, 5),
        case("null", None, None, None),
        case("empty list", [], None, []),
        case("list of texts", ["a", "b"], "a; b", ["a", "b"]),
    ],
)
@pytest.mark.parametrize("bom", ["", "\ufeff"], ids=["", "bom"])
def test_error_of_each_shape_is_read(sent: Any, message: str | None, body: Any, bom: str):
    text = bom + (sent if isinstance(sent, str) else json.dumps(sent))
    read = read_error(text)
    assert read_error(text.encode()) == read
    assert (read.message, read.body) == (message, body)
    if not isinstance(sent, str):
        assert find_message(sent) == message


# Any: JSON of any shape.
FIELDS: list[tuple[Any, tuple[str | None, ...]]] = [
    ({"error": OPENAI}, ("invalid_api_key", None, "invalid_request_error")),
    ({"error": {"code": 7, "param": "model", "type": "t"}}, ("7", "model", "t")),
    (VLLM, ("404", None, "NotFoundError")),
    ([{"error": GEMINI}, {"message": "more"}], ("400", None, "INVALID")),
    ({"detail": [FORBIDDEN]}, (None, "messages.0.store", "extra_forbidden")),
    (
        {"object": "error", "message": {"detail": [FORBIDDEN]}, "code": 3001},
        ("3001", "messages.0.store", "extra_forbidden"),
    ),
    ({"error": {"message": json.dumps({"error": {"code": "c", "param": "p"}})}}, ("c", "p")),
    ({"error": "invalid_client", "error_description": "Wrong secret."}, ("invalid_client",)),
    ({"error": "Bad", "error_type": "validation"}, (None, None, "validation")),
    ({"statusCode": 401, "message": "Access denied."}, ("401",)),
    ({"success": False, "errors": [{"code": 7003, "message": "No route"}]}, ("7003",)),
    ({"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}, ("1008",)),
    ({"error": {"code": [1], "param": {}, "type": True}}, ()),
    ({"error": 5}, ()),
    ({"error": []}, ()),
    ("upstream died", ()),
]


@pytest.mark.parametrize(("sent", "expected"), FIELDS, ids=lambda value: str(value)[:40])
def test_fields_are_found_in_each_shape(sent: Any, expected: tuple[str | None, ...]):
    read = read_error(json.dumps(sent))
    assert (read.code, read.param, read.type) == (*expected, None, None, None)[:3]


def test_signs_are_of_the_error_and_of_those_inside_it():
    inner = {"error": {"code": "Context_Length_Exceeded", "type": "inner"}}
    read = read_error(
        json.dumps({"error": {"code": 400, "metadata": {"raw": json.dumps(inner)}, "message": "m"}})
    )
    assert read.code == "400"
    assert read.signs == {"400", "context_length_exceeded", "inner"}
    filtered = read_error(json.dumps({"error": {"code": "a", "innererror": {"code": "b"}}}))
    assert filtered.signs == {"a", "b"}


def test_message_of_a_gateway_has_that_of_the_server_behind_it():
    raw = json.dumps({"error": {"message": "The context is too long."}})
    error = {"code": 400, "message": "Provider returned error", "metadata": {"raw": raw}}
    assert find_message(error) == "Provider returned error: The context is too long."
    assert find_message({**error, "metadata": {"raw": "Provider returned error"}}) == (
        "Provider returned error"
    )
    assert find_message({**error, "metadata": 5}) == "Provider returned error"


def test_json_too_deep_to_be_pickled_stays_text():
    deep = "[" * 200 + "]" * 200
    assert read_error(deep).body == deep
    flat = "[" * 50 + "]" * 50
    assert read_error(flat).body == json.loads(flat)


@pytest.mark.parametrize(
    ("text", "is_json"),
    [
        ('"' + "[" * 500 + '"', True),
        ('["' + "[" * 500 + r"\"" + "{" * 500 + '"]', True),
        ("[" + "[]," * 500 + "[]]", True),
        ("[" * 101 + "]" * 101, False),
        ("[" * 100 + "]" * 100, True),
        ('{"a":' * 101 + "1" + "}" * 101, False),
        ('"' + "[" * 500, False),
        ('"' + r"\"" * 50_000 + "[" * 500, False),
        ('"' * 50_001 + "[" * 500, False),
    ],
)
def test_depth_is_that_of_brackets_outside_of_strings(text: str, *, is_json: bool):
    assert (read_json(text) is not text) == is_json


def test_huge_message_is_cut():
    message = read_error(json.dumps({"message": "m" * 1_000_000})).message
    assert message is not None
    assert len(message) == LONGEST_SAID


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (NGINX, "502 Bad Gateway"),
        ("<!DOCTYPE html><TITLE lang='en'>\n a &amp;\n b </TITLE>", "a & b"),
        (
            "<html><title> </title><body><h1>504</h1><p>Time&nbsp;out</p></body></html>",
            "504 Time out",
        ),
        ("<html><head><style>p{}</style></head><script>x()</script><!-- c --><p>t</p></html>", "t"),
        ("<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "AccessDenied"),
        ("<html></html>", "<html></html>"),
        ("<b>a</b> and 1 < 2", "<b>a</b> and 1 < 2"),
        ("a <p> is wrong", "a <p> is wrong"),
    ],
)
def test_page_gives_its_title_or_what_one_sees(page: str, message: str):
    assert read_error(page.encode()) == ErrorBody(message, page)
    assert find_message({"error": {"message": page}}) == message


def test_page_is_looked_at_up_to_a_length():
    page = "<html>" + "x" * 20_000 + "<title>late</title></html>"
    assert find_message(page) == "x" * (LONGEST - 1) + "…"


def test_tags_in_a_message_stay():
    assert find_message({"message": "Use <b>POST</b>, not GET"}) == "Use <b>POST</b>, not GET"


def test_text_of_unknown_kind_becomes_one_short_line():
    read = read_error(b"line\n" * 1000)
    assert read.body == "line\n" * 1000
    assert read.message is not None
    assert len(read.message) == LONGEST
    assert read.message.startswith("line line")
    assert read.message.endswith("…")
    assert "\n" not in read.message


def test_message_of_an_error_object_is_whole():
    message = "first\nsecond " + "x" * 1000
    assert read_error(json.dumps({"error": {"message": message}})).message == message


def test_list_gives_its_first_complaints_only():
    message = find_message([{"message": f"m{index}"} for index in range(1000)])
    assert message is not None
    assert message.split("; ") == [f"m{index}" for index in range(10)]


def test_bytes_that_are_no_text_are_read():
    assert read_error(b"\xff\xfe died") == ErrorBody("\ufffd\ufffd died", "\ufffd\ufffd died")
    assert read_error(b'{"message": "a\xff"}').message == "a\ufffd"


def test_half_a_surrogate_pair_can_be_printed():
    read = read_error(rb'{"message": "a\ud83d"}')
    assert read == ErrorBody("a?", {"message": "a\ud83d"})


@pytest.mark.parametrize(
    "body",
    [
        b'{"error":' * 100_000,
        b"[" * 100_000,
        b'{"error":' * 400 + b"1" + b"}" * 400,
        b'{"loc": ' + b"[" * 400 + b"]" * 400 + b', "msg": ""}',
        b"<head" * 100_000 + b">",
        b"<title" * 100_000 + b">",
        b"<!--" * 100_000 + b">",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_nesting_without_end_is_read(body: bytes):
    read = read_error(body)
    assert read.message is None or len(read.message) <= LONGEST


def test_json_inside_text_is_read_to_a_depth():
    text = "deep"
    for _ in range(20):
        text = json.dumps({"message": text})[:50_000]
        if len(text) > 10_000:
            break
    message = find_message(text)
    assert message is not None
    assert message.startswith("{")


def test_what_was_read_is_immutable():
    with pytest.raises(AttributeError):
        read_error(b"").message = "changed"  # pyright: ignore[reportAttributeAccessIssue]
