import logging
import socket
from typing import Any

import pytest
from openai_realtime import RealtimeConnectionError

pytestmark = pytest.mark.anyio


async def test_refused_handshake_has_status_body_and_remedy(server: Any, colour: Any):
    body = '{"error":{"message":"Incorrect API key provided.","code":"invalid_api_key"}}'
    with pytest.raises(RealtimeConnectionError, match=r"Incorrect API.*Check the API") as caught:
        async with colour.open(server.refuse(401, body)):
            pass
    assert caught.value.status_code == 401
    assert caught.value.body == body.encode()
    assert caught.value.__cause__ is not None


async def test_refused_handshake_that_repeats_the_key_does_not_pass_it_on(server: Any, colour: Any):
    with pytest.raises(RealtimeConnectionError) as caught:
        async with colour.open(server.refuse(401, "wrong: sk-test")):
            pass
    assert caught.value.body == b"wrong: [removed]"
    assert "sk-test" not in str(caught.value)


@pytest.mark.parametrize("status", [301, 307])
async def test_redirect_is_not_followed_with_the_credentials(server: Any, colour: Any, status: int):
    target = server.play().replace("http", "ws")
    url = server.refuse(status, "", Location=f"{target}/realtime")
    with pytest.raises(RealtimeConnectionError, match=f"redirects to {target}/realtime") as caught:
        async with colour.open(url):
            pass
    assert caught.value.status_code == status
    assert len(server.requests) == 1


async def test_refused_connection_names_the_place(colour: Any):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(RealtimeConnectionError, match=f":{port}/v1/realtime.*start the server"):
            async with colour.open(f"http://127.0.0.1:{port}/v1"):
                pass


async def test_server_that_never_answers_ends_at_the_timeout(colour: Any):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with pytest.raises(RealtimeConnectionError, match="raise open_timeout"):
            async with colour.open(url, websocket_connection_options={"open_timeout": 0.01}):
                pass


async def test_log_at_debug_level_has_the_handshake_but_no_credentials(
    server: Any, colour: Any, caplog: pytest.LogCaptureFixture
):
    url = server.play()
    with caplog.at_level(logging.DEBUG, logger="openai_realtime.websocket"):
        async with colour.open(url, extra_headers={"Cookie": "crumbs"}):
            pass
    ours = [r.getMessage() for r in caplog.records if r.name == "openai_realtime.websocket"]
    assert "> authorization: [removed]" in ours
    assert "> cookie: [removed]" in ours
    assert not [line for line in ours if "sk-test" in line or "crumbs" in line]
