from hypothesis import given
from hypothesis import strategies as st
from openai_mock.faults.wire import Piece, Wait, Wire, interrupted

HERE = Wait(None)


def parts(pieces: list[Piece]) -> tuple[bytes, bytes]:
    """What is before and after the interruption."""
    at = pieces.index(HERE)
    before, after = pieces[:at], pieces[at + 1 :]
    assert HERE not in after
    return tuple(b"".join(p for p in each if isinstance(p, bytes)) for each in (before, after))  # type: ignore[return-value]


@given(st.lists(st.binary(min_size=1, max_size=5), max_size=6), st.data())
def test_interruption_is_at_its_byte(given_pieces: list[bytes], data: st.DataObject):
    whole = b"".join(given_pieces)
    at = data.draw(st.integers(0, len(whole)))
    found = list(interrupted(given_pieces, (HERE,), after_bytes=at))
    assert parts(found) == (whole[:at], whole[at:])


@given(st.lists(st.binary(max_size=5), max_size=6), st.data())
def test_interruption_is_behind_its_event(given_pieces: list[bytes], data: st.DataObject):
    at = data.draw(st.integers(0, len(given_pieces)))
    found = list(interrupted(given_pieces, (HERE,), after_events=at))
    assert parts(found) == (b"".join(given_pieces[:at]), b"".join(given_pieces[at:]))


def test_headers_replace_those_of_their_name():
    wire = Wire(200, ((b"a", b"1"), (b"b", b"2"), (b"a", b"3")), ())
    assert wire.having("a", "4").headers == ((b"b", b"2"), (b"a", b"4"))
