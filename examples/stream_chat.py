"""A chat, token by token, and what a cut stream leaves you with."""

from openai_suite import OpenAI, StreamTruncatedError

with OpenAI() as client:
    stream = client.chat.completions.create(
        model="gpt-5.5",
        messages=[{"role": "user", "content": "Name the days of the week."}],
        stream=True,
    )
    try:
        for chunk in stream:
            for choice in chunk.choices:
                print(choice.delta.content or "", end="", flush=True)
    except StreamTruncatedError as error:
        print(f"\ncut after {len(error.events)} chunks: {error}")
print()
