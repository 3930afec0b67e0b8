"""Every check of the workspace: `uv run nox` runs them all, `uv run nox -l` lists them.

Each session lets uv make its environment below `.nox/` from `uv.lock`. When nox ends, a table says
what ran, what did not and why. The table's reading of test reports is in `nox_report.py`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nox

sys.path.insert(0, str(Path(__file__).parent))

from nox_report import NotRun, counted, reported

ROOT = Path(__file__).parent
WORK = ROOT / ".nox"
WHEELS = WORK / "wheels"
PACKAGES = sorted(path.parent for path in (ROOT / "packages").glob("*/pyproject.toml"))
# The cache may have others of the same version, which does not change with every build.
OWN_WHEELS = (
    *("--find-links", str(WHEELS)),
    *(f"--refresh-package={package.name}" for package in PACKAGES),
)
FIXTURES = sorted(path.parent for path in (ROOT / "fixtures").glob("*/pyproject.toml"))
# The supported Pythons are the classifiers of pyproject.toml and written nowhere else.
PYTHONS = nox.project.python_versions(nox.project.load_toml(ROOT / "pyproject.toml"))

# Processes that are killed again and again take their time, and have a session of their own.
CRASHES = "packages/openai-webhooks/tests/inbox/crash"

# What the tests of every operation prove, those of what the mock server has inside, and those of
# the examples does not depend on the Python; they take most of the time, and so are run on one.
_INSIDE_THE_MOCK = ("content", "handlers", "journal", "page", "personalities", "recorder")
WITHOUT_DEPTH = (
    *("-m", "not peer", "--ignore=tests/contract", "--ignore=tests/fuzz", f"--ignore={CRASHES}"),
    *("--ignore=tests/test_readme.py", "--ignore=packages/openai-http/tests/faults"),
    *(f"--ignore=packages/openai-mock/tests/{name}" for name in _INSIDE_THE_MOCK),
)
# What fails on a Python between the oldest and the newest fails on one of these two, as a rule.
IN_BETWEEN = (
    *WITHOUT_DEPTH,
    *("--ignore=packages/openai-types/tests/properties",),
    *(f"--ignore=packages/openai-http/tests/{name}" for name in ("properties", "transports")),
)

# `uv run` says where it is itself, which need not be on PATH.
UV = os.environ.get("UV", "uv")

nox.options.sessions = [
    *("lint", "types", "tests", "lowest", "fuzz", "fuzz-decoders", "crash"),
    *("packages", "fixtures"),
]
nox.options.default_venv_backend = "none"
nox.options.error_on_external_run = False

# Interpreters that pyenv installed are often not on PATH, or only as shims that refuse to run.
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
SEARCH_PATH = os.pathsep.join(
    [os.environ.get("PATH", ""), *(str(path) for path in sorted(PYENV.glob("*/bin")))]
)


def interpreter(version: str) -> str:
    """The path of an installed Python of this version; `NotRun` if there is none."""
    command = [UV, "python", "find", "--no-project", "--no-python-downloads", version]
    found = subprocess.run(
        command,
        env={**os.environ, "PATH": SEARCH_PATH},
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        reason = f"Python {version} is not installed"
        raise NotRun(reason)
    return found.stdout.strip()


def in_workspace(session: nox.Session, *command: str, groups: tuple[str, ...], python: str) -> None:
    """Run a command in an environment of the locked workspace with just these dependency groups."""
    environment = WORK / session.name.translate(str.maketrans("(", "-", ")"))
    chosen = [argument for group in groups for argument in ("--group", group)]
    session.run(
        *(UV, "run", "--locked", "--all-packages", "--no-default-groups", *chosen),
        *("--python", python, *command),
        env={"UV_PROJECT_ENVIRONMENT": str(environment), "VIRTUAL_ENV": ""},
    )


def fresh_environment(session: nox.Session, name: str, python: str = sys.executable) -> Path:
    """Make an empty virtual environment and return its interpreter."""
    folder = WORK / name
    session.run(UV, "venv", "--quiet", "--clear", "--no-project", "--python", python, str(folder))
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


@nox.session
@reported
def lint(session: nox.Session) -> None:
    """Format, rules, the arrows between packages, declared dependencies, generated code."""

    def run(*command: str) -> None:
        in_workspace(session, *command, groups=("lint", "codegen"), python=sys.executable)

    run("ruff", "format", "--check", ".")
    run("ruff", "check", ".")
    run("lint-imports")
    for package in PACKAGES:
        with session.chdir(package):
            run("deptry", "src")
    run("python", "-m", "codegen", "check")
    run("python", "-m", "codegen", "generate", "--check")


@nox.session
@reported
def types(session: nox.Session) -> None:
    """Pyright strict over hand-written code; mypy and pyright over calls that users make."""

    def run(*command: str) -> None:
        groups = ("types", "test", "peer", "codegen", "nox", "browser", "fuzz")
        in_workspace(session, *command, groups=groups, python=sys.executable)

    run("pyright")
    run("pyright", "--verifytypes", "openai_types", "--ignoreexternal")
    run("mypy", "tests/typing")


@nox.session
@nox.parametrize("version", [nox.param(version, id=version) for version in PYTHONS])
@reported
def tests(session: nox.Session, version: str) -> None:
    """Unit, property, contract and peer tests on the first Python; on the others the first two."""
    everything = ("--ignore=tests/fuzz", f"--ignore={CRASHES}")
    of_ends = {PYTHONS[0]: everything, PYTHONS[-1]: WITHOUT_DEPTH}
    chosen = of_ends.get(version, IN_BETWEEN)
    with counted(f"tests-{version}", WORK) as report:
        in_workspace(
            session,
            *("pytest", *report, "--numprocesses=auto", *chosen, *session.posargs),
            groups=("test", "peer", "codegen", "browser"),
            python=interpreter(version),
        )


@nox.session
@reported
def coverage(session: nox.Session) -> None:
    """Branch coverage of hand-written code by all tests; takes twice their time, so on demand."""
    with counted("coverage", WORK) as report:
        in_workspace(
            session,
            *("pytest", *report, "--numprocesses=auto"),
            *("--cov", "--cov-report=term", *session.posargs),
            groups=("test", "peer", "codegen", "browser"),
            python=sys.executable,
        )


@nox.session
@reported
def lowest(session: nox.Session) -> None:
    """Unit and property tests on the lowest versions that the packages say they work with."""
    python = fresh_environment(session, "lowest", interpreter(PYTHONS[0]))
    editables = [argument for package in PACKAGES for argument in ("-e", str(package))]
    session.run(
        *(UV, "pip", "install", "--quiet", "--python", str(python)),
        *("--resolution", "lowest-direct", *editables, "--group", "test", "--group", "codegen"),
    )
    with counted("lowest", WORK) as report:
        session.run(
            *(str(python), "-m", "pytest", *report, "--numprocesses=auto"),
            *(*WITHOUT_DEPTH, *session.posargs),
        )


@nox.session
@reported
def fuzz(session: nox.Session) -> None:
    """The mock server's description of itself is valid, and nothing made from it breaks it."""
    with counted("fuzz", WORK) as report:
        in_workspace(
            session,
            *("pytest", *report, "--numprocesses=auto", "tests/fuzz", *session.posargs),
            groups=("test", "fuzz"),
            python=sys.executable,
        )


@nox.session(name="fuzz-decoders")
@reported
def fuzz_decoders(session: nox.Session) -> None:
    """Mutated streams break no decoder: SSE, JSON lines, typed events, partial JSON; `--help`."""
    if sys.platform != "linux":
        reason = "atheris, the fuzzer, has wheels for Linux only"
        raise NotRun(reason)
    in_workspace(
        session,
        *("python", "packages/openai-stream/tests/fuzz/fuzz_decoders.py"),
        *("--found", str(WORK / "fuzzed"), *session.posargs),
        groups=("test", "fuzz-decoders"),
        python=sys.executable,
    )


@nox.session
@reported
def crash(session: nox.Session) -> None:
    """Webhook receivers that are killed at any moment lose nothing and finish nothing twice."""
    with counted("crash", WORK) as report:
        in_workspace(
            session,
            *("pytest", *report, CRASHES, *session.posargs),
            groups=("test",),
            python=sys.executable,
        )


_built: list[Path] = []  # by this run of nox; wheels of an earlier one may be of other code


def build(session: nox.Session) -> list[Path]:
    """Build every wheel and sdist as a release would, without workspace sources, once a run."""
    if not _built:
        shutil.rmtree(WHEELS, ignore_errors=True)
        session.run(
            *(UV, "build", "--quiet", "--all-packages", "--no-sources", "--out-dir", str(WHEELS))
        )
        _built.extend(path for path in WHEELS.iterdir() if path.suffix in {".whl", ".gz"})
    return sorted(_built)


@nox.session
@reported
def packages(session: nox.Session) -> None:
    """Build, check contents and metadata, install each wheel alone and import it."""
    built = [str(path) for path in build(session)]
    wheels = [path for path in built if path.endswith(".whl")]
    for tool in (("twine", "check", "--strict", *built), ("check-wheel-contents", *wheels)):
        in_workspace(session, *tool, groups=("package",), python=sys.executable)
    session.run(sys.executable, "tests/packaging/check_sdists.py", str(WHEELS))
    for package in PACKAGES:
        requirement = pinned(package)
        python = fresh_environment(session, f"alone-{package.name}")
        session.run(
            *(UV, "pip", "install", "--quiet", "--no-sources", "--python", str(python)),
            *(*OWN_WHEELS, requirement),
        )
        session.run(str(python), "tests/packaging/import_alone.py", package.name)
    refuse_foreign_siblings(session)


def refuse_foreign_siblings(session: nox.Session) -> None:
    """Show that a wheel whose siblings are not at hand does not install at all."""
    python = fresh_environment(session, "foreign-siblings")
    wheel = next(path for path in WHEELS.glob("openai_http-*.whl"))
    session.run(
        *(UV, "pip", "install", "--no-sources", "--python", str(python), str(wheel)),
        success_codes=[1],
        silent=True,
    )


def pinned(package: Path) -> str:
    """The requirement that only this workspace's own build of the package satisfies."""
    module = package.name.replace("-", "_")
    scope: dict[str, str] = {}
    exec((package / "src" / module / "version.py").read_text(), scope)  # noqa: S102 - our own file
    return f"{package.name}=={scope['__version__']}"


@nox.session
@reported
def fixtures(session: nox.Session) -> None:
    """Each consumer project, installed from built wheels in a clean environment, tested there."""
    build(session)
    for project in FIXTURES:
        python = fresh_environment(session, f"fixture-{project.name}")
        session.run(
            *(UV, "pip", "install", "--quiet", "--no-sources", "--python", str(python)),
            *(*OWN_WHEELS, "-r", str(project / "pyproject.toml")),
            *("--group", f"{project / 'pyproject.toml'}:test"),
        )
        with counted(f"fixture {project.name}", WORK) as report, session.chdir(project):
            session.run(str(python), "-m", "pytest", *report, *session.posargs)
