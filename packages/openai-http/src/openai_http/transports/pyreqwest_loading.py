"""Loads pyreqwest in a thread that stays.

What allocates memory in it takes the thread that loads it for the main one. Once that has ended,
calls of other threads crash the process (pyreqwest 0.15).
"""

from __future__ import annotations

import sys
import threading
from contextlib import suppress
from importlib import import_module


def load() -> None:
    """Load pyreqwest, so that the thread that calls this may end."""
    if "pyreqwest" in sys.modules or threading.current_thread() is threading.main_thread():
        return  # it is imported by whoever uses it
    loaded = threading.Event()
    threading.Thread(target=_load_and_stay, args=(loaded,), name="pyreqwest", daemon=True).start()
    loaded.wait()


def _load_and_stay(loaded: threading.Event) -> None:
    with suppress(ImportError):  # which its import raises again
        import_module("pyreqwest.client")
    loaded.set()
    threading.Event().wait()
