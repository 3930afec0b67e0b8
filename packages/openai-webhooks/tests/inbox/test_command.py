"""The command line on stores of every kind: what is printed, and what never is."""

import json
from collections.abc import Callable

import pytest
from openai_webhooks.cli import main
from openai_webhooks.inbox import State, Store, open_store, records
from openai_webhooks.inbox.command import VARIABLE

Call = Callable[..., int]


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    """The URL of a store with a waiting event, a done one and a dead one."""
    made = new_url()
    store = open_store(made)
    for number, type in enumerate(["response.completed", "response.completed", "batch.failed"]):
        body = f'{{"type": "{type}", "n": "ü"}}'.encode()
        store.add([records.received(f"wh_{number}", type, body, 7, 1000.0 + number)])
    (first,) = store.claim(1000.0, 1030.0, 1)
    store.save([records.done(records.finished(first, "app.pay", 1005.0), 1005.0)])
    (second,) = store.claim(1001.0, 1030.0, 1)
    store.save([records.dead(records.failed(second, "app.pay", "ValueError: \x1b[31mno\n!"), 9.0)])
    store.close()
    return made


@pytest.fixture
def call(url: str) -> Call:
    def called(*arguments: str, store: str = url) -> int:
        return main(["inbox", *arguments, "--store", store])

    return called


def states(url: str) -> list[State]:
    store: Store = open_store(url)
    page, _ = store.page(state=None, type=None, after=None, limit=9)
    store.close()
    return [each.state for each in page]


def test_list_prints_a_line_for_each_event(call: Call, capsys: pytest.CaptureFixture[str]):
    assert call("list") == 0
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.split() == [
        *("done", "1970-01-01T00:16:40.000+00:00", "1", "response.completed", "wh_0"),
    ]
    assert second.endswith("wh_1  ValueError:  [31mno !")
    assert third.split()[0] == "waiting"


def test_list_takes_only_what_was_asked_for(call: Call, capsys: pytest.CaptureFixture[str]):
    assert call("list", "--type", "batch.failed", "--json") == 0
    assert [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()] == ["wh_2"]
    assert call("list", "--limit", "2", "--json") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert call("dead", "--json") == 0
    (dead,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (dead["id"], dead["state"], dead["attempts"]) == ("wh_1", "dead", 1)
    assert dead["failures"] == {"app.pay": "ValueError: \x1b[31mno\n!"}


def test_show_prints_the_event_with_its_body(call: Call, capsys: pytest.CaptureFixture[str]):
    assert call("show", "wh_0") == 0
    shown = capsys.readouterr().out
    assert '{"type": "response.completed", "n": "ü"}' in shown
    assert '"app.pay": "1970-01-01T00:16:45.000+00:00"' in shown
    assert call("show", "wh_0", "--json") == 0
    assert json.loads(json.loads(capsys.readouterr().out)["body"])["n"] == "ü"
    assert call("show", "wh_9") == 1
    assert "no event 'wh_9'" in capsys.readouterr().err


def test_counts_has_every_state(call: Call, capsys: pytest.CaptureFixture[str]):
    assert call("counts", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "waiting": 1,
        "leased": 0,
        "done": 1,
        "dead": 1,
        "pruned": 0,
    }
    assert call("counts") == 0
    assert capsys.readouterr().out.splitlines()[0].split() == ["waiting", "1"]


def test_replay_has_events_handled_anew(call: Call, url: str, capsys: pytest.CaptureFixture[str]):
    assert call("replay", "--all") == 0
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("1 to be handled anew\n", "openai-webhooks: 1 so far\n")
    assert states(url) == [State.DONE, State.WAITING, State.WAITING]
    assert call("replay", "wh_0", "--again", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"replayed": 1}
    assert states(url) == [State.WAITING] * 3
    assert call("replay", "wh_0") == 1
    assert "handled anyway" in capsys.readouterr().err


def test_replay_goes_on_after_an_event_that_cannot_be(
    call: Call, url: str, capsys: pytest.CaptureFixture[str]
):
    assert call("replay", "wh_none", "wh_1", "wh_2") == 1
    out, err = capsys.readouterr()
    assert out == "1 to be handled anew\n"
    assert [name in err for name in ("wh_none", "wh_1", "wh_2")] == [True, False, True]
    assert states(url)[1] is State.WAITING


@pytest.mark.parametrize("arguments", [(), ("wh_0", "--all")])
def test_replay_needs_ids_or_all(
    arguments: tuple[str, ...], sqlite_url: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as caught:
        main(["inbox", "replay", *arguments, "--store", sqlite_url])
    assert caught.value.code == 2
    assert "--all" in capsys.readouterr().err


def test_prune_drops_what_is_old_and_says_how_much(
    call: Call, url: str, capsys: pytest.CaptureFixture[str]
):
    assert call("prune", "--done-days", "0", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"bodies": 1, "ids": 1}
    assert states(url) == [State.DEAD, State.WAITING]
    assert call("prune", "--dead-days", "0") == 0
    assert capsys.readouterr().out == "1 bodies dropped, 1 ids forgotten\n"
    assert call("prune", "--id-days", "1") == 1
    assert "72 hours" in capsys.readouterr().err


def test_store_is_taken_from_the_environment(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert main(["inbox", "counts"]) == 1
    assert VARIABLE in capsys.readouterr().err
    monkeypatch.setenv(VARIABLE, sqlite_url)
    assert main(["inbox", "counts"]) == 0


def test_a_file_that_was_not_there_is_told(sqlite_url: str, capsys: pytest.CaptureFixture[str]):
    assert main(["inbox", "counts", "--json", "--store", sqlite_url]) == 0
    printed = capsys.readouterr()
    assert set(json.loads(printed.out).values()) == {0}
    assert f"There was no inbox in {sqlite_url}" in printed.err
    assert main(["inbox", "counts", "--store", sqlite_url]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "url",
    [
        "redis://user:hidden@127.0.0.1:1/0",
        "postgresql://user:hidden@127.0.0.1:1/database?connect_timeout=2",
        "postgresql://user:hid/hidden@127.0.0.1/database",
        "postgresql://user:hid#hidden@127.0.0.1/database",
        "postgresql://127.0.0.1:1/database?password=hidden&unknown=hidden",
        "redis://user:hid/hidden@127.0.0.1:1/0",
        "redis://user:hid#hidden@127.0.0.1:1/0",
        "redis://127.0.0.1:1/0?password=hidden&unknown=hidden",
        "mysql://user:hidden@127.0.0.1/database",
    ],
)
def test_credentials_of_a_store_are_never_printed(url: str, capsys: pytest.CaptureFixture[str]):
    assert main(["inbox", "list", "--store", url]) == 1
    printed = capsys.readouterr()
    assert "hidden" not in printed.out + printed.err


@pytest.mark.parametrize("command", ["list", "dead", "counts", "show", "replay", "prune"])
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as caught:
        main(["inbox", command, "--help"])
    assert caught.value.code == 0
    assert "--store URL" in capsys.readouterr().out
