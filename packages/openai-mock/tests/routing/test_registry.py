import pytest
from openai_mock import MockServerError
from openai_mock.replies import Reply
from openai_mock.routing.registry import handlers, handles
from openai_types.catalogue import operations


def test_handlers_are_of_operations():
    assert (
        {"chat.completions.create", "responses.create"} <= handlers().keys() <= operations().keys()
    )


@pytest.mark.parametrize("name", ["chat.completions.create", "no.such.operation"])
def test_handler_that_cannot_be_registered_is_told(name: str):
    handlers()  # a first one would be taken, and stay
    with pytest.raises(MockServerError, match=name):
        handles(name)(lambda _call, _world: Reply())
