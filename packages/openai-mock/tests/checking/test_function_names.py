import pytest
from openai_mock.checking.function_names import check_function_names
from openai_mock.refusals import Refusal


def of_chat(name: str) -> dict[str, object]:
    return {"tools": [{"type": "function", "function": {"name": name}}]}


def of_response(name: str) -> dict[str, object]:
    return {"tools": [{"type": "web_search"}, {"type": "function", "name": name}]}


@pytest.mark.parametrize("name", ["f", "get_weather-2", "F" * 64])
def test_names_that_can_be_called_pass(name: str):
    check_function_names(of_chat(name))
    check_function_names(of_response(name))


@pytest.mark.parametrize("name", ["", "get weather", "w\u00e4rme", "f.g", "f\n"])
def test_other_names_are_refused(name: str):
    with pytest.raises(Refusal, match="does not match pattern") as caught:
        check_function_names(of_chat(name))
    assert caught.value.param == "tools[0].function.name"
    with pytest.raises(Refusal, match="does not match pattern") as caught:
        check_function_names(of_response(name))
    assert caught.value.param == "tools[1].name"


def test_names_are_short_and_those_of_chats_shorter():
    with pytest.raises(Refusal, match="maximum length 64"):
        check_function_names(of_chat("f" * 65))
    check_function_names(of_response("f" * 128))
    with pytest.raises(Refusal, match="maximum length 128"):
        check_function_names(of_response("f" * 129))
