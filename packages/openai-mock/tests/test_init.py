import subprocess
import sys

import openai_mock


def test_all_is_importable_and_listed():
    for name in openai_mock.__all__:
        assert getattr(openai_mock, name) is not None
    assert set(openai_mock.__all__) <= set(dir(openai_mock))


def test_import_loads_no_server():
    code = "import sys, openai_mock, openai_mock.cli; print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for heavy in ("fastapi", "uvicorn", "pydantic", "websockets", "asyncio"):
        assert f"'{heavy}'" not in done.stdout


def test_importing_the_server_loads_no_framework_before_one_runs():
    code = "import sys, openai_mock.server; print({'fastapi', 'pydantic'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
