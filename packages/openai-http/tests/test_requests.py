import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from openai_http import NOT_GIVEN, OpenAI, omit
from openai_http.messages import Request
from openai_http.operations import Operation
from openai_http.requests import CallOptions, build_request
from openai_http.resources import chat, responses
from openai_types import Decoder
from openai_types.errors import InvalidArgumentError, InvalidTypeError, OpenAIError
from openai_types.responses import Response
from pydantic import BaseModel

KEY = "sk-test"


def build(
    options: CallOptions | None = None, client: Mapping[str, Any] | None = None, **params: Any
) -> Request:
    settings: dict[str, Any] = {"api_key": KEY, "base_url": "https://h/v1", **(client or {})}
    made = OpenAI(**settings)
    given: dict[str, Any] = {"model": "m", "messages": [], **params}
    return build_request(
        made._settings, chat.CHAT_COMPLETIONS_CREATE, given, options or CallOptions()
    )


def body(value: Any) -> bytes:
    """How a value is written, as a parameter."""
    content = build(metadata=value).content
    prefix, suffix = b'{"model":"m","messages":[],"metadata":', b"}"
    assert content.startswith(prefix)
    assert content.endswith(suffix)
    return content[len(prefix) : -len(suffix)]


def test_request_to_the_byte():
    request = build(messages=[{"role": "user", "content": "Grüße, 世界 \U0001f44b"}], n=1)
    assert request.method == "POST"
    assert request.url == "https://h/v1/chat/completions"
    assert request.content.decode() == (
        '{"model":"m","messages":[{"role":"user","content":"Grüße, 世界 \U0001f44b"}],"n":1}'
    )
    assert dict(request.headers) == {
        "accept": "application/json",
        "content-type": "application/json",
        "user-agent": request.headers["user-agent"],
        "authorization": f"Bearer {KEY}",
    }


def test_idempotency_key_is_sent_if_there_is_one():
    def key(options: CallOptions | None = None, **client: Any) -> str | None:
        return build(options, client).headers.get("idempotency-key")

    assert key() is None
    assert key(CallOptions(idempotency_key="mine")) == "mine"
    assert key(CallOptions(idempotency_key="mine"), idempotency_keys=True) == "mine"
    made = key(idempotency_keys=True)
    assert made
    assert made != key(idempotency_keys=True)
    with pytest.raises(OpenAIError, match="idempotency-key"):
        key(CallOptions(idempotency_key="line\nbreak"))


@pytest.mark.parametrize(
    ("base_url", "query", "extra", "url"),
    [
        ("https://h/v1/", {}, {}, "https://h/v1/chat/completions"),
        ("https://h", {}, {}, "https://h/chat/completions"),
        ("https://h/v1?v=2", {}, {}, "https://h/v1/chat/completions?v=2"),
        ("https://h/v1?v=2", {"a": 1}, {}, "https://h/v1/chat/completions?v=2&a=1"),
        ("https://h/v1", {"a": "1", "b": "2"}, {"b": "3"}, "https://h/v1/chat/completions?a=1&b=3"),
        ("https://h/v1", {"a": "1"}, {"a": omit}, "https://h/v1/chat/completions"),
        ("https://h/v1", {"a": NOT_GIVEN}, {}, "https://h/v1/chat/completions"),
    ],
)
def test_url_has_the_query_of_all(
    base_url: str, query: dict[str, Any], extra: dict[str, Any], url: str
):
    options = CallOptions(extra_query=extra)
    assert build(options, {"base_url": base_url, "default_query": query}).url == url


class Choice(Enum):
    BATCH = "batch"
    FIRST = 1


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a b&c=ü/", "q=a%20b%26c%3D%C3%BC/"),
        (True, "q=true"),
        (None, ""),
        (1.5, "q=1.5"),
        (["a", 1], "q%5B%5D=a&q%5B%5D=1"),
        (("a",), "q%5B%5D=a"),
        ({"a": 1, "b": {"c": False}}, "q%5Ba%5D=1&q%5Bb%5D%5Bc%5D=false"),
        ({"a": [1, omit]}, "q%5Ba%5D%5B%5D=1"),
        (Choice.BATCH, "q=batch"),
        ([Choice.FIRST, True], "q%5B%5D=1&q%5B%5D=true"),
        (datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC), "q=2024-01-02%2003%3A04%3A05%2B00%3A00"),
        (date(2024, 1, 2), "q=2024-01-02"),
        ([], ""),
    ],
)
def test_query_is_written_as_the_api_reads_it(value: Any, written: str):
    assert build(CallOptions(extra_query={"q": value})).url.partition("?")[2] == written


@pytest.mark.parametrize("query", [{"q": "\ud800"}, {1: "x"}])
def test_query_that_cannot_be_written_is_refused(query: Any):
    with pytest.raises(OpenAIError, match=r"query of chat\.completions\.create\(\) cannot be"):
        build(CallOptions(extra_query=query))


def test_extra_headers_replace_and_remove():
    options = CallOptions(extra_headers={"USER-AGENT": "mine", "Authorization": omit, "X-A": "1"})
    headers = build(options, {"default_headers": {"x-a": "0"}}).headers
    assert (headers["user-agent"], headers["x-a"]) == ("mine", "1")
    assert "authorization" not in headers


def test_extra_headers_that_cannot_be_sent_are_refused():
    with pytest.raises(OpenAIError, match="'x-a' cannot be sent"):
        build(CallOptions(extra_headers={"x-a": "1\n2"}))


def test_extra_body_is_above_the_parameters():
    request = build(CallOptions(extra_body={"model": "other", "new": [1], "n": omit}), n=1)
    assert request.content == b'{"model":"other","messages":[],"new":[1]}'


def test_parameters_that_are_not_given_are_left_out_and_none_is_null():
    request = build(n=NOT_GIVEN, stop=omit, temperature=None, stream=False)
    assert request.content == b'{"model":"m","messages":[],"temperature":null,"stream":false}'


def test_unknown_parameter_is_refused_with_the_nearest():
    with pytest.raises(TypeError, match="'temprature'; did you mean 'temperature'"):
        build(temprature=1)


@pytest.mark.parametrize("nothing", [NOT_GIVEN, omit])
def test_required_parameter_that_is_not_given_is_missing(nothing: Any):
    with pytest.raises(TypeError, match=r"chat\.completions\.create\(\) is missing 'model'"):
        build(model=nothing)


def generated() -> Iterator[dict[str, Any]]:
    yield {"role": "user"}


class Part(BaseModel):
    kind: str = "part"
    text: str | None = None


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (generated(), b'[{"role":"user"}]'),
        (("a", 1), b'["a",1]'),
        ({"a"}, b'["a"]'),
        (range(2), b"[0,1]"),
        ({"a": 1}.items(), b'[["a",1]]'),
        (MappingProxyType({"a": ("b",)}), b'{"a":["b"]}'),
        ({1: 2, None: True}, b'{"1":2,"null":true}'),
        (Part(text="x"), b'{"text":"x"}'),
        ([Part(), Part(text=None)], b'[{},{"text":null}]'),
        ("\u2028\x00\x7f", b'"\xe2\x80\xa8\\u0000\x7f"'),
        (10**30, b"1" + b"0" * 30),
    ],
)
def test_whatever_has_json_is_written(value: Any, written: bytes):
    assert body(value) == written


def test_items_of_an_earlier_response_are_sent_as_they_came():
    received = (
        b'{"id":"r","output":[{"type":"reasoning","id":"rs","summary":[],"encrypted_content":null},'
        b'{"type":"function_call","call_id":"c","name":"f","arguments":"{}","status":7},'
        b'{"type":"brand_new","data":[1]}]}'
    )
    decode: Decoder[Response] = Decoder(Response)
    made = OpenAI(api_key=KEY)
    params = {"input": [*decode(received).output, {"type": "message"}]}
    content = build_request(
        made._settings, responses.RESPONSES_CREATE, params, CallOptions()
    ).content
    items = json.loads(received)["output"]
    assert json.loads(content) == {"input": [*items, {"type": "message"}]}


circular: list[Any] = []
circular.append(circular)
deep: list[Any] = []
for _ in range(100_000):
    deep = [deep]


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        (float("nan"), "Out of range float"),
        ([float("inf")], "Out of range float"),
        ("\ud800", "surrogates not allowed"),
        ({"\udfff": 1}, "surrogates not allowed"),
        (b"bytes", "a value of type bytes is not JSON"),
        (bytearray(b"bytes"), "a value of type bytearray is not JSON"),
        (memoryview(b"bytes"), "a value of type memoryview is not JSON"),
        (object(), "a value of type object is not JSON"),
        (dict, "dict is a class, which only stream() takes"),
        ({"nested": object(), "other": omit}, "a value of type object is not JSON"),
        ({(1, 2): 3}, "keys must be"),
        (circular, "Circular reference"),
        (deep, "recursion"),
    ],
)
def test_what_has_no_json_is_refused_with_the_name_of_the_call(value: Any, cause: str):
    with pytest.raises(OpenAIError, match=r"parameters of chat\.completions\.create\(\)") as e:
        build(metadata=value)
    assert cause in str(e.value)
    assert "Pass only what JSON knows" in str(e.value)
    assert isinstance(e.value, TypeError) == isinstance(e.value.__cause__, TypeError)


@pytest.mark.parametrize("name", ["extra_headers", "extra_query", "extra_body"])
@pytest.mark.parametrize("wrong", [[("a", "b")], "a=b", b"{}", 5])
def test_what_is_no_dict_is_refused_where_one_belongs(name: str, wrong: Any):
    options: Any = {name: wrong}
    with pytest.raises(InvalidTypeError, match=f"^{name} is of type {type(wrong).__name__}"):
        build(CallOptions(**options))


def test_error_of_the_user_s_own_generator_passes():
    def failing() -> Iterator[int]:
        yield 1
        raise KeyError("mine")

    with pytest.raises(KeyError):
        build(messages=failing())


def request_of(operation: Operation[Any, Any], params: Mapping[str, Any]) -> Request:
    """The request of any operation, with both keys."""
    client = OpenAI(api_key=KEY, admin_api_key="sk-admin", base_url="https://h/v1")
    return build_request(client._settings, operation, params, CallOptions())


THING: Operation[object, object] = Operation(
    "things.get",
    "GET",
    "/things/{thing_id}/of/{owner}?beta=true",
    query="after filters",
    headers={"betas": "openai-beta"},
    sends={"openai-beta": "things=v1", "accept": "*/*"},
)


@pytest.mark.parametrize(
    ("value", "segment"),
    [
        ("a/b", "a%2Fb"),
        ("a b?c#d", "a%20b%3Fc%23d"),
        ("ü", "%C3%BC"),
        ("a%2Fb", "a%252Fb"),
        (7, "7"),
        (Choice.BATCH, "batch"),
    ],
)
def test_parameter_in_the_path_is_one_segment(value: Any, segment: str):
    request = request_of(THING, {"thing_id": value, "owner": "o"})
    assert request.url == f"https://h/v1/things/{segment}/of/o?beta=true"


@pytest.mark.parametrize("value", ["", ".", "..", "\ud800", None])
def test_parameter_that_would_change_the_path_is_refused(value: str | None):
    with pytest.raises(InvalidArgumentError, match="takes an id") as e:
        request_of(THING, {"thing_id": "t", "owner": value})
    assert isinstance(e.value, ValueError)
    assert "owner" in str(e.value)
    assert "things.get()" in str(e.value)


def test_query_of_the_route_and_of_the_parameters():
    params = {"thing_id": "t", "owner": "o", "after": "x", "filters": {"a": {"b": [1, True]}}}
    query = urlsplit(request_of(THING, params).url).query
    assert parse_qsl(query) == [
        ("beta", "true"),
        ("after", "x"),
        ("filters[a][b][]", "1"),
        ("filters[a][b][]", "true"),
    ]


@pytest.mark.parametrize(
    ("given", "header"),
    [
        ({}, "things=v1"),
        ({"betas": ["a", "b"]}, "a,b"),
        ({"betas": ("a", Choice.BATCH)}, "a,batch"),
        ({"betas": "c"}, "c"),
    ],
)
def test_headers_are_sent_always_or_by_a_parameter(given: dict[str, Any], header: str):
    request = request_of(THING, {"thing_id": "t", "owner": "o", **given})
    assert (request.headers["openai-beta"], request.headers["accept"]) == (header, "*/*")
    assert (request.content, request.has_body) == (b"", False)
    assert "content-type" not in request.headers


@pytest.mark.parametrize("admin", [False, True])
def test_key_is_that_of_the_operation(admin: bool):
    operation: Operation[object, object] = Operation("t.list", "GET", "/t", admin=admin)
    key = "sk-admin" if admin else KEY
    assert request_of(operation, {}).headers["authorization"] == f"Bearer {key}"


FORM: Operation[object, object] = Operation(
    "videos.make",
    "POST",
    "/videos",
    body="prompt spec_",
    files="image video_",
    references="image",
    wire_names={"": {"video_": ("video", ""), "spec_": ("", "Spec")}, "Spec": {"in_": ("in", "")}},
    required="prompt video_",
)
EITHER: Operation[object, object] = Operation(
    "skills.make", "POST", "/skills", body="default", files="files", json_without_files=True
)


class Reference(BaseModel):
    file_id: str
    image_url: str | None = None


def form_of(operation: Operation[Any, Any], params: Mapping[str, Any]) -> tuple[Any, Any]:
    """The fields of a form, and the names and the contents of its files."""
    request = request_of(operation, params)
    assert request.form is not None
    assert "content-type" not in request.headers  # the transport names the boundary
    return request.form.fields, [(part.name, part.content) for part in request.form.parts]


@pytest.mark.parametrize(
    ("given", "files"),
    [
        ({"image": b"i"}, [("video", b"v"), ("image", b"i")]),
        ({"image": [b"i", b"j"]}, [("video", b"v"), ("image[]", b"i"), ("image[]", b"j")]),
        ({"image": []}, [("video", b"v")]),
        ({"image": None}, [("video", b"v")]),
        ({}, [("video", b"v")]),
    ],
)
def test_operation_that_takes_files_sends_a_form(given: dict[str, Any], files: list[Any]):
    params = {"prompt": "p", "video_": b"v", **given}
    assert form_of(FORM, params) == ((("prompt", "p"),), files)


def test_form_is_sent_without_a_file():
    operation: Operation[object, object] = Operation("v.make", "POST", "/v", body="n", files="f")
    assert form_of(operation, {"n": True}) == ((("n", "true"),), [])


@pytest.mark.parametrize("given", [{}, {"files": []}, {"files": None}, {"default": True}])
def test_json_is_sent_without_a_file_where_the_description_says(given: dict[str, Any]):
    request = request_of(EITHER, given)
    assert request.form is None
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.content) == given


def test_form_is_sent_with_a_file_where_json_would_be_without():
    assert form_of(EITHER, {"files": [b"a"], "default": True}) == (
        (("default", "true"),),
        [("files[]", b"a")],
    )


@pytest.mark.parametrize("image", [{"file_id": "f"}, Reference(file_id="f")])
def test_object_in_the_place_of_a_file_is_sent_as_json(image: Any):
    operation: Operation[object, object] = Operation(
        "v.make", "POST", "/v", body="prompt", files="image", references="image"
    )
    request = request_of(operation, {"prompt": "p", "image": image})
    assert request.form is None
    assert request.content == b'{"prompt":"p","image":{"file_id":"f"}}'


@pytest.mark.parametrize("video", [{"id": "v"}, None, "name.mp4"])
def test_what_is_no_file_is_refused_where_only_a_file_is_taken(video: Any):
    with pytest.raises(InvalidArgumentError, match="video takes a file, not a value of type"):
        request_of(FORM, {"prompt": "p", "video_": video})


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        ({"a": [1, {"b": False}], "c": None}, [("x[a][]", "1"), ("x[a][][b]", "false")]),
        ({"a"}, [("x[]", "a")]),
        (range(2), [("x[]", "0"), ("x[]", "1")]),
        (Reference(file_id="f"), [("x[file_id]", "f")]),
        (MappingProxyType({"a": (1,)}), [("x[a][]", "1")]),
    ],
)
def test_form_is_written_as_the_api_reads_it(value: Any, fields: list[Any]):
    operation: Operation[object, object] = Operation("v.make", "POST", "/v", body="x", files="f")
    assert form_of(operation, {"x": value, "f": b"f"}) == (tuple(fields), [("f", b"f")])


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        ("\ud800", "surrogates not allowed"),
        ({"\ud800": 1}, "surrogates not allowed"),
        (b"bytes", "a value of type bytes is not JSON"),
        (circular, "recursion"),
    ],
)
def test_form_that_cannot_be_written_is_refused(value: Any, cause: str):
    with pytest.raises(InvalidArgumentError, match=r"form of videos\.make\(\) cannot be") as e:
        request_of(FORM, {"prompt": value, "video_": b"v"})
    assert cause in str(e.value)


AGENT: Operation[object, object] = Operation(
    "agents.make",
    "POST",
    "/agents/{agent_id}",
    body="compaction in_",
    query="from_",
    wire_names={
        "": {"compaction": ("", "Compaction"), "in_": ("in", ""), "from_": ("from", "")},
        "Compaction": {"async_": ("async", "")},
    },
)


def test_parameters_are_sent_under_the_names_that_the_api_knows():
    compaction = {"async_": True}
    params = {"agent_id": "a", "compaction": compaction, "in_": 1, "from_": {"in_": 2}}
    request = request_of(AGENT, params)
    assert request.url == "https://h/v1/agents/a?from%5Bin_%5D=2"
    assert request.content == b'{"compaction":{"async":true},"in":1}'
    assert compaction == {"async_": True}


def test_fields_of_a_form_have_the_names_that_the_api_knows():
    params = {"prompt": "p", "spec_": [{"in_": 1}], "video_": b"v"}
    assert form_of(FORM, params)[0] == (("prompt", "p"), ("spec_[][in]", "1"))


def test_extra_body_is_sent_as_it_is():
    client = OpenAI(api_key=KEY, base_url="https://h/v1")
    params = {"agent_id": "a", "compaction": {"async_": True}, "in_": 1}
    extra = {"compaction": {"async_": 1}, "in_": 2}
    options = CallOptions(extra_body=extra)
    content = build_request(client._settings, AGENT, params, options).content
    assert content == b'{"compaction":{"async_":1},"in":1,"in_":2}'


OFFER: Operation[object, object] = Operation(
    "calls.make", "POST", "/calls", body="sdp session", required="sdp", sdp=True
)


def test_offer_alone_is_sent_as_it_is():
    request = request_of(OFFER, {"sdp": "v=0"})
    assert (request.headers["content-type"], request.content) == ("application/sdp", b"v=0")


@pytest.mark.parametrize(
    ("given", "extra", "fields", "parts"),
    [
        ({"session": {"type": "realtime"}}, {}, (), ["sdp", "session"]),
        ({}, {"vendor": {"x": 1}}, (("vendor[x]", "1"),), ["sdp"]),
        ({}, {"session": {}, "n": 1}, (("n", "1"),), ["sdp", "session"]),
    ],
)
def test_offer_is_sent_in_a_form_beside_others(
    given: dict[str, Any], extra: dict[str, Any], fields: Any, parts: list[str]
):
    client = OpenAI(api_key=KEY, base_url="https://h/v1")
    request = build_request(
        client._settings, OFFER, {"sdp": "v=0", **given}, CallOptions(extra_body=extra)
    )
    assert request.form is not None
    assert request.form.fields == fields
    assert [part.name for part in request.form.parts] == parts
