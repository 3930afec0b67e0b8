"""The contents are all there, and loading them loads no driver."""

import subprocess
import sys

from openai_webhooks import inbox

LOADED = """
import sys
from openai_webhooks import inbox
assert "sqlite3" not in sys.modules
inbox.Inbox("sqlite:///never-opened.db")
assert not {"redis", "psycopg", "uvicorn", "httpx"} & set(sys.modules)
"""


def test_every_name_of_the_contents_is_there():
    names = [name for name in dir(inbox) if not name.startswith("_")]
    assert {"Inbox", "State", "open_store"} <= set(names)
    assert all(hasattr(inbox, name) for name in names)


def test_inbox_in_sqlite_loads_no_driver_of_another_store():
    subprocess.run([sys.executable, "-c", LOADED], check=True)
