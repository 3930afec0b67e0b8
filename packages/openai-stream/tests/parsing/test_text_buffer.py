from hypothesis import given
from hypothesis import strategies as st
from openai_stream.parsing.text_buffer import TextBuffer


@given(st.lists(st.text(max_size=3), max_size=8), st.data())
def test_the_text_of_every_moment_can_be_read_at_every_later_one(
    pieces: list[str], data: st.DataObject
):
    buffer, moments = TextBuffer("("), [(1, "(")]
    for piece in pieces:
        buffer.append(piece)
        moments.append((len(buffer), moments[-1][1] + piece))
        length, text = data.draw(st.sampled_from(moments))
        end, _ = data.draw(st.sampled_from(moments))
        assert "".join(buffer.pieces(length, end)) == moments[-1][1][length:end]
        if data.draw(st.booleans()):
            assert buffer.text(length) == text

    assert buffer.text() == moments[-1][1]


def test_the_last_pieces_are_given_as_they_came():
    buffer = TextBuffer("ab")
    buffer.append("cd")
    length = len(buffer)
    buffer.append("ef")
    buffer.append("gh")

    assert buffer.pieces(length, len(buffer)) == ["ef", "gh"]
    assert buffer._blocks == []


def test_many_pieces_take_no_more_memory_than_their_text():
    buffer = TextBuffer()
    for _ in range(5000):
        buffer.append("ab")

    assert len(buffer._blocks) + len(buffer._pieces) < 2000
    assert buffer.text() == "ab" * 5000
    assert buffer.pieces(9998, 10_000) == ["ab"]


def test_nothing_is_no_piece():
    assert len(TextBuffer()) == 0
    assert TextBuffer().text() == ""
