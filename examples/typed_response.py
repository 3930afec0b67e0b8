"""A response and its typed fields."""

from openai_suite import OpenAI

with OpenAI() as client:
    response = client.responses.create(model="gpt-5.5", input="What is a uv workspace?")

print(response.output_text)
if response.usage:
    print(f"{response.usage.input_tokens} tokens in, {response.usage.output_tokens} out")
