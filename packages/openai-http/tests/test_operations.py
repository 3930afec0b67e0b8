import pytest
from openai_http.operations import Operation
from openai_http.resources import chat, responses
from openai_types.errors import DecodeError

PLAIN: Operation[object, object] = Operation(
    "things.make",
    "POST",
    "/things",
    body="model messages temperature",
    required="model messages",
    result="openai_types.chat:ChatCompletion",
)


def test_parameters_that_are_known_pass():
    PLAIN.check({"model": "m", "messages": None, "temperature": 1})


def test_unknown_parameter_is_refused_with_the_nearest():
    with pytest.raises(TypeError) as caught:
        PLAIN.check({"model": "m", "messages": [], "temprature": 1})
    assert str(caught.value) == (
        "things.make() got an unexpected keyword argument 'temprature'; did you mean"
        " 'temperature'? What the API takes but this version does not know goes into"
        " extra_body={...}."
    )


def test_unknown_parameter_that_is_like_no_other():
    with pytest.raises(TypeError, match=r"argument 'zzz'\. What the API takes"):
        PLAIN.check({"model": "m", "messages": [], "zzz": 1})


def test_missing_parameters_are_named():
    with pytest.raises(TypeError, match=r"^things\.make\(\) is missing 'model', 'messages'$"):
        PLAIN.check({})


def test_decoders_are_made_once_for_each_strictness():
    lenient = PLAIN.result_decoder(strict=False)
    assert PLAIN.result_decoder(strict=False) is lenient
    assert PLAIN.result_decoder(strict=True) is not lenient
    assert lenient(b'{"id": 1}')
    with pytest.raises(DecodeError):
        PLAIN.result_decoder(strict=True)(b'{"id": 1}')


@pytest.mark.parametrize("operation", [chat.CREATE, responses.CREATE])
def test_readers_are_new_for_each_stream(operation: Operation[object, object]):
    first, second = operation.reader(strict=False), operation.reader(strict=False)
    assert first is not second
    assert first.events == []


@pytest.mark.parametrize("operation", [chat.CREATE, responses.CREATE])
def test_required_parameters_are_parameters(operation: Operation[object, object]):
    assert set(operation.required) <= operation.body
