"""Fuzz the decoders with atheris: it mutates streams, led by the code that an input reaches.

`uv run nox -s fuzz-decoders -- --help`. An input that fails a check is written to a file and its
name is printed; put it into `corpus/`, where the ordinary tests replay it.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SECONDS = 15
SEED = 1  # so that the same is tried each time, unless more is looked for
LONGEST = 4096  # bytes of an input: what breaks a decoder is short
SLOWEST = 10  # seconds that an input may take: more is not linear


def main() -> None:
    """Fuzz until the time is over or something fails; the exit code says which."""
    parser = argparse.ArgumentParser(prog="fuzz-decoders", description=__doc__)
    parser.add_argument("--seconds", type=int, help=f"default: {SECONDS}, or no limit")
    parser.add_argument("--iterations", type=int, default=-1, help="default: those of the time")
    parser.add_argument(
        "--seed", type=int, default=SEED, help="0: another one each time; default: %(default)s"
    )
    parser.add_argument(
        "--found", type=Path, required=True, help="folder for what fails or reaches new code"
    )
    options = parser.parse_args()
    if options.seconds is None:
        options.seconds = SECONDS if options.iterations < 0 else 0
    new = options.found / "reached"
    new.mkdir(parents=True, exist_ok=True)
    # Any: it is installed where the fuzzer runs only, so that type checkers cannot lean on it.
    atheris: Any = importlib.import_module("atheris")
    sys.path.insert(0, str(HERE.parent))
    with atheris.instrument_imports(include=["openai_stream"]):
        checks: Any = importlib.import_module("fuzz.checks")

    def check(data: bytes) -> None:
        for each in checks.CHECKS:
            each(data)

    limits = [
        f"-max_total_time={options.seconds}",
        f"-runs={options.iterations}",
        f"-seed={options.seed}",
        f"-max_len={LONGEST}",
        f"-timeout={SLOWEST}",
        f"-artifact_prefix={options.found}/",
    ]
    atheris.Setup([sys.argv[0], *limits, str(new), *map(str, checks.FOLDERS)], check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
