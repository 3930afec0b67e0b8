from __future__ import annotations

from pathlib import Path

import pytest

from codegen.importing.inputs import PinError, Pins, fetch


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
