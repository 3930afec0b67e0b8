"""An answer of a type of your own, whose parts are there, typed, before the whole is."""

from openai_suite import OpenAI, StructuredOutput, StructuredOutputError, response_format_of
from pydantic import BaseModel


class Stop(BaseModel):
    city: str
    nights: int


class Journey(BaseModel):
    name: str
    stops: list[Stop]


with OpenAI() as client:
    stream = client.chat.completions.create(
        model="gpt-5.5",
        messages=[{"role": "user", "content": "Plan a journey through Italy."}],
        response_format=response_format_of(Journey),
        stream=True,
    )
    answer = StructuredOutput(Journey)
    for chunk in stream:
        for choice in chunk.choices:
            answer.feed(choice.delta.content or "")
        for part in answer.completed():
            print(part.path, part.value)  # ('stops', 0) city='Rome' nights=3
    try:
        print(answer.final())
    except StructuredOutputError as error:
        print(f"not a journey: {error}")
