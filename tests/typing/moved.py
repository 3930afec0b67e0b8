"""Programs as written for the official package, but for the import; never run.

mypy and pyright must accept them as they do there.
"""

from typing import assert_type

import openai_suite as openai
from openai_suite import NOT_GIVEN, NotGiven, Omit, OpenAI, omit
from openai_suite.resources.chat import AsyncCompletions, Completions
from openai_suite.types.beta.threads import Text
from openai_suite.types.chat import ChatCompletionChoice
from openai_suite.types.chat.chat_completion import ChatCompletion, Choice
from openai_suite.types.chat.chat_completion_message_tool_call import Function
from openai_suite.types.chat.completion_create_params import CompletionCreateParamsNonStreaming
from openai_suite.types.chat_model import ChatModel
from openai_suite.types.responses import ResponseOutputMessage


def ask(client: OpenAI, seed: int | Omit = omit, top_p: float | NotGiven = NOT_GIVEN) -> str:
    completion = client.chat.completions.create(
        model="gpt-5.5",
        messages=[{"role": "user", "content": "Hello?"}],
        seed=seed,
        top_p=top_p,
    )
    return completion.choices[0].message.content or ""


def choose(client: OpenAI, model: ChatModel) -> Choice:
    params: CompletionCreateParamsNonStreaming = {"model": model, "messages": []}
    completion = client.chat.completions.create(**params)
    assert_type(completion, ChatCompletion)
    assert_type(completion.choices, list[ChatCompletionChoice])
    return completion.choices[0]


async def count(sync: Completions, other: AsyncCompletions, model: ChatModel) -> int:
    completions = [
        sync.create(model=model, messages=[]),
        await other.create(model=model, messages=[]),
    ]
    return sum(each.usage.total_tokens for each in completions if each.usage)


def call(name: str) -> Function:
    return Function(name=name, arguments="{}")


def said(message: ResponseOutputMessage) -> list[str]:
    return [part.text if part.type == "output_text" else part.refusal for part in message.content]


def marks(text: Text) -> list[str]:
    return [annotation.text for annotation in text.annotations]


def ids(client: OpenAI) -> list[str | None]:
    return [item.id for item in client.responses.input_items.list("resp_1")]


def by_module(completion: openai.types.chat.ChatCompletion) -> openai.types.Model:
    return openai.models.retrieve(completion.model)


def pages(client: OpenAI) -> openai.pagination.SyncCursorPage[openai.types.FileObject]:
    return client.files.list()
