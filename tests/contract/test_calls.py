"""The clients against the mock server, which holds requests and answers to the description."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from openai_mock import MockServer
from openai_suite import (
    AsyncOpenAI,
    AuthenticationError,
    BadRequestError,
    NotFoundError,
    OpenAI,
    OpenAIError,
)

QUESTION = "Where does the sun rise, exactly?"


@pytest.fixture
def client(server: MockServer) -> Iterator[OpenAI]:
    """Refuses every answer that is not what the description says."""
    with OpenAI(
        api_key=server.api_key,
        base_url=server.base_url,
        max_retries=0,
        _strict_response_validation=True,
    ) as client:
        yield client


@pytest.fixture
async def async_client(server: MockServer) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(
        api_key=server.api_key,
        base_url=server.base_url,
        max_retries=0,
        _strict_response_validation=True,
    ) as client:
        yield client


def test_chat_completion(client: OpenAI):
    completion = client.chat.completions.create(
        model="gpt-5.5", messages=[{"role": "user", "content": QUESTION}], n=2
    )
    assert [choice.index for choice in completion.choices] == [0, 1]
    assert QUESTION in str(completion.choices[0].message.content)
    assert completion.usage
    assert completion.usage.total_tokens > completion.usage.prompt_tokens
    assert completion._request_id


def test_streamed_chat_completion_has_the_text_of_the_whole_one(client: OpenAI):
    whole = client.chat.completions.create(
        model="gpt-5.5", messages=[{"role": "user", "content": QUESTION}]
    )
    chunks = list(
        client.chat.completions.create(
            model="gpt-5.5",
            messages=[{"role": "user", "content": QUESTION}],
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    texts = [choice.delta.content or "" for chunk in chunks for choice in chunk.choices]
    assert "".join(texts) == whole.choices[0].message.content
    assert len([text for text in texts if text]) > 1
    assert chunks[-1].usage == whole.usage


def test_response(client: OpenAI):
    response = client.responses.create(model="gpt-5.5", input=QUESTION)
    assert response.status == "completed"
    assert QUESTION in response.output_text


def test_output_can_be_sent_back_as_it_is(client: OpenAI):
    first = client.responses.create(model="gpt-5.5", input=QUESTION)
    second = client.responses.create(
        model="gpt-5.5",
        input=[
            {"role": "user", "content": QUESTION},
            *first.output,  # type: ignore[list-item] # models are sent as the items they are
            {"role": "user", "content": "And where does it set?"},
        ],
    )
    assert "And where does it set?" in second.output_text


def test_streamed_response_has_the_text_of_the_whole_one(client: OpenAI):
    whole = client.responses.create(model="gpt-5.5", input=QUESTION)
    with client.responses.create(model="gpt-5.5", input=QUESTION, stream=True) as stream:
        events = list(stream)
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(deltas) == whole.output_text
    last = events[-1]
    assert last.type == "response.completed"
    assert last.response.output_text == whole.output_text
    numbers = [getattr(event, "sequence_number", None) for event in events]
    assert numbers == list(range(len(events)))


@pytest.mark.anyio
async def test_asynchronous_calls_give_what_synchronous_ones_give(
    client: OpenAI, async_client: AsyncOpenAI
):
    response = await async_client.responses.create(model="gpt-5.5", input=QUESTION)
    assert (
        response.output_text == client.responses.create(model="gpt-5.5", input=QUESTION).output_text
    )
    stream = await async_client.chat.completions.create(
        model="gpt-5.5", messages=[{"role": "user", "content": QUESTION}], stream=True
    )
    chunks = [chunk async for chunk in stream]
    whole = client.chat.completions.create(
        model="gpt-5.5", messages=[{"role": "user", "content": QUESTION}]
    )
    texts = [choice.delta.content or "" for chunk in chunks for choice in chunk.choices]
    assert "".join(texts) == whole.choices[0].message.content


def test_realtime_conversation(client: OpenAI):
    with client.realtime.connect(model="gpt-realtime") as connection:
        connection.session.update(session={"type": "realtime", "output_modalities": ["text"]})
        connection.conversation.item.create(
            item={
                "type": "message",
                "role": "user",
                "content": [{"type": "input_text", "text": QUESTION}],
            }
        )
        connection.response.create()
        text = ""
        for event in connection:
            if event.type == "response.output_text.delta":
                text += event.delta
            elif event.type == "response.done":
                assert event.response.status == "completed"
                break
    assert QUESTION in text


def test_wrong_key_is_refused_and_not_shown(server: MockServer):
    with (
        OpenAI(api_key="sk-wrong-but-secret", base_url=server.base_url) as client,
        pytest.raises(AuthenticationError, match="Check the API key") as caught,
    ):
        client.responses.create(model="gpt-5.5", input=QUESTION)
    assert caught.value.code == "invalid_api_key"
    assert "sk-wrong-but-secret" not in f"{caught.value!r} {caught.value.body}"


def test_unknown_model_is_refused_by_name(client: OpenAI):
    with pytest.raises(NotFoundError, match="no-such-model") as caught:
        client.responses.create(model="no-such-model", input=QUESTION)
    assert caught.value.code == "model_not_found"
    assert caught.value.request_id


@pytest.mark.parametrize("streamed", [False, True])
def test_parameter_of_the_wrong_type_is_named(client: OpenAI, streamed: bool):
    with pytest.raises(BadRequestError) as caught:
        client.responses.create(
            model="gpt-5.5", input=QUESTION, stream=streamed, extra_body={"temperature": "hot"}
        )
    assert caught.value.param == "temperature"


def test_parameter_that_only_the_server_refuses_is_named(client: OpenAI):
    with pytest.raises(BadRequestError) as caught:
        client.responses.create(model="gpt-5.5", input=QUESTION, extra_body={"temprature": 1})
    assert caught.value.param == "temprature"


def test_route_that_is_not_there_is_told(server: MockServer):
    with (
        OpenAI(api_key=server.api_key, base_url=f"{server.url}/nowhere") as client,
        pytest.raises(OpenAIError, match="base_url is right"),
    ):
        client.responses.create(model="gpt-5.5", input=QUESTION)
