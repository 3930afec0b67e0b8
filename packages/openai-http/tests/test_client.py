import asyncio
import copy
import gc
import os
import pickle
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest
from openai_http import (
    NOT_GIVEN,
    APIConnectionError,
    AsyncOpenAI,
    InvalidTypeError,
    OpenAI,
    OpenAIError,
    Timeout,
    omit,
)
from openai_http.timing.timeout import DEFAULT_TIMEOUT

pytestmark = pytest.mark.anyio

ANSWER: dict[str, Any] = {"id": "c", "choices": []}
BOTH: Any = pytest.mark.parametrize("made", [OpenAI, AsyncOpenAI])


@BOTH
def test_client_has_its_settings(made: Any):
    client = made(
        api_key="sk-1",
        organization="org",
        project="proj",
        webhook_secret="whsec",
        base_url="https://h/v1",
        websocket_base_url="wss://h/v1",
        timeout=3,
        max_retries=7,
        default_headers={"X-A": "1"},
        default_query={"q": 1},
    )
    assert (client.api_key, client.organization, client.project) == ("sk-1", "org", "proj")
    assert client.webhook_secret == "whsec"
    assert (client.base_url, client.websocket_base_url) == ("https://h/v1/", "wss://h/v1")
    assert (client.timeout, client.max_retries) == (Timeout(3), 7)
    assert client.default_headers["x-a"] == "1"
    assert client.default_headers["authorization"] == "Bearer sk-1"
    assert client.default_query == {"q": 1}
    assert not client.is_closed()


@BOTH
def test_settings_that_a_client_gives_out_are_copies(made: Any):
    client = made(api_key="sk-1", default_query={"q": 1})
    client.default_headers.clear()
    client.default_query.clear()
    assert client.default_headers["authorization"] == "Bearer sk-1"
    assert client.default_query == {"q": 1}


@BOTH
def test_client_from_the_environment(made: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-env")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    client = made()
    assert (client.api_key, client.base_url) == ("sk-env", "http://127.0.0.1:1/v1/")
    assert (client.timeout, client.max_retries) == (DEFAULT_TIMEOUT, 2)


@BOTH
def test_repr_shows_the_server_and_no_secret(made: Any):
    client = made(api_key="sk-1", base_url="https://user:pw@h/v1?key=secret")
    assert repr(client) == f"{made.__name__}(base_url='https://h/v1/?key=[removed]')"


@BOTH
def test_client_cannot_be_pickled(made: Any):
    with pytest.raises(TypeError, match=r"cannot be pickled.* Make one in each process"):
        pickle.dumps(made(api_key="sk-1"))


CHANGES: list[tuple[str, Any, str, Any]] = [
    ("api_key", "sk-2", "api_key", "sk-2"),
    ("organization", "org-2", "organization", "org-2"),
    ("project", "proj-2", "project", "proj-2"),
    ("webhook_secret", "whsec-2", "webhook_secret", "whsec-2"),
    ("base_url", "https://h2", "base_url", "https://h2/"),
    ("websocket_base_url", "wss://h2", "websocket_base_url", "wss://h2"),
    ("timeout", 9, "timeout", Timeout(9)),
    ("timeout", None, "timeout", Timeout(None)),
    ("max_retries", 0, "max_retries", 0),
    ("default_query", {"b": 2}, "default_query", {"a": 1, "b": 2}),
    ("set_default_query", {"b": 2}, "default_query", {"b": 2}),
]
ATTRIBUTES = sorted({attribute for _, _, attribute, _ in CHANGES})


@BOTH
@pytest.mark.parametrize(("argument", "value", "attribute", "expected"), CHANGES)
def test_copy_changes_one_setting(
    made: Any, argument: str, value: Any, attribute: str, expected: Any
):
    client = made(
        api_key="sk-1",
        organization="org",
        project="proj",
        webhook_secret="whsec",
        base_url="https://h/v1",
        websocket_base_url="wss://h",
        timeout=3,
        max_retries=7,
        default_query={"a": 1},
        _strict_response_validation=True,
    )
    for copied in (client.copy, client.with_options):
        changed = copied(**{argument: value})
        assert type(changed) is made
        assert getattr(changed, attribute) == expected
        for other in ATTRIBUTES:
            if other != attribute:
                assert getattr(changed, other) == getattr(client, other)
        assert changed._settings.strict
        assert changed._connections is client._connections
    assert client.copy()._settings == client._settings


@BOTH
def test_copy_of_the_standard_library_is_a_copy(made: Any):
    client = made(api_key="sk-1", organization="org")
    copied = copy.copy(client)
    assert copied._settings == client._settings
    assert copied._connections is client._connections
    copied.organization = "other"
    assert client.organization == "org"


@BOTH
def test_copy_adds_or_replaces_headers(made: Any):
    client = made(api_key="sk-1", default_headers={"X-A": "1", "X-B": "2"})
    added = client.copy(default_headers={"x-b": "3", "x-a": omit, "x-c": "4"}).default_headers
    assert (added.get("x-a"), added["x-b"], added["x-c"]) == (None, "3", "4")
    replaced = client.copy(set_default_headers={"X-C": "4"}).default_headers
    assert (replaced.get("x-a"), replaced.get("x-b"), replaced["x-c"]) == (None, None, "4")
    assert replaced["authorization"] == "Bearer sk-1"
    assert client.copy(set_default_headers={}).default_headers.get("x-a") is None


@BOTH
@pytest.mark.parametrize("name", ["default_headers", "default_query"])
def test_headers_and_query_are_dicts(made: Any, name: str):
    wrong = [("a", "b")]
    client = made(api_key="sk-1")
    with pytest.raises(InvalidTypeError, match=f"^{name} is of type list"):
        made(api_key="sk-1", **{name: wrong})
    for argument in (name, f"set_{name}"):
        with pytest.raises(InvalidTypeError, match=f"^{argument} is of type list"):
            client.copy(**{argument: wrong})


@BOTH
@pytest.mark.parametrize("name", ["default_headers", "default_query"])
def test_copy_that_both_adds_and_replaces_is_refused(made: Any, name: str):
    with pytest.raises(OpenAIError, match=f"Pass {name}, to add some, or set_{name}"):
        made(api_key="sk-1").copy(**{name: {}, f"set_{name}": {}})


@BOTH
def test_copy_of_a_client_that_a_header_authenticates(made: Any):
    client = made(default_headers={"api-key": "other"})
    assert client.api_key == ""
    assert client.copy(max_retries=0).default_headers["api-key"] == "other"


@BOTH
def test_copy_of_a_setting_that_cannot_work_is_refused(made: Any):
    with pytest.raises(OpenAIError, match="base URL in base_url is empty"):
        made(api_key="sk-1").copy(base_url="")


async def test_copy_shares_the_connections(caller: Any, server: Any):
    server.play(server.json(), server.json())
    async with caller.client() as client:
        await caller.chat(client)
        copy = client.with_options(api_key="sk-2", default_headers={"x-a": "1"})
        await caller.chat(copy)
        assert [request.connection for request in server.requests] == [0, 0]
        assert server.requests[1].headers["authorization"] == "Bearer sk-2"
        await caller.do(copy.close)
        assert client.is_closed()


async def test_copy_with_a_client_of_its_own_is_closed_alone(caller: Any):
    kind = httpx.Client if caller.threads else httpx.AsyncClient
    async with caller.client() as client:
        copy = client.copy(http_client=kind())
        await caller.do(copy.close)
        assert copy.is_closed()
        assert not client.is_closed()


async def test_block_closes_the_client(caller: Any, server: Any):
    server.play(server.json())
    if caller.threads:
        with caller.make() as client:
            await caller.chat(client)
    else:
        async with caller.make() as client:
            await caller.chat(client)
    assert client.is_closed()
    assert server.gone.wait(60)


async def test_close_twice_and_use_after_close(caller: Any, server: Any):
    server.play(server.json())
    client = caller.make()
    await caller.chat(client)
    await caller.do(client.close)
    await caller.do(client.close)
    for stream in (False, True):
        with pytest.raises(OpenAIError, match=r"This client is closed. Make a new one"):
            await caller.chat(client, stream=stream)


async def test_close_of_a_client_that_was_not_used(caller: Any):
    client = caller.make()
    await caller.do(client.close)
    assert client.is_closed()


async def test_attempts_on_the_wire_share_a_connection(caller: Any, server: Any):
    busy = server.json(503, {}, retry_after_ms="0")
    server.play(busy, busy, server.json())
    assert (await caller.call(max_retries=2)).id == "chatcmpl-1"
    assert [request.connection for request in server.requests] == [0, 0, 0]
    assert len({request.body for request in server.requests}) == 1


async def test_redirect_on_the_wire(caller: Any, server: Any):
    server.play(server.answer(307, location="/v2/chat?x=1"), server.json())
    assert (await caller.call()).id == "chatcmpl-1"
    assert [request.target for request in server.requests] == [
        "/v1/chat/completions",
        "/v2/chat?x=1",
    ]
    assert server.requests[1].body == server.requests[0].body
    assert server.requests[1].headers["authorization"] == f"Bearer {caller.key}"


async def test_redirect_to_another_port_gets_nothing(caller: Any, server: Any):
    server.play(server.answer(308, location="http://localhost:9/v1"))
    with pytest.raises(OpenAIError, match="not followed"):
        await caller.call()
    assert len(server.requests) == 1


async def test_header_that_is_not_ascii_arrives(caller: Any, server: Any):
    server.play(server.json(), server.json())
    await caller.call(default_headers={"x-name": "Grüße"})
    kind = httpx.Client if caller.threads else httpx.AsyncClient
    await caller.call(default_headers={"x-name": "Grüße"}, http_client=kind())
    assert [request.headers["x-name"] for request in server.requests] == ["Grüße", "Grüße"]


async def test_options_of_a_call_arrive(caller: Any, server: Any):
    server.play(server.json())
    async with caller.client(default_query={"a": "1"}, default_headers={"x-a": "1"}) as client:
        await caller.chat(
            client,
            extra_headers={"X-A": "2"},
            extra_query={"b": [1, 2]},
            extra_body={"vendor": True},
            timeout=60,
        )
    (request,) = server.requests
    assert request.headers["x-a"] == "2"
    assert request.target == "/v1/chat/completions?a=1&b%5B%5D=1&b%5B%5D=2"
    assert request.json() == {"model": "gpt-test", "messages": [], "vendor": True}


def mocked(kind: Any, respond: Callable[[httpx.Request], httpx.Response], **options: Any) -> Any:
    return kind(transport=httpx.MockTransport(respond), **options)


async def test_client_of_the_user_s_is_used_with_its_hooks_and_closed(caller: Any):
    seen: list[httpx.Request] = []

    def hook(request: httpx.Request) -> None:
        seen.append(request)
        request.headers["x-hooked"] = "1"

    async def async_hook(request: httpx.Request) -> None:
        hook(request)

    def respond(request: httpx.Request) -> httpx.Response:
        assert request.headers["x-hooked"] == "1"
        return httpx.Response(200, json=ANSWER)

    kind = httpx.Client if caller.threads else httpx.AsyncClient
    hooks: Any = {"request": [hook if caller.threads else async_hook]}
    own = mocked(kind, respond, event_hooks=hooks, headers={"x-own": "1"})
    async with caller.client(http_client=own, base_url="https://h/v1") as client:
        assert (await caller.chat(client)).id == "c"
        assert (await caller.chat(client.with_options(max_retries=1))).id == "c"
    assert own.is_closed
    assert [str(request.url) for request in seen] == ["https://h/v1/chat/completions"] * 2
    assert seen[0].headers["x-own"] == "1"
    assert seen[0].headers["authorization"] == f"Bearer {caller.key}"
    assert seen[0].headers["user-agent"].startswith("openai-http/")


async def test_client_of_the_user_s_streams(caller: Any, server: Any):
    server.play(server.whole_stream())
    received: list[Any] = []
    kind = httpx.Client if caller.threads else httpx.AsyncClient
    await caller.stream(received, http_client=kind())
    assert len(received) == 2


async def test_failure_of_the_user_s_client_is_a_connection_error(caller: Any):
    def respond(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("unplugged", request=request)

    kind = httpx.Client if caller.threads else httpx.AsyncClient
    with pytest.raises(APIConnectionError, match=r"no TCP connection .*unplugged"):
        await caller.call(http_client=mocked(kind, respond))


async def test_user_s_client_that_was_closed_is_a_connection_error(caller: Any):
    own: Any = httpx.Client() if caller.threads else httpx.AsyncClient()
    await caller.do(own.close if caller.threads else own.aclose)
    with pytest.raises(APIConnectionError, match="has been closed"):
        await caller.call(http_client=own)


@pytest.mark.parametrize(
    ("own", "given", "used"),
    [
        ({}, {}, {"connect": 5, "read": 600, "write": 600, "pool": 600}),
        ({"timeout": 9}, {}, dict.fromkeys(["connect", "read", "write", "pool"], 9)),
        ({"timeout": None}, {}, dict.fromkeys(["connect", "read", "write", "pool"])),
        ({"timeout": 9}, {"timeout": 3}, dict.fromkeys(["connect", "read", "write", "pool"], 3)),
        ({"timeout": 9}, {"timeout": None}, dict.fromkeys(["connect", "read", "write", "pool"])),
    ],
)
async def test_timeout_of_the_user_s_client_holds_if_it_has_one(
    caller: Any, own: dict[str, Any], given: dict[str, Any], used: dict[str, Any]
):
    timeouts: list[Any] = []

    def respond(request: httpx.Request) -> httpx.Response:
        timeouts.append(request.extensions["timeout"])
        return httpx.Response(200, json=ANSWER)

    kind = httpx.Client if caller.threads else httpx.AsyncClient
    async with caller.client(http_client=mocked(kind, respond, **own), **given) as client:
        await caller.chat(client)
        await caller.chat(client.copy(max_retries=1))
        await caller.chat(client, timeout=1)
    assert timeouts == [used, used, dict.fromkeys(["connect", "read", "write", "pool"], 1)]


@pytest.mark.parametrize("wrong", [object(), "httpx", httpx.Client, {"send": 1}])
async def test_http_client_that_is_none_is_refused(caller: Any, wrong: Any):
    with pytest.raises(OpenAIError, match=r"http_client is (of|a class)"):
        caller.make(http_client=wrong)


async def test_http_client_of_the_other_kind_is_refused(caller: Any):
    wrong = httpx.AsyncClient() if caller.threads else httpx.Client()
    needed = "OpenAI needs an httpx.Client" if caller.threads else "AsyncOpenAI needs an httpx.Asy"
    with pytest.raises(OpenAIError, match=f"of the other kind: {needed}"):
        caller.make(http_client=wrong)
    if isinstance(wrong, httpx.Client):
        wrong.close()
    else:
        await wrong.aclose()


async def test_proxy_of_the_environment(caller: Any, server: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://user:pass@127.0.0.1:{server.port}")
    server.play(server.json())
    await caller.call(base_url="http://api.test/v1")
    (request,) = server.requests
    assert request.target == "http://api.test/v1/chat/completions"
    assert request.headers["proxy-authorization"].startswith("Basic ")


async def test_proxy_without_a_scheme_and_for_everything(
    caller: Any, server: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ALL_PROXY", f"127.0.0.1:{server.port}")
    server.play(server.json())
    await caller.call(base_url="http://api.test/v1")
    assert server.requests[0].target == "http://api.test/v1/chat/completions"


async def test_proxy_is_not_used_where_no_proxy_says_so(
    caller: Any, server: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "other.test,127.0.0.1")
    server.play(server.json())
    await caller.call()
    assert server.requests[0].target == "/v1/chat/completions"


async def test_proxy_that_refuses_to_tunnel(
    caller: Any, server: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.port}")
    server.play((server.answer(407), server.close))
    with pytest.raises(APIConnectionError, match=r"the proxy refused.*Check HTTPS_PROXY"):
        await caller.call(base_url="https://api.test/v1")
    assert (server.requests[0].method, server.requests[0].target) == ("CONNECT", "api.test:443")


async def test_proxy_that_needs_a_missing_package(caller: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTP_PROXY", "socks5://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "socksio", None)
    with pytest.raises(OpenAIError, match=r"needs a package that is missing: .*socksio"):
        await caller.call(base_url="http://api.test/v1")


def test_two_event_loops_one_after_another(server: Any):
    server.play(*[server.json()] * 4)
    client = AsyncOpenAI(api_key="sk-1", base_url=server.url, max_retries=0)

    async def twice() -> None:
        for _ in range(2):
            await client.chat.completions.create(model="m", messages=[])

    loops: list[weakref.ref[asyncio.AbstractEventLoop]] = []

    def run() -> None:
        with asyncio.Runner() as runner:
            loops.append(weakref.ref(runner.get_loop()))
            runner.run(twice())

    run()
    run()
    assert [request.connection for request in server.requests] == [0, 0, 1, 1]
    gc.collect()
    assert [loop() for loop in loops] == [None, None]


def test_event_loop_that_ends_closes_the_connections_of_a_client_that_nobody_closed(server: Any):
    async def once() -> None:
        client = AsyncOpenAI(api_key="sk-1", base_url=server.url, max_retries=0)
        await client.chat.completions.create(model="m", messages=[])

    for backend in ("asyncio", "trio"):
        server.gone.clear()
        server.play(server.json())
        anyio.run(once, backend=backend)
        assert server.gone.wait(60)


async def test_connections_of_a_client_that_nobody_has_any_more_are_closed(
    caller: Any, server: Any
):
    server.play(server.json(), server.json())
    await caller.chat(caller.make())
    async with caller.client() as other:
        await caller.chat(other)  # which closes what was abandoned in its event loop
        assert server.gone.wait(60)


async def test_stream_outlives_the_name_of_its_client(caller: Any, server: Any):
    gate = server.gate()
    first, *rest = server.whole_stream()
    server.play((first[:-20], gate, first[-20:], *rest), server.json())
    stream = await caller.chat(caller.make(), stream=True)
    async with caller.client() as other:
        await caller.chat(other)
    gate.open()
    received: list[Any] = []
    await caller.collect(stream, received)
    assert len(received) == 2


def test_row_33_several_threads_share_one_client(server: Any):
    count = 8
    server.play(*[server.json()] * count)
    results: list[str] = []
    barrier = threading.Barrier(count)
    with OpenAI(api_key="sk-1", base_url=server.url, max_retries=0) as client:

        def work() -> None:
            barrier.wait(60)
            results.append(client.chat.completions.create(model="m", messages=[]).id)

        threads = [threading.Thread(target=work) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert results == ["chatcmpl-1"] * count


FORKING = """
import os, sys, warnings
from openai_http import OpenAI
client = OpenAI(api_key="sk-1", base_url=sys.argv[1], max_retries=0)
def ask():
    assert client.chat.completions.create(model="m", messages=[]).id
ask()
child = os.fork()
ask()
if child:
    assert os.waitpid(child, 0)[1] == 0
    ask()
client.close()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_child_process_does_not_use_the_connection_of_its_parent(server: Any):
    server.play(*[server.json()] * 4)
    subprocess.run([sys.executable, "-W", "error", "-c", FORKING, server.url], check=True)
    connections = sorted(request.connection for request in server.requests)
    assert connections == [0, 0, 0, 1]


UNCLOSED = """
import asyncio, sys
from openai_http import AsyncOpenAI, OpenAI
def ask(client):
    return client.chat.completions.create(model="m", messages=[])
client = OpenAI(api_key="sk-1", base_url=sys.argv[1])
ask(client)
ask(OpenAI(api_key="sk-1", base_url=sys.argv[1]))
asynchronous = AsyncOpenAI(api_key="sk-1", base_url=sys.argv[1])
async def main():
    await ask(asynchronous)
    await ask(AsyncOpenAI(api_key="sk-1", base_url=sys.argv[1]))
asyncio.run(main())
"""


def test_clients_that_nobody_closes_leave_no_warning(server: Any):
    server.play(*[server.json()] * 4)
    command = [sys.executable, "-X", "dev", "-W", "always", "-c", UNCLOSED, server.url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    lines = done.stderr.splitlines()
    # Development mode tells of slow steps of the event loop.
    assert [line for line in lines if not line.startswith("Executing ")] == []


def test_not_given_as_the_timeout_is_the_default():
    assert OpenAI(api_key="sk-1", timeout=NOT_GIVEN).timeout == DEFAULT_TIMEOUT


async def test_row_35_client_with_another_key_shares_the_connections(caller: Any, server: Any):
    server.play(server.json(), server.json())
    async with caller.client(default_headers={"x-a": "1"}, organization="org") as client:
        await caller.chat(client)
        tenant = client.with_key("sk-tenant-1")
        await caller.chat(tenant)
        assert tenant._connections is client._connections
    assert [request.connection for request in server.requests] == [0, 0]
    headers = server.requests[1].headers
    assert (headers["authorization"], headers["x-a"]) == ("Bearer sk-tenant-1", "1")
    assert headers["openai-organization"] == "org"
    assert client.api_key == caller.key


@BOTH
def test_row_35_key_that_would_not_be_used_or_is_none_is_refused(made: Any):
    with pytest.raises(OpenAIError, match="contains a line break"):
        made(api_key="sk-1").with_key("sk-2\n")
    by_header = made(default_headers={"api-key": "mine"})
    with pytest.raises(OpenAIError, match="A header of default_headers authenticates"):
        by_header.with_key("sk-2")


@BOTH
def test_copy_of_a_derived_client_is_one_with_what_it_holds(made: Any):
    class Derived(made):
        def __init__(self, tenant: str) -> None:
            made.__init__(self, api_key="sk-1")
            self.tenant = tenant

    copy = Derived("t").with_options(timeout=3)
    assert (type(copy), copy.tenant, copy.timeout) == (Derived, "t", Timeout(3))
