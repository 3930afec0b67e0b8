# pyright: reportPrivateUsage=false
# How validators are kept is not public, and is proven here.

import gc
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Annotated, Any, Literal

import pydantic
import pytest
from openai_types import BaseModel, DecodeError, Decoder, UnknownMember
from openai_types.chat import ChatCompletion, ChatCompletionChoice, ChatCompletionMessage
from openai_types.decoding import _building, _validators
from openai_types.errors import InvalidTypeError
from openai_types.leniency import Tagged
from openai_types.responses import Response, ResponseStreamEvent

# Any: JSON of any shape.

CHAT = Decoder[ChatCompletion](ChatCompletion)
EVENT = Decoder[ResponseStreamEvent](ResponseStreamEvent)
STRICT = Decoder[ChatCompletion](ChatCompletion, strict=True)
MESSAGE = {"role": "assistant", "content": "Hi"}
CHOICE = {"index": 0, "finish_reason": "stop", "message": MESSAGE}
COMPLETION = {
    "id": "c1",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [CHOICE],
}
every_decoder = pytest.mark.parametrize(
    "decode", [CHAT, STRICT, EVENT], ids=["", "strict", "union"]
)


def refusal(decode: Decoder[Any], data: Any) -> DecodeError:
    raw = data if isinstance(data, bytes | str) else json.dumps(data)
    with pytest.raises(DecodeError) as caught:
        decode(raw)
    return caught.value


@pytest.mark.parametrize("decode", [CHAT, STRICT], ids=["lenient", "strict"])
@pytest.mark.parametrize("kind", [bytes, bytearray, str])
def test_decoding_gives_typed_values(decode: Decoder[ChatCompletion], kind: type):
    text = json.dumps(COMPLETION)
    completion = decode(text if kind is str else kind(text.encode()))
    assert type(completion) is ChatCompletion
    assert type(completion.choices[0].message) is ChatCompletionMessage
    assert completion.choices[0].message.content == "Hi"
    assert completion.to_dict() == COMPLETION


@every_decoder
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"not JSON",
        b"{",
        b'{"id":',
        b'{"id": 1}}',
        b"{}\0",
        b"{'id': 1}",
        b"[]",
        b"[{}]",
        b'"text"',
        b"5",
        b"null",
        b"true",
        b"NaN",
        b'{"id": "\xff"}',
        b"\xff\xfe{\0}\0",
        b'{"id": "\x00"}',
        b'{"id": "\\x"}',
        b'{"id": "\\u12"}',
        b'{"id": "\\',
        b'{"id": NaN}',
        b'{"new": [1, -Infinity]}',
        b'{"id":' * 100_000,
        b"[" * 100_000,
        b'{"new":' * 2_000 + b"1" + b"}" * 2_000,
        b'{"id": ' + b"9" * 5_000 + b"}",
        b"<html>502</html>",
    ],
    ids=lambda data: repr(data[:20]),
)
def test_what_is_no_json_object_is_refused_with_its_bytes(decode: Decoder[Any], data: bytes):
    error = refusal(decode, data)
    assert error.data == data
    assert f"Received {len(data)} bytes" in str(error)
    assert len(str(error)) < 1000


def test_text_that_is_no_unicode_is_refused_with_its_bytes():
    assert refusal(CHAT, '{"id": "\udcff"}').data == b'{"id": "\xed\xb3\xbf"}'


def test_text_is_refused_as_its_bytes():
    assert refusal(CHAT, "é").data == "é".encode()


def test_refusal_names_the_type_the_reason_and_shows_the_start():
    message = str(refusal(CHAT, b"[" + b" " * 300))
    assert message.startswith("Expected JSON of ChatCompletion, but Invalid JSON: EOF")
    assert message.endswith(" …'")
    assert "Expected JSON of the expected union, but Input should be" in str(refusal(EVENT, b"[]"))


@pytest.mark.parametrize("bom", [b"\xef\xbb\xbf", "\ufeff"])
@pytest.mark.parametrize("decode", [CHAT, STRICT], ids=["lenient", "strict"])
def test_byte_order_mark_is_skipped(decode: Decoder[ChatCompletion], bom: Any):
    text = json.dumps(COMPLETION)
    assert decode(bom + (text.encode() if isinstance(bom, bytes) else text)).id == "c1"


@pytest.mark.parametrize("rest", [b"", b"{", b"\xef\xbb\xbf{}x", b'{"a": NaN}'])
def test_byte_order_mark_is_in_the_data_of_a_refusal(rest: bytes):
    assert refusal(CHAT, b"\xef\xbb\xbf" + rest).data == b"\xef\xbb\xbf" + rest


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        (rb"\ud83d", "\ufffd"),
        (rb"\ude00", "\ufffd"),
        (rb"\uD83D\ude00", "😀"),
        (rb"a\ud83d\ud83d\ude00b", "a\ufffd😀b"),
        (rb"\ud83d\n\\", "\ufffd\n\\"),
        (rb"\\ud83d \ud83d", "\\ud83d \ufffd"),
        (rb"\\\ud83d", "\\\ufffd"),
    ],
)
def test_half_a_surrogate_pair_is_replaced(sent: bytes, received: str):
    assert CHAT(b'{"id": "' + sent + b'"}').id == received


def test_half_a_surrogate_pair_is_refused_strictly():
    data = json.dumps(COMPLETION | {"id": "\ud83d"})
    assert refusal(STRICT, data).data == data.encode()


def test_half_a_surrogate_pair_does_not_hide_another_fault():
    data = rb'{"id": "\ud83d", "x": \y}'
    assert refusal(CHAT, data).data == data


@pytest.mark.parametrize("text", ["NaN", "is NaN, -Infinity", ": NaN", '", NaN', "[Infinity", "\\"])
def test_text_about_constants_is_no_constant(text: str):
    sent = json.dumps({"id": text, "model": "NaN"})
    assert CHAT(sent).id == CHAT(sent.encode()).id == text


@pytest.mark.parametrize(
    "data", ['{"a": NaN}', '{"a":-Infinity}', '{"a": ": NaN", "b": [Infinity]}']
)
def test_constants_are_refused_in_text_too(data: str):
    assert "NaN and Infinity are not JSON" in str(refusal(CHAT, data))
    assert "NaN and Infinity are not JSON" in str(refusal(CHAT, data.encode()))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": None}, "id: Input should be a valid string"),
        ({"created": "1"}, "created: Input should be a valid integer"),
        ({"created": 1.0}, "created: Input should be a valid integer"),
        ({"created": True}, "created: Input should be a valid integer"),
        ({"object": "chat"}, "object: Input should be 'chat.completion'"),
        ({"choices": {}}, "choices: Input should be a valid array"),
        ({"choices": [CHOICE, 5]}, "choices.1: Input should be an object"),
        ({"choices": [{**CHOICE, "message": {}}]}, "choices.0.message.role: Field required"),
        (
            {"choices": [{**CHOICE, "message": {**MESSAGE, "tool_calls": [{"type": "new"}]}}]},
            "choices.0.message.tool_calls.0: Input tag 'new' found using 'type' does not match",
        ),
        ({"metadata": {"a": 1}}, "metadata.a: Input should be a valid string"),
    ],
)
def test_strict_decoding_names_what_does_not_fit(change: dict[str, Any], message: str):
    error = refusal(STRICT, COMPLETION | change)
    assert f"Expected JSON of ChatCompletion, but {message}" in str(error)
    assert CHAT(error.data).to_dict() == COMPLETION | change


@pytest.mark.parametrize("name", COMPLETION)
def test_strict_decoding_wants_what_is_required(name: str):
    rest = {each: value for each, value in COMPLETION.items() if each != name}
    assert f"but {name}: Field required" in str(refusal(STRICT, rest))


def test_strict_decoding_keeps_unknown_fields():
    assert STRICT(json.dumps(COMPLETION | {"new": 1})).to_dict()["new"] == 1


def test_strict_decoding_of_a_union_wants_a_known_member():
    strict = Decoder[ResponseStreamEvent](ResponseStreamEvent, strict=True)
    assert "Input tag 'new'" in str(refusal(strict, {"type": "new"}))
    assert "Unable to extract tag" in str(refusal(strict, {}))


def test_strict_decoding_is_strict_when_the_models_were_used_before():
    ChatCompletionMessage.model_validate({}).to_dict()
    ChatCompletionChoice.model_validate({}).to_dict()
    error = refusal(Decoder(ChatCompletionChoice, strict=True), {**CHOICE, "message": {}})
    assert "message.role: Field required" in str(error)
    lenient = Decoder[ChatCompletionChoice](ChatCompletionChoice)
    assert lenient(b'{"message": {"content": 5}}').message.content == 5


def test_decoders_of_a_type_share_its_validator():
    Decoder(Response)(b"{}")
    Decoder(Response, strict=False)(b"{}")
    with _building:
        entries = [key for key, (type_, _) in _validators.items() if type_ is Response]
    assert (id(Response), False) in entries
    assert len(entries) == len(set(entries)) <= 2


class Square(BaseModel):
    kind: Literal["square"]
    side: float


class Circle(BaseModel):
    kind: Literal["circle"]
    radius: float


class UnknownShape(UnknownMember):
    kind: Literal["(unknown)"]


class Unhashable(Tagged):
    __hash__ = None  # pyright: ignore[reportAssignmentType]


def test_unions_need_not_be_hashable_and_never_get_the_validator_of_another():
    gc.freeze()  # what other tests made is no garbage, and much to look through
    seen: set[int] = set()
    for index in range(60):
        first, other = (Square, Circle) if index % 2 else (Circle, Square)
        union = Annotated[first | UnknownShape, Unhashable("kind")]
        with pytest.raises(TypeError, match="unhashable"):
            hash(union)
        assert id(union) not in seen  # the cache keeps each alive, so that its id is not used again
        seen.add(id(union))
        decode = Decoder[object](union, strict=True)
        tag = first.model_fields["kind"].annotation
        del union
        gc.collect()
        name = "square" if first is Square else "circle"
        assert type(decode(json.dumps({"kind": name, "side": 1.5, "radius": 1.5}))) is first
        assert tag is not None
        assert other.__name__ not in repr(tag)
    gc.unfreeze()


@pytest.mark.parametrize("strict", [False, True])
def test_first_calls_from_several_threads_give_the_same(strict: bool):
    class Fresh(BaseModel):
        shapes: list[Annotated[Square | Circle | UnknownShape, Tagged("kind")]]

    start = Barrier(8)
    shared = Decoder[Fresh](Fresh, strict=strict)
    data = b'{"shapes": [{"kind": "square", "side": 2}]}'

    def first_call(index: int) -> Fresh:
        start.wait()
        return (shared if index % 2 else Decoder[Fresh](Fresh, strict=strict))(data)

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(first_call, range(8)))
    assert all(type(each.shapes[0]) is Square for each in made)
    assert made == [made[0]] * 8


@pytest.mark.parametrize("strict", [False, True])
def test_types_that_are_no_models_can_be_decoded(strict: bool):
    class Foreign(pydantic.BaseModel):
        value: int

    assert Decoder[Any](Foreign, strict=strict)(b'{"value": 1}').value == 1
    assert "value" in str(refusal(Decoder[Any](Foreign, strict=strict), {"value": "x"}))
    squares = Decoder[list[Square]](list[Square], strict=strict)
    assert squares(b'[{"kind": "square", "side": 1}]') == [Square(kind="square", side=1)]


class NoData:
    pass


@pytest.mark.parametrize("type_", [NoData, list[Barrier], 3])
@pytest.mark.parametrize("strict", [True, False])
def test_a_type_of_which_pydantic_knows_nothing_is_refused(type_: object, strict: bool):
    decoder = Decoder[Any](type_, strict=strict)
    for use in (decoder.prepare, lambda: decoder(b"{}")):
        with pytest.raises(InvalidTypeError, match="Nothing can be decoded into") as caught:
            use()
        assert "\n" not in str(caught.value)
        assert caught.value.__cause__ is not None


def test_a_validator_can_be_built_before_the_first_call():
    decoder = Decoder[dict[str, int]](dict[str, int])
    decoder.prepare()
    decoder.prepare()
    assert decoder(b'{"a": 1}') == {"a": 1}


@pytest.mark.parametrize("data", [None, 3, {"a": 1}, memoryview(b"{}")])
def test_what_is_neither_bytes_nor_text_is_refused(data: Any):
    with pytest.raises(
        InvalidTypeError, match=r"dict\[str, int\] cannot be decoded from a value of"
    ):
        Decoder(dict[str, int])(data)
