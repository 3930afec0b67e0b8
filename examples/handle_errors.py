"""Which errors to expect, and what they carry."""

from openai_suite import APIConnectionError, APIStatusError, NotFoundError, OpenAI

with OpenAI(max_retries=0) as client:
    try:
        client.responses.create(model="no-such-model", input="Hello?")
    except NotFoundError as error:
        print(f"{error.status_code}, code {error.code}, request {error.request_id}: {error}")
    except APIStatusError as error:
        print(f"the server refused: {error}")
    except APIConnectionError as error:
        print(f"no server: {error}")

with OpenAI(base_url="http://127.0.0.1:9/v1", max_retries=0) as nobody_there:
    try:
        nobody_there.responses.create(model="gpt-5.5", input="Hello?")
    except APIConnectionError as error:
        print(error)
