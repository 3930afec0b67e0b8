"""The events of a response, asynchronously."""

import asyncio

from openai_suite import AsyncOpenAI


async def main() -> None:
    async with AsyncOpenAI() as client:
        stream = await client.responses.create(
            model="gpt-5.5", input="Write one line about rivers.", stream=True
        )
        async for event in stream:
            if event.type == "response.output_text.delta":
                print(event.delta, end="", flush=True)
            elif event.type == "response.completed" and event.response.usage:
                print(f"\n{event.response.usage.total_tokens} tokens")


asyncio.run(main())
