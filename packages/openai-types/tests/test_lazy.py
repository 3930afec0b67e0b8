import builtins
import subprocess
import sys
import threading
import types
from importlib import import_module
from pathlib import Path

import openai_types
import pytest
from openai_types.lazy import lazy_exports


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch):
    package = types.ModuleType("lazy_package")
    monkeypatch.setitem(sys.modules, package.__name__, package)
    table = {"JSONDecoder": "json.decoder", "missing": "json.decoder", "lost": "lazy_nowhere"}
    fetch, names = lazy_exports(package.__name__, table)
    package.__dict__.update(__getattr__=fetch, __dir__=names)
    return package


def test_name_is_fetched_and_kept(package: types.ModuleType):
    from json.decoder import JSONDecoder

    assert "JSONDecoder" not in vars(package)
    assert package.JSONDecoder is JSONDecoder
    assert vars(package)["JSONDecoder"] is JSONDecoder


def test_unknown_name_is_an_attribute_error_as_of_any_module(package: types.ModuleType):
    message = "module 'lazy_package' has no attribute 'nothing'"
    with pytest.raises(AttributeError, match=message):
        _ = package.nothing
    assert not hasattr(package, "nothing")


def test_name_that_is_not_where_the_table_says_fails(package: types.ModuleType):
    with pytest.raises(AttributeError, match="missing"):
        _ = package.missing
    with pytest.raises(ModuleNotFoundError, match="lazy_nowhere"):
        _ = package.lost


def test_dir_has_the_table_and_what_is_there_sorted(package: types.ModuleType):
    names = dir(package)
    assert {"JSONDecoder", "lost", "missing", "__name__"} <= set(names)
    assert names == sorted(names)


def test_every_exported_name_is_there():
    listed: list[str] = import_module("openai_types").__all__
    for name in listed:
        assert getattr(openai_types, name) is not None
    assert set(listed) <= set(dir(openai_types))


def loaded_by(statements: str) -> set[str]:
    """The modules that are loaded after some statements in a new interpreter."""
    code = f"{statements}\nimport sys\nprint(*sys.modules)"
    command = [sys.executable, "-c", code]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


def test_importing_namespaces_loads_neither_pydantic_nor_types():
    loaded = loaded_by(
        "import openai_types\n"
        "from openai_types import chat, responses, realtime, webhooks, shared\n"
        "dir(chat), responses.__all__"
    )
    ours = {name for name in loaded if name.startswith("openai_types.")}
    namespaces = {f"openai_types.{name}" for name in ("chat", "responses", "realtime", "shared")}
    assert ours == namespaces | {
        "openai_types.webhooks",
        "openai_types.contents",
        "openai_types.lazy",
        "openai_types.version",
    }
    assert not {"pydantic", "pydantic_core", "typing_extensions"} & loaded


def test_using_a_name_loads_its_module_and_no_other_namespace():
    loaded = loaded_by("from openai_types.chat import ChatCompletion")
    assert "openai_types.chat.objects" in loaded
    assert not {"openai_types.chat.params", "openai_types.responses.objects"} & loaded


def test_errors_and_protocols_load_no_pydantic():
    loaded = loaded_by("from openai_types import APIError, DecodeError, Decoder, RequestLike")
    assert "openai_types.decoding" in loaded
    assert not {"pydantic", "pydantic_core"} & loaded


def test_name_of_a_module_that_another_thread_imports_is_waited_for(
    package: types.ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    source = "import builtins\nbuiltins.BEGUN.set()\nbuiltins.GATE.wait(60)\nvalue = 1\n"
    (tmp_path / "imported_slowly.py").write_text(source)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    begun, gate = threading.Event(), threading.Event()
    monkeypatch.setattr(builtins, "BEGUN", begun, raising=False)
    monkeypatch.setattr(builtins, "GATE", gate, raising=False)
    fetch, _ = lazy_exports(package.__name__, {"value": "imported_slowly"})
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(fetch("value"))) for _ in range(2)]
    threads[0].start()
    begun.wait(60)
    threads[1].start()
    opened = threading.Timer(0.05, gate.set)  # the other thread has long asked for it by then
    opened.start()
    for thread in (*threads, opened):
        thread.join()
    del sys.modules["imported_slowly"]
    assert found == [1, 1]
