"""Which stream a call has: one that tells hooks, or that of `openai_stream` itself."""

import subprocess
import sys
from typing import Any

import pytest
from openai_http import AsyncStream, Stream
from openai_http.hooks.observed import AsyncObservedStream, ObservedStream


@pytest.mark.anyio
@pytest.mark.parametrize("hooks", [[], [print]])
async def test_call_without_hooks_has_the_stream_itself(caller: Any, server: Any, hooks: list[Any]):
    server.play(server.whole_stream(), server.whole_stream())
    wanted = {ObservedStream, AsyncObservedStream} if hooks else {Stream, AsyncStream}
    async with caller.client(hooks=hooks) as client:
        stream = await caller.chat(client, stream=True)
        raw = client.chat.completions.with_raw_response
        response = await caller.do(raw.create, model="m", messages=[], stream=True)
        for each in (stream, response.parse()):
            await caller.collect(each, [])
            assert type(each) in wanted


def test_call_without_hooks_loads_none_of_it(server: Any):
    server.play(server.json(), server.whole_stream())
    program = f"""
import sys
from openai_http import OpenAI
with OpenAI(api_key="k", base_url={server.url!r}) as client:
    client.chat.completions.create(model="m", messages=[])
    list(client.chat.completions.create(model="m", messages=[], stream=True))
names = {{"observation", "observed", "telling", "events", "usage"}}
print(names & {{name.removeprefix("openai_http.hooks.") for name in sys.modules}})
"""
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout == "set()\n"
