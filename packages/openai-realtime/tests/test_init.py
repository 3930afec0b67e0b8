import subprocess
import sys

import openai_realtime


def test_all_is_importable_and_listed():
    for name in openai_realtime.__all__:
        assert getattr(openai_realtime, name) is not None
    assert set(openai_realtime.__all__) <= set(dir(openai_realtime))


def test_import_and_preparation_load_neither_websockets_nor_models():
    program = """
import sys
import openai_realtime
manager = openai_realtime.connect(model="gpt-realtime", api_key="sk-test")
loaded = {"websockets", "pydantic", "pydantic_core", "openai_types.realtime"} & set(sys.modules)
assert not loaded, loaded
"""
    subprocess.run([sys.executable, "-c", program], check=True)
