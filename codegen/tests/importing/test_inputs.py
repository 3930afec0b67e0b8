from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from codegen.importing.inputs import InputError, PinError, Pins, fetch


def test_an_input_that_is_pinned_is_taken(tmp_path: Path):
    pins = Pins(tmp_path / "pins.yaml")
    pins.pin("document", b"{}")
    pins.pin("facts", b"[]")

    pins.check("document", b"{}")
    pins.check("facts", b"[]")


@pytest.mark.parametrize("pinned", [b"", None])
def test_another_input_is_refused(tmp_path: Path, pinned: bytes | None):
    pins = Pins(tmp_path / "pins.yaml")
    if pinned is not None:
        pins.pin("document", pinned)

    with pytest.raises(PinError, match="import with --pin"):
        pins.check("document", b"{}")


def test_a_file_is_an_input(tmp_path: Path):
    (tmp_path / "openapi.json").write_bytes(b"{}")

    assert fetch(str(tmp_path / "openapi.json")) == b"{}"


def test_a_url_is_an_input_if_something_answers(tmp_path: Path):
    (tmp_path / "openapi.json").write_bytes(b"{}")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        found = fetch(f"{url}/openapi.json")
        with pytest.raises(InputError, match=r"404.*give a file or a URL"):
            fetch(f"{url}/other.json")
        server.shutdown()

    assert found == b"{}"
