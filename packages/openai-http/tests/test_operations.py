import pkgutil
from importlib import import_module
from typing import Any

import pytest
from openai_http import SyncPage, resources
from openai_http.operations import Operation
from openai_http.resources import chat, responses
from openai_stream.relay.incoming import reader_of
from openai_types.errors import DecodeError
from openai_types.shared import Model

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
    lenient = PLAIN.result_decoder(PLAIN.result, strict=False)
    assert PLAIN.result_decoder(PLAIN.result, strict=False) is lenient
    strict = PLAIN.result_decoder(PLAIN.result, strict=True)
    assert strict is not lenient
    assert lenient(b'{"id": 1}')
    with pytest.raises(DecodeError):
        strict(b'{"id": 1}')


def test_parameters_are_those_of_path_query_headers_files_and_body():
    operation: Operation[object, object] = Operation(
        "things.change",
        "POST",
        "/things/{thing_id}/parts/{part_id}",
        body="model",
        query="after",
        files="image",
        headers={"key": "Idempotency-Key"},
        required="image",
    )
    assert operation.parameters == {"thing_id", "part_id", "model", "after", "image", "key"}
    assert operation.required == ("thing_id", "part_id", "image")


@pytest.mark.parametrize(
    ("params", "place"),
    [({}, "m:A"), ({"by": "a"}, "m:A"), ({"by": "b"}, "str"), ({"by": "new"}, "m:A")],
)
def test_result_goes_by_the_value_of_a_parameter(params: dict[str, str], place: str):
    operation: Operation[object, object] = Operation(
        "t.make", "POST", "/t", body="by", result="m:A", result_by=("by", {"a": "m:A", "b": "str"})
    )
    assert operation.result_for(params) == place
    assert PLAIN.result_for(params) == PLAIN.result


def test_pages_are_of_the_kind_of_the_client_and_made_once():
    operation: Operation[object, object] = Operation(
        "t.list", "GET", "/t", result="openai_types.shared:Model", page="Page"
    )
    decode = operation.page_decoder("Sync", strict=False)
    assert operation.page_decoder("Sync", strict=False) is decode
    page = decode(b'{"object": "list", "data": [{"id": "m"}]}')
    assert type(page) is SyncPage[Model]
    assert type(operation.page_decoder("Async", strict=True)) is type(decode)
    assert operation.page_decoder("Async", strict=False) is not decode


@pytest.mark.parametrize("operation", [chat.CHAT_COMPLETIONS_CREATE, responses.RESPONSES_CREATE])
def test_readers_are_new_for_each_stream(operation: Operation[object, object]):
    first, second = operation.reader(strict=False), operation.reader(strict=False)
    assert first is not second
    assert first.events == []


@pytest.mark.parametrize("operation", [chat.CHAT_COMPLETIONS_CREATE, responses.RESPONSES_CREATE])
def test_required_parameters_are_parameters(operation: Operation[object, object]):
    assert set(operation.required) <= operation.body


def streaming_operations() -> list[Any]:
    modules = [
        import_module(name)
        for _, name, _ in pkgutil.walk_packages(resources.__path__, "openai_http.resources.")
    ]
    found = [each for module in modules for each in vars(module).values()]
    return [each for each in found if isinstance(each, Operation) and each.events]


def test_streams_that_are_passed_on_are_read_by_the_rules_of_their_operations():
    operations = streaming_operations()
    assert len(operations) > 10
    for operation in operations:
        module, _, name = operation.events.partition(":")
        passed_on = reader_of(getattr(import_module(module), name), None, ndjson=False)
        own = operation.reader(strict=False)
        assert type(passed_on._contract) is type(own._contract), operation.name
        assert passed_on._named_events == own._named_events, operation.name
