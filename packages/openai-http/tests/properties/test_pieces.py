"""A body cut anywhere gives the same pieces as the whole of it."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_http import InvalidArgumentError
from openai_http.bodies.pieces import Bytes, Lines, Pieces, Text

SIZES = st.integers(min_value=1, max_value=9)
BODIES = st.one_of(
    st.binary(max_size=60),
    st.text(alphabet="ab \r\n\u2028\u00fc\U0001f600\x1c", max_size=60).map(str.encode),
)


@st.composite
def cut(draw: Callable[..., Any]) -> list[bytes]:
    """A body in chunks, of which some may be empty."""
    body: bytes = draw(BODIES)
    places = draw(st.lists(st.integers(min_value=0, max_value=len(body)), max_size=8))
    return [body[start:end] for start, end in pairwise([0, *sorted(places), len(body)])]


# Any: bytes or text.
def pieces_of(chunks: list[bytes], pieces: Pieces[Any]) -> Iterator[Any]:
    for chunk in chunks:
        yield from pieces.feed(chunk)
    yield from pieces.finish()


@given(cut(), SIZES)
def test_bytes_have_the_size_that_was_asked_for(chunks: list[bytes], size: int):
    body = b"".join(chunks)

    assert [*pieces_of(chunks, Bytes(size))] == [
        body[start : start + size] for start in range(0, len(body), size)
    ]


@pytest.mark.parametrize("size", [-1, 1.5, "2"])
@pytest.mark.parametrize("kind", [Bytes, Text])
def test_size_that_no_piece_has_is_refused(kind: Any, size: Any):
    with pytest.raises(InvalidArgumentError, match=r"chunk_size is .*\. Pass 1 or more"):
        kind(size)


@given(cut())
def test_bytes_without_a_size_come_as_they_arrive(chunks: list[bytes]):
    assert [*pieces_of(chunks, Bytes(None))] == [each for each in chunks if each]


@given(cut(), SIZES)
def test_text_has_the_size_that_was_asked_for(chunks: list[bytes], size: int):
    text = b"".join(chunks).decode(errors="replace")

    assert [*pieces_of(chunks, Text(size))] == [
        text[start : start + size] for start in range(0, len(text), size)
    ]


@given(cut())
def test_text_without_a_size_is_all_of_it(chunks: list[bytes]):
    given_back = [*pieces_of(chunks, Text(None))]

    assert "".join(given_back) == b"".join(chunks).decode(errors="replace")
    assert "" not in given_back


@given(cut())
def test_lines_are_those_of_the_whole_text(chunks: list[bytes]):
    text = b"".join(chunks).decode(errors="replace")

    assert [*pieces_of(chunks, Lines())] == text.splitlines()
