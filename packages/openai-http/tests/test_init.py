import subprocess
import sys

import openai_http


def test_all_is_importable_and_listed():
    for name in openai_http.__all__:
        assert getattr(openai_http, name) is not None
    assert set(openai_http.__all__) <= set(dir(openai_http))


def test_row_17_import_and_clients_load_neither_http_nor_types():
    program = """
import sys
import openai_http
from openai_http import NOT_GIVEN, AsyncOpenAI, OpenAI, OpenAIError, Timeout, omit
OpenAI(api_key="sk-test", timeout=3).with_options(max_retries=0)
AsyncOpenAI(api_key="sk-test", default_headers={"x-a": omit})
heavy = {"anyio", "asyncio", "email", "httpcore", "httpx", "json", "pydantic", "pydantic_core"}
loaded = {name for name in sys.modules if name in heavy}
loaded |= {name for name in sys.modules if name.startswith("openai_types.chat")}
loaded |= {name for name in sys.modules if name.startswith("openai_types.responses")}
assert not loaded, loaded
"""
    subprocess.run([sys.executable, "-c", program], check=True)
