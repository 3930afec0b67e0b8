"""What the commands read and say alike.

Decides that a secret is never an argument: those of a process are there for all to see, and in
the history of the shell.
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

STANDARD_INPUT = "-"


def say(text: str) -> None:
    """Print a line of the result."""
    print(text, flush=True)  # noqa: T201 - the command line speaks


def complain(text: str) -> None:
    """Print a line for people."""
    print(f"openai-webhooks: {text}", file=sys.stderr, flush=True)  # noqa: T201 - as above


def add_secret(parser: argparse.ArgumentParser) -> None:
    """Let the secret be in a file."""
    parser.add_argument(
        "--secret-file",
        action="append",
        metavar="FILE",
        help="a file with the signing secret; can be given several times, while a secret is being "
        "rotated; default: the variable OPENAI_WEBHOOK_SECRET",
    )


def secrets(options: argparse.Namespace) -> list[str] | None:
    """The secrets of the files; None for that of the environment.

    Raises:
        ValueError: A file cannot be read, or is no text. Its name is not told: it may be the
            secret itself, given by mistake.
    """
    files: list[str] | None = options.secret_file
    try:
        return files and [Path(each).read_text("utf-8").strip() for each in files]
    except OSError as error:
        raise ValueError(
            f"a file of --secret-file cannot be read: {error.strerror}; give the names of files "
            "that have nothing in them but a secret"
        ) from None


def add_body(parser: argparse.ArgumentParser) -> None:
    """Let the body be in a file or in the standard input."""
    parser.add_argument(
        "body", metavar="BODY", help="the file with the body, byte for byte; - for standard input"
    )


def read_body(name: str) -> bytes:
    """The body.

    Raises:
        OSError: The file cannot be read.
    """
    return sys.stdin.buffer.read() if name == STANDARD_INPUT else Path(name).read_bytes()


def whole_number(text: str) -> int:
    """An argument that counts something.

    Raises:
        ArgumentTypeError: It is not zero or more.
    """
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of zero or more")
    return int(text)


def seconds(text: str) -> float:
    """An argument that is a time to wait.

    Raises:
        ArgumentTypeError: It is not zero or more seconds.
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds of zero or more")
    return value
