"""The pytest plugin: a mock server for each test, clients of it, and a switch for the network.

Decides what a test gets by its fixtures and by the marker `openai_mock`. It is loaded with pytest
wherever this package is installed, so that it imports nothing before it is used.
"""

from __future__ import annotations

from contextlib import ExitStack
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from openai_mock.server import MockServer

NAME = "openai_mock"
_SWITCH = "openai_forbid_network"
_OPTIONS = {"strict", "personality", "fault"}  # of `serve`
_LIBRARIES = ("openai_http", "openai")  # the first that is installed
_MARKER = (
    "openai_mock(*scripts, replies=None, strict=False, personality=None, fault=None): what the "
    "fixture openai_mock does. Each of scripts is called with the server; replies are answers by "
    "operation."
)
_failed = pytest.StashKey[bool]()
_stack = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch for the network."""
    says = "forbid connections and datagrams to other machines"
    group = parser.getgroup("openai-mock")
    group.addoption("--openai-forbid-network", action="store_true", dest=_SWITCH, help=says)
    parser.addini(_SWITCH, says, type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Tell the marker, and forbid the network if that is wanted."""
    config.addinivalue_line("markers", _MARKER)
    if config.getoption(_SWITCH) or config.getini(_SWITCH):
        from openai_mock.network import forbidden_network

        stack = ExitStack()
        stack.enter_context(forbidden_network())
        config.stash[_stack] = stack


def pytest_unconfigure(config: pytest.Config) -> None:
    """Allow the network again."""
    stack = config.stash.get(_stack, None)
    if stack:
        stack.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell with a failed test how its script was not followed, instead of failing it twice."""
    report = yield
    if report.when == "call" and report.failed:
        item.stash[_failed] = True
        fixtures: Mapping[str, object] = getattr(item, "funcargs", {})
        server: Any = fixtures.get(NAME)  # Any: a test may have a fixture of its own by this name
        told = _told(server)
        if told:
            report.sections.append(("openai-mock", told))
    return report


@pytest.fixture
def openai_mock(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MockServer]:
    """A mock server of its own for each test, checked against its script when the test has passed.

    `OPENAI_BASE_URL`, `OPENAI_API_KEY` and `OPENAI_ADMIN_KEY` lead code under test to it, and
    receivers check its webhooks by `OPENAI_WEBHOOK_SECRET`. The marker `openai_mock` says what it
    does:

        @pytest.mark.openai_mock(replies={"responses.create": "Hello."}, personality="deepseek")
    """
    from openai_mock.server import serve

    options, scripts = _marked(request.node)
    with serve(**options) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", server.api_key)
        monkeypatch.setenv("OPENAI_ADMIN_KEY", server.admin_api_key)
        monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", server.webhook_secret)
        for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
            monkeypatch.delenv(name, raising=False)
        for script in scripts:
            script(server)
        yield server
        if request.node.stash.get(_failed, False):
            server.script.clear()


@pytest.fixture
def openai_client(openai_mock: MockServer) -> Iterator[Any]:  # Any: of one of two packages
    """A client of the mock server: of `openai_http`, or of the official package without it."""
    with _client("OpenAI", openai_mock) as client:
        yield client


@pytest.fixture
def async_openai_client(openai_mock: MockServer) -> Any:  # Any: as above
    """An asynchronous client of the mock server, of the same package.

    Its connections are used once, so that none outlives the event loop of the test.
    """
    return _client("AsyncOpenAI", openai_mock, default_headers={"Connection": "close"})


def _client(name: str, server: MockServer, **options: object) -> Any:  # Any: of one of two packages
    make = getattr(_library(), name)
    return make(base_url=server.base_url, api_key=server.api_key, **options)


def _library() -> Any:  # Any: one of two packages
    for name in _LIBRARIES:
        if find_spec(name):
            return import_module(name)
    pytest.fail(f"These fixtures need a client: install {' or '.join(_LIBRARIES)}.", pytrace=False)


def _marked(
    node: pytest.Item,
) -> tuple[dict[str, Any], list[Callable[[MockServer], object]]]:
    """What the markers of a test say, the outermost first: options of `serve`, and scripts."""
    options: dict[str, Any] = {}
    scripts: list[Callable[[MockServer], object]] = []
    for marker in reversed(list(node.iter_markers(NAME))):
        given = dict(marker.kwargs)
        replies: Mapping[str, object] = given.pop("replies", None) or {}
        scripts += [*marker.args, *([_replying(replies)] if replies else [])]
        wrong = given.keys() - _OPTIONS
        if wrong:
            pytest.fail(f"The marker has no {', '.join(wrong)}. It is {_MARKER}", pytrace=False)
        options |= given
    return options, scripts


def _replying(replies: Mapping[str, Any]) -> Callable[[MockServer], None]:
    """A script of answers by operation: one, or several in a list."""

    def script(server: MockServer) -> None:
        for operation, answers in replies.items():
            path = server.script.written_at(f"the marker {NAME}")
            for name in operation.split("."):
                path = getattr(path, name)
            expectation = path()
            several = cast("list[Any]", answers) if isinstance(answers, list) else [answers]
            for answer in several:
                expectation.reply(answer)

    return script


def _told(server: Any) -> str:  # Any: a test may have a fixture of its own by this name
    from openai_mock.errors import ScriptError

    check: Callable[[], None] | None = getattr(server, "check", None)
    try:
        if check:
            check()
    except ScriptError as error:
        return str(error)
    return ""
