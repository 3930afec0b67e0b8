"""Whatever goes wrong, no secret of the request is on the error, behind it or in its pickle."""

import json
import pickle
import traceback
from collections.abc import Callable, Iterator
from typing import Any, cast
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai_http import APIError, OpenAI, OpenAIError

# Printable, as keys and headers are, and with what JSON and URLs write otherwise.
SECRETS = st.text(
    alphabet=st.sampled_from('abcXYZ0189-_."\\/%+=&#@:,!$'), min_size=12, max_size=30
).map(lambda text: f"Zq7{text}x9K")

Make = Callable[[str, httpx.Client], OpenAI]


def with_key(secret: str, http_client: httpx.Client) -> OpenAI:
    return OpenAI(api_key=secret, http_client=http_client, max_retries=0)


def with_admin_key(secret: str, http_client: httpx.Client) -> OpenAI:
    return OpenAI(admin_api_key=secret, http_client=http_client, max_retries=0)


def with_header(secret: str, http_client: httpx.Client) -> OpenAI:
    headers = {"X-Gateway-Token": secret, "X-Corp-Auth": f"Custom {secret}"}
    return OpenAI(
        api_key="sk-other-0123", http_client=http_client, max_retries=0, default_headers=headers
    )


def with_cookie(secret: str, http_client: httpx.Client) -> OpenAI:
    headers = {"Cookie": f"a=1; session={secret}; b=2"}
    return OpenAI(
        api_key="sk-other-0123", http_client=http_client, max_retries=0, default_headers=headers
    )


def with_url(secret: str, http_client: httpx.Client) -> OpenAI:
    url = f"http://user:{quote(secret, safe='')}@h/v1"
    return OpenAI(api_key="sk-other-0123", http_client=http_client, max_retries=0, base_url=url)


def with_query(secret: str, http_client: httpx.Client) -> OpenAI:
    query = {"api-key": secret}
    return OpenAI(
        api_key="sk-other-0123", http_client=http_client, max_retries=0, default_query=query
    )


def with_query_in_url(secret: str, http_client: httpx.Client) -> OpenAI:
    url = f"http://h/v1?api-key={quote(secret, safe='')}"
    return OpenAI(api_key="sk-other-0123", http_client=http_client, max_retries=0, base_url=url)


WAYS = [
    with_key,
    with_admin_key,
    with_header,
    with_cookie,
    with_url,
    with_query,
    with_query_in_url,
]


def message(secret: str) -> str:
    return json.dumps({"error": {"message": f"Wrong: {secret}", "code": secret, "param": secret}})


def event(data: str) -> str:
    return f'data: {{"choices": []}}\n\ndata: {data}\n\n'


ANSWERS: list[Callable[[str], httpx.Response]] = [
    lambda secret: httpx.Response(401, text=message(secret)),
    lambda secret: httpx.Response(500, text=f"<html><title>{secret}</title></html>"),
    lambda secret: httpx.Response(429, text=f"died {secret}", headers={"x-request-id": secret}),
    lambda secret: httpx.Response(307, headers={"location": f"http://x/{quote(secret)}"}),
    lambda secret: httpx.Response(307, headers={"location": f"http://x/?api-key={secret}"}),
    lambda secret: httpx.Response(200, text=message(secret)),
    lambda secret: httpx.Response(200, text=f"no JSON: {secret}"),
    lambda secret: httpx.Response(200, text=json.dumps([secret])),
    lambda secret: httpx.Response(200, text="{}", headers={"x-echo": secret}),
    lambda secret: httpx.Response(200, text=event(message(secret))),
    lambda secret: httpx.Response(200, text=event(f"broken {secret}")),
    lambda secret: httpx.Response(200, text=event('{"choices": []}'), headers={"x-echo": secret}),
]


def failing(secret: str) -> Iterator[Callable[[httpx.Request], httpx.Response]]:
    """All that a server or the network may do with a secret."""
    for answer in ANSWERS:
        yield lambda _, answer=answer: answer(secret)
    for kind in (
        httpx.ConnectError,
        httpx.ReadTimeout,
        httpx.RemoteProtocolError,
        httpx.PoolTimeout,
    ):

        def fail(request: httpx.Request, kind: Any = kind) -> httpx.Response:
            cause = OSError(f"Illegal value {secret}")
            raise kind(f"Illegal header value {secret}", request=request) from cause

        yield fail


def call(client: OpenAI, *, stream: bool) -> APIError | None:
    try:
        if client.admin_api_key:
            client.admin.organization.users.retrieve("u")
        elif stream:
            list(client.chat.completions.create(model="m", messages=[], stream=True))
        else:
            client.chat.completions.create(model="m", messages=[])
    except APIError as error:
        return error
    return None


def reachable(value: Any, seen: set[int]) -> Iterator[str]:
    """Every text that can be reached from an error, but for the frames of its traceback."""
    if id(value) in seen or isinstance(value, type):
        return
    seen.add(id(value))
    if isinstance(value, bytes | bytearray):
        yield value.decode("latin-1")
    elif isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from reachable([*cast("dict[object, object]", value).items()], seen)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in cast("list[object]", value):
            yield from reachable(each, seen)
    elif isinstance(value, BaseException):
        yield from reachable(
            [value.args, vars(value), value.__cause__, value.__context__, str(value), repr(value)],
            seen,
        )
    else:
        slots = [name for cls in type(value).__mro__ for name in getattr(cls, "__slots__", ())]
        found = [getattr(value, name, None) for name in slots if isinstance(name, str)]
        yield from reachable([*found, getattr(value, "__dict__", {}), repr(value)], seen)


@pytest.mark.parametrize("make", WAYS)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@settings(max_examples=8)
@given(secret=SECRETS)
def test_no_secret_can_be_reached_from_an_error(make: Make, secret: str, *, stream: bool):
    forms = {secret, quote(secret, safe=""), json.dumps(secret)[1:-1]}
    raised = 0
    for handler in failing(secret):
        with httpx.Client(transport=httpx.MockTransport(handler)) as http_client:
            error = call(make(secret, http_client), stream=stream)
        if error is None:
            continue
        raised += 1
        texts = [*reachable(error, set()), pickle.dumps(error).decode("latin-1")]
        texts += traceback.format_exception(error)
        assert not [text for text in texts if any(form in text for form in forms)]
    assert raised > 10


@pytest.mark.parametrize("make", WAYS)
def test_no_secret_is_in_the_variables_of_a_traceback(make: Make):
    """Tools that report errors show the variables of each frame."""
    secret = "sk-0123456789-abcdef"
    for handler in failing(secret):
        with httpx.Client(transport=httpx.MockTransport(handler)) as http_client:
            error = call(make(secret, http_client), stream=False)
        if error is None:
            continue
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
        frames = [
            frame
            for part in (shown, shown.__cause__, shown.__context__)
            if part is not None
            for frame in part.stack
            if "openai_http" in frame.filename and "tests" not in frame.filename
        ]
        assert frames
        for frame in frames:
            assert secret not in str(frame.locals), (frame.filename, frame.name, frame.locals)


LINE_BREAKS = st.sampled_from(["\n", "\r", "\r\n", "\0", "\x0b"])


@pytest.mark.parametrize(
    "given_as", ["api_key", "admin_api_key", "organization", "project", "default", "extra", "env"]
)
@settings(max_examples=25)
@given(line_break=LINE_BREAKS, where=st.integers(0, 12))
def test_line_break_in_a_header_is_refused_without_showing_the_value(
    given_as: str, line_break: str, where: int
):
    secret = "hidden-value-1"
    value = secret[:where] + line_break + secret[where:]
    sent: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={"id": "m"})

    with httpx.Client(transport=httpx.MockTransport(handler)) as http_client:
        options: dict[str, Any] = {"http_client": http_client, "api_key": "sk-other-0123"}
        extra = {}
        if given_as == "default":
            options["default_headers"] = {"X-Mine": value}
        elif given_as == "extra":
            extra = {"X-Mine": value}
        elif given_as == "env":
            options["default_headers"] = {value: "x"}
        else:
            options[given_as] = value
        with pytest.raises(OpenAIError) as caught:
            OpenAI(**options).models.retrieve("m", extra_headers=extra)
    assert sent == []
    shown = "".join(traceback.format_exception(caught.value))
    assert secret[where:] not in shown or given_as == "env"
    assert secret[:where] not in shown or where < 4 or given_as == "env"
