"""What a program pays before its first answer: time and memory of whole processes.

Both packages are installed into clean environments of their own, made once below `.nox/`, because
an environment for development has libraries that the HTTP library imports when it finds them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.__main__ import canned_server

ROOT = Path(__file__).parent.parent
WORK = ROOT / ".nox" / "weight"
UV = os.environ.get("UV", "uv")
OURS, OFFICIAL = "openai_suite", "openai"

# On Linux, ru_maxrss would be at least that of the process that starts this one; elsewhere there is
# nothing else, in kilobytes, but in bytes on macOS. Nothing is imported that would weigh.
MEMORY = """
import sys
try:
    with open("/proc/self/status") as status:
        most = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) * 2**10
except OSError:
    import resource
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    most *= 1 if sys.platform == "darwin" else 2**10
print(most / 2**20)
"""
PROGRAMS = {
    "an empty program": "pass",
    "one empty pydantic model, not built": (
        "import pydantic\nclass Empty(pydantic.BaseModel): model_config = {{'defer_build': True}}"
    ),
    "import and make a client": "from {package} import OpenAI; OpenAI(api_key='sk-none')",
    "import the type Response": "from {package}.types.responses import Response",
    "import, client and first typed call": (
        "from {package} import OpenAI; "
        "OpenAI(api_key='sk-none', base_url='{url}').chat.completions.create("
        "model='gpt-5.5', messages=[{{'role': 'user', 'content': 'Hello?'}}])"
    ),
}


@dataclass(frozen=True)
class Weight:
    """Medians of one side: seconds and megabytes."""

    seconds: float
    megabytes: float


def environment(package: str) -> Path:
    """The interpreter of a clean environment with one package, the official one or one of ours."""
    folder = WORK / package
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        wheels = WORK / "wheels"
        requirement = ["openai==3.54.0"]
        if package != OFFICIAL:
            shutil.rmtree(wheels, ignore_errors=True)
            _uv("build", "--all-packages", "--no-sources", "--out-dir", str(wheels))
            wheel = next(wheels.glob(f"{package}-*.whl"))
            requirement = ["--find-links", str(wheels), str(wheel)]
        _uv("venv", "--no-project", "--python", sys.executable, str(folder))
        _uv("pip", "install", "--no-sources", "--python", str(python), *requirement)
    return python


def _uv(*arguments: str) -> None:
    subprocess.run([UV, "--quiet", *arguments], cwd=ROOT, check=True)


def weigh(python: Path, code: str, runs: int) -> Weight:
    """Run a program several times, once before that to have the byte code cached."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    seconds: list[float] = []
    megabytes: list[float] = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        command = [str(python), "-c", f"{code}\n{MEMORY}"]
        done = subprocess.run(command, env=plain, check=True, capture_output=True, text=True)
        seconds.append(time.perf_counter() - started)
        megabytes.append(float(done.stdout))
    return Weight(statistics.median(seconds[1:]), statistics.median(megabytes[1:]))


def main() -> None:
    """Print the medians and their ratios, a program a line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.weight", description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="of each (default: %(default)s)")
    parser.add_argument("--anew", action="store_true", help="make the environments anew")
    options = parser.parse_args()
    if options.anew:
        shutil.rmtree(WORK, ignore_errors=True)
    sides = {package: environment(package) for package in (OFFICIAL, OURS)}
    print(f"{'median ms and MB of a process':<38} {'official':>14} {'ours':>14} {'ratios':>12}")
    with canned_server() as url:
        for name, code in PROGRAMS.items():
            theirs, ours = (
                weigh(python, code.format(package=package, url=url), options.runs)
                for package, python in sides.items()
            )
            time_ratio = ours.seconds / theirs.seconds
            memory_ratio = ours.megabytes / theirs.megabytes
            print(
                f"{name:<38} {theirs.seconds * 1e3:>7.0f} {theirs.megabytes:>6.1f}"
                f" {ours.seconds * 1e3:>7.0f} {ours.megabytes:>6.1f}"
                f" {time_ratio:>6.2f} {memory_ratio:>5.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
