import anyio
import httpx
import pytest
from openai_mock import create_app

BODY = {"model": "gpt-5.5", "input": "Hi"}


def ask(fault: str) -> httpx.Response:
    transport = httpx.ASGITransport(create_app())

    async def asked() -> httpx.Response:
        headers = {"authorization": "Bearer sk-openai-mock", "x-mock-fault": fault}
        async with httpx.AsyncClient(transport=transport, headers=headers) as inside:
            return await inside.post("http://mock/v1/responses", json=BODY)

    return anyio.run(asked)


def test_application_without_a_server_breaks_off_by_an_error():
    with pytest.raises(ConnectionResetError, match=r"by a fault: cut\(after_bytes=10\)"):
        ask("cut:10")


def test_application_without_a_server_has_the_other_faults():
    assert ask("html").status_code == 502
    assert ask("delay:0.001+drip:50").json()["object"] == "response"
