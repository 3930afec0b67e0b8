from hypothesis import given
from hypothesis import strategies as st
from openai_mock.journal.recording import PIECE, Frames, Kept

PIECES = st.lists(st.binary(max_size=30), max_size=20)


@given(pieces=PIECES, limit=st.integers(0, 200))
def test_first_bytes_of_a_body_are_kept_and_the_others_counted(pieces: list[bytes], limit: int):
    kept = Kept()
    grown = sum(kept.add(at, piece, limit) for at, piece in enumerate(pieces))
    whole = b"".join(pieces)
    assert kept.body == whole[:limit]
    assert kept.size == len(kept.body)
    assert kept.dropped == len(whole) - kept.size
    assert grown == kept.memory == kept.size + PIECE * len(kept.pieces)
    assert all(pieces[int(at)].startswith(data) for at, data in kept.pieces)


@given(frames=st.lists(st.text(max_size=400), max_size=40), limit=st.integers(1, 3000))
def test_last_frames_of_a_socket_are_kept(frames: list[str], limit: int):
    taken = Frames()
    grown = sum(taken.add(at, "in", frame, limit) for at, frame in enumerate(frames))
    kept = [data for _, _, _, data in taken.kept]
    numbers = [number for number, *_ in taken.kept]
    assert kept == frames[len(frames) - len(kept) :]
    assert numbers == list(range(len(frames) - len(kept), len(frames)))
    assert grown == sum(len(data) + PIECE for data in kept)
    assert grown <= limit or len(kept) == 1
    assert bool(kept) == bool(frames)


def test_frames_are_not_forgotten_one_by_one():
    taken = Frames()
    limit = 100 * (PIECE + 1)
    for at in range(101):
        taken.add(at, "out", "x", limit)
    assert 70 <= len(taken.kept) <= 76
