from __future__ import annotations

from codegen.emitting.overloads import Overloads
from codegen.emitting.signatures import Parameters
from codegen.operations import Operation, Parameter
from codegen.tests.made_up import described

STREAM = Parameter("stream", "body", required=False, wire="stream")
STREAMED = Operation(
    "zoo.watch",
    "post",
    "/zoo/watch",
    (STREAM,),
    ("zoo.AnimalCreateParams",),
    returns="zoo.Cat",
    streams="zoo.Animal",
)
ALWAYS = Operation("zoo.listen", "get", "/zoo/listen", returns="zoo.Animal", streams="zoo.Animal")
RAW, STREAMED_MODE = "openai_http.LegacyAPIResponse", "openai_http.AsyncResponseContextManager"


def overloads() -> Overloads:
    return Overloads(Parameters(described()))


def heads(operation: Operation, *, asynchronous: bool = False) -> list[str]:
    written = overloads().signatures(
        operation, "zoo.Cat", "Stream[zoo.Animal]", "Zoo", asynchronous=asynchronous
    )
    return [each.write("watch") for each in written]


def test_what_comes_back_by_whether_it_streams_in_each_mode():
    unpacked = "**params: Unpack[ZooWatchCall]"

    assert heads(STREAMED)[:4] == [
        (
            "def watch(self: Zoo[Decoded], *, stream: Literal[False] | None = NOT_GIVEN,"
            f" {unpacked}) -> zoo.Cat"
        ),
        (
            f"def watch(self: Zoo[Decoded], *, stream: Literal[True], {unpacked})"
            " -> Stream[zoo.Animal]"
        ),
        (
            f"def watch(self: Zoo[Decoded], *, stream: bool, {unpacked})"
            " -> zoo.Cat | Stream[zoo.Animal]"
        ),
        (
            "def watch(self: Zoo[Raw], *, stream: Literal[False] | None = NOT_GIVEN,"
            f" {unpacked}) -> {RAW}[zoo.Cat]"
        ),
    ]
    assert len(heads(STREAMED)) == 7


def test_what_gives_a_context_manager_is_no_coroutine_function():
    *awaited, _, last = heads(STREAMED, asynchronous=True)

    assert all(each.startswith("async def watch(") for each in awaited[:5])
    assert last.startswith("def watch(self: Zoo[Streamed], *, stream: Literal[True], ")
    assert last.endswith(f"-> {STREAMED_MODE}[openai_http.AsyncAPIResponse[Stream[zoo.Animal]]]")


def test_parameters_and_options_are_written_once():
    [given] = overloads().given(STREAMED)

    assert given == "class ZooWatchCall(zoo.AnimalCreateParams, StreamOptionsParams): ..."


def test_one_signature_is_enough_where_nothing_decides():
    assert not overloads().are_needed(ALWAYS)
    assert [*overloads().given(ALWAYS)] == []
