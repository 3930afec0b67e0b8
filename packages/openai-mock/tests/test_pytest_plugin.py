import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from openai_mock import pytest_plugin

pytest_plugins = ["pytester"]

Run = Callable[..., pytest.RunResult]
HEAD = """
import os
import pytest
import openai_mock as package


def say(client, words="Hi"):
    return client.responses.create(model="gpt-5.5", input=words).output_text
"""


class Imports:
    """Keeps what a run inside a test imports, which pytester would have imported once more.

    A library that was half imported in such a run would go on with two of each of its classes:
    httpx2, which imports httpcore2 when it needs it, no longer knew that one's errors.
    """

    def __init__(self, tests: Path) -> None:
        self._tests = str(tests)
        self._modules: dict[str, ModuleType] = {}

    def pytest_unconfigure(self) -> None:
        self._modules |= {
            name: module
            for name, module in sys.modules.items()
            if not str(getattr(module, "__file__", "")).startswith(self._tests)
        }

    def restore(self) -> None:
        sys.modules.update(self._modules)


@pytest.fixture
def imports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imports]:
    """Ends after pytester, which forgets all imports since its start."""
    kept = Imports(tmp_path_factory.getbasetemp())
    yield kept
    kept.restore()


@pytest.fixture
def run(imports: Imports, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs tests with this plugin alone, in this process."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def made(code: str, *arguments: str) -> pytest.RunResult:
        pytester.makepyfile(HEAD + code)
        # Pytest before 8.4 warns that the plugin cannot be rewritten, which it need not be.
        warnings = ["-W", "error", "-W", "ignore:Module already imported"]
        options = ["-p", "openai_mock.pytest_plugin", "--strict-markers", *warnings]
        return pytester.runpytest_inprocess(*options, *arguments, plugins=[imports])

    return made


def test_clients_talk_to_the_server(run: Run):
    run("""
import asyncio

def test_sync(openai_client):
    assert say(openai_client) == "You wrote: Hi"

def test_async(async_openai_client):
    async def ask():
        answer = await async_openai_client.responses.create(model="gpt-5.5", input="Hi")
        return answer.output_text
    assert [asyncio.run(ask()), asyncio.run(ask())] == ["You wrote: Hi"] * 2

def test_same_server(openai_mock, openai_client, async_openai_client):
    urls = {str(openai_client.base_url), str(async_openai_client.base_url)}
    assert {each.rstrip("/") for each in urls} == {openai_mock.base_url}
""").assert_outcomes(passed=3)


@pytest.mark.peer
def test_official_clients_do_where_they_are_the_only_ones(
    run: Run, monkeypatch: pytest.MonkeyPatch
):
    pytest.importorskip("openai")
    monkeypatch.setattr(pytest_plugin, "_LIBRARIES", ("no_such_package", "openai"))
    run("""
import asyncio
import openai

def test_sync(openai_client):
    assert isinstance(openai_client, openai.OpenAI)
    assert say(openai_client) == "You wrote: Hi"

def test_async(async_openai_client):
    async def ask():
        answer = await async_openai_client.responses.create(model="gpt-5.5", input="Hi")
        return answer.output_text
    assert [asyncio.run(ask()), asyncio.run(ask())] == ["You wrote: Hi"] * 2
""").assert_outcomes(passed=2)


def test_without_a_client_it_is_told_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pytest_plugin, "_LIBRARIES", ("no_such_package",))
    result = run("def test_it(openai_client): ...")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*install no_such_package*"])


def test_code_under_test_is_led_to_the_server(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj_of_mine")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://before/v1")
    run("""
def test_it(openai_mock):
    assert os.environ["OPENAI_BASE_URL"] == openai_mock.base_url
    assert os.environ["OPENAI_API_KEY"] == openai_mock.api_key
    assert os.environ["OPENAI_ADMIN_KEY"] == openai_mock.admin_api_key
    assert os.environ["OPENAI_WEBHOOK_SECRET"] == openai_mock.webhook_secret
    assert "OPENAI_PROJECT_ID" not in os.environ

def test_it_is_as_before_afterwards():
    assert os.environ["OPENAI_BASE_URL"] == "http://before/v1"
    assert os.environ["OPENAI_PROJECT_ID"] == "proj_of_mine"
""").assert_outcomes(passed=2)


def test_each_test_has_a_server_of_its_own(run: Run):
    run("""
@pytest.mark.parametrize("number", [1, 2])
def test_it(openai_mock, openai_client, number):
    openai_client.vector_stores.create(name="one")
    assert len(openai_client.vector_stores.list().data) == 1
""").assert_outcomes(passed=2)


def test_marker_scripts_and_sets_up_the_server(run: Run):
    run("""
def script(server):
    server.on.models.list().reply({"data": []})

@pytest.mark.openai_mock(replies={"responses.create": ["one", "two"]})
def test_replies(openai_client):
    assert [say(openai_client), say(openai_client)] == ["one", "two"]

@pytest.mark.openai_mock(script, strict=True)
def test_script(openai_mock, openai_client):
    assert openai_mock.strict
    assert openai_client.models.list().data == []

@pytest.mark.openai_mock(personality="deepseek", fault="retry_after:7")
class TestPersonality:
    @pytest.mark.openai_mock(fault=None)
    def test_inner_marker_wins(self, openai_mock):
        assert openai_mock.faults == ()
        assert openai_mock.base_url == openai_mock.url

    def test_outer_marker(self, openai_mock):
        assert [each.name for each in openai_mock.faults] == ["retry_after('7')"]
""").assert_outcomes(passed=4)


def test_inner_marker_leaves_what_it_does_not_name(run: Run):
    run("""
pytestmark = pytest.mark.openai_mock(strict=True)

@pytest.mark.openai_mock(replies={"responses.create": "one"})
def test_it(openai_mock, openai_client):
    assert openai_mock.strict
    assert say(openai_client) == "one"
""").assert_outcomes(passed=1)


def test_script_that_is_not_followed_fails_a_test_that_passes(run: Run):
    result = run("""
def test_it(openai_mock):
    openai_mock.on.responses.create().reply("one")
""")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*ScriptError*", "*1 of 1 answers not asked for*"])


def test_script_of_a_marker_is_told_by_its_place(run: Run):
    result = run("""
@pytest.mark.openai_mock(replies={"responses.create": "one"})
def test_it(openai_mock): ...
""")
    result.stdout.fnmatch_lines(["*responses.create() of the marker openai_mock: 1 of 1*"])


def test_script_that_is_not_followed_is_told_with_a_test_that_fails(run: Run):
    result = run("""
def test_it(openai_mock, openai_client):
    openai_mock.on.responses.create(model="gpt-4o").reply("one")
    say(openai_client)
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*- openai-mock -*", "*'model' was 'gpt-5.5'*"])


def test_failed_test_without_a_server_is_as_ever(run: Run):
    run("""
def test_it():
    assert False

@pytest.fixture
def openai_mock():
    return 5

def test_of_another_fixture(openai_mock):
    assert False
""").assert_outcomes(failed=2)


def test_marker_that_is_wrong_is_told(run: Run):
    result = run("""
@pytest.mark.openai_mock(personalty="deepseek")
def test_it(openai_mock): ...
""")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*personalty*"])


FORBIDDEN = """
import socket

def test_it(openai_client):
    assert say(openai_client) == "You wrote: Hi"
    with pytest.raises(package.NetworkForbiddenError, match="example.com"):
        socket.create_connection(("example.com", 80))
"""


def test_network_is_forbidden_by_an_option(run: Run):
    run(FORBIDDEN, "--openai-forbid-network").assert_outcomes(passed=1)


def test_network_is_forbidden_by_the_configuration(run: Run, pytester: pytest.Pytester):
    pytester.makeini("[pytest]\nopenai_forbid_network = true")
    run(FORBIDDEN).assert_outcomes(passed=1)


def test_plugin_is_found_and_told_by_help(run: Run):
    run("", "--help").stdout.fnmatch_lines(["*--openai-forbid-network*", "*openai_forbid_network*"])
    run("", "--markers").stdout.fnmatch_lines(["*pytest.mark.openai_mock(*"])


def test_plugin_loads_nothing_before_it_is_used(pytester: pytest.Pytester):
    pytester.makepyfile("""
import sys

def test_it():
    assert "openai_mock.pytest_plugin" in sys.modules
    for heavy in ("fastapi", "uvicorn", "pydantic", "openai_types.catalogue", "openai_http"):
        assert heavy not in sys.modules
""")
    options = ["-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
    result = pytester.run(sys.executable, "-m", "pytest", *options, timeout=60)
    result.assert_outcomes(passed=1)
