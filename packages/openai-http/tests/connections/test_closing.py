import pytest
from openai_http import OpenAIError
from openai_http.connections.closing import Closing


def test_what_is_closed_says_so():
    closing = Closing()
    closing.check_open()
    closing.closed = True
    with pytest.raises(OpenAIError, match="This client is closed"):
        closing.check_open()
