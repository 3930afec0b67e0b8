"""The fault box: what can go wrong with an answer on its way to the client.

Each function here makes a `Fault`, which is data; several are applied in their order. Faults are
given to a script (`.fault(cut(after_bytes=100))`), to a server (`serve(fault=...)`), to the command
line (`--fault cut:100`) or asked for by a request (`x-mock-fault: cut:100`).
"""

from __future__ import annotations

from openai_mock.faults.contents import (
    content_type,
    empty,
    error,
    error_in_200,
    html,
    missing,
    no_index,
    null,
    retry_after,
    wrong_enum,
)
from openai_mock.faults.events import duplicate, error_event, no_done, no_end, reorder
from openai_mock.faults.fault import Fault
from openai_mock.faults.framing import (
    blank_lines,
    bom,
    comments,
    crlf,
    gzip_cut,
    half_character,
    malformed,
    no_final_blank_line,
)
from openai_mock.faults.sockets import close_socket
from openai_mock.faults.timing import cut, delay, drip, linger, reset, stall

__all__ = [
    "Fault",
    "blank_lines",
    "bom",
    "close_socket",
    "comments",
    "content_type",
    "crlf",
    "cut",
    "delay",
    "drip",
    "duplicate",
    "empty",
    "error",
    "error_event",
    "error_in_200",
    "gzip_cut",
    "half_character",
    "html",
    "linger",
    "malformed",
    "missing",
    "no_done",
    "no_end",
    "no_final_blank_line",
    "no_index",
    "null",
    "reorder",
    "reset",
    "retry_after",
    "stall",
    "wrong_enum",
]
