import pytest
from openai_http import InvalidArgumentError
from openai_http.bodies.streamed import StreamedBody


def test_iterator_of_which_nothing_was_read_can_be_sent_again():
    body = StreamedBody("POST /x", iter([b"a", b"b"]))
    iter(body)  # as for a connection that could not be made
    body.rewind()
    assert list(body) == [b"a", b"b"]
    with pytest.raises(InvalidArgumentError, match="not sent again"):
        body.rewind()
