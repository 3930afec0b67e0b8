import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

README = Path(__file__).parent.parent / "README.md"
MESSAGE = {"type": "message", "content": [{"type": "output_text", "text": "Hello."}]}
EVENTS = (
    b'data: {"type": "response.output_text.delta", "delta": "1 2 3"}\n\n'
    b'data: {"type": "response.completed", "response": {}}\n\n'
)


def test_snippet_of_the_readme_runs(server: Any):
    found = re.search(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert found
    server.play(server.json(200, {"output": [MESSAGE]}), (server.events(EVENTS), server.close))
    environment = {**os.environ, "OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": server.url}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", found[1]],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("Hello.\n1 2 3", "")
