"""What came in and what went out, kept for assertions and for the page.

`middleware` sees the traffic, `recording` takes it down, `journal` keeps the last of it within
bounds; `reading` makes the records of `exchange` out of it, which `requests` lists.
"""

from __future__ import annotations

from openai_mock.journal.exchange import (
    Close,
    Content,
    Ended,
    Event,
    Exchange,
    Frame,
    Request,
    Response,
)
from openai_mock.journal.journal import Journal
from openai_mock.journal.middleware import Journaling
from openai_mock.journal.problems import Problem
from openai_mock.journal.requests import Requests

__all__ = [
    "Close",
    "Content",
    "Ended",
    "Event",
    "Exchange",
    "Frame",
    "Journal",
    "Journaling",
    "Problem",
    "Request",
    "Requests",
    "Response",
]
