"""Handlers over streams in memory: which hooks are called, in which order, whatever ends them."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import anyio.lowlevel
import pytest
from openai_stream import (
    AssistantEventHandler,
    AssistantStreamManager,
    AsyncAssistantEventHandler,
    AsyncAssistantStreamManager,
    AsyncStream,
    EventReader,
    NothingInStreamError,
    Stream,
    StreamStalledError,
    StreamTruncatedError,
)
from openai_stream.terminal import runs
from openai_types import Decoder
from openai_types.beta import AssistantStreamEvent
from openai_types.errors import InvalidTypeError, OpenAIError
from openai_types.wire import ResponseLike
from pydantic_core import to_json

# Any: JSON, handlers of either colour, and what hooks get.

HOOKS = [each for each in vars(AssistantEventHandler) if each.startswith("on_")]
MESSAGE: dict[str, Any] = {"id": "msg", "object": "thread.message", "content": []}
STEP = {"id": "step", "object": "thread.run.step", "step_details": {"type": "tool_calls"}}


def event(name: str, **data: Any) -> dict[str, Any]:
    return {"event": f"thread.{name}", "data": data}


def said(*content: dict[str, Any]) -> dict[str, Any]:
    return event("message.delta", id="msg", delta={"content": [*content]})


def text(index: int, value: str) -> dict[str, Any]:
    return {"index": index, "type": "text", "text": {"value": value}}


def called(*calls: dict[str, Any]) -> dict[str, Any]:
    details = {"type": "tool_calls", "tool_calls": [*calls]}
    return event("run.step.delta", id="step", delta={"step_details": details})


def call(index: int, arguments: str, **more: Any) -> dict[str, Any]:
    return {"index": index, "type": "function", "function": {"arguments": arguments}, **more}


BEGIN = event("run.created", id="run", status="queued")
END = event("run.completed", id="run", status="completed")
HELLO = [BEGIN, event("message.created", **MESSAGE), said(text(0, "Hel")), said(text(0, "lo"))]


class Source:
    """A body of events; an exception among them is raised in its place."""

    def __init__(self, response: ResponseLike, pieces: tuple[Any, ...]) -> None:
        self.response = response
        self.pieces = iter(pieces)
        self.released = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = next(self.pieces)
        if isinstance(piece, BaseException):
            raise piece
        return piece if isinstance(piece, bytes) else b"data: %b\n\n" % to_json(piece)

    def close(self) -> None:
        self.released += 1

    def abort(self) -> None:
        self.released += 1

    def abandon(self, chunks: object) -> None:
        del chunks
        self.released += 1


class AsyncSource(Source):
    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        await anyio.lowlevel.checkpoint()
        try:
            return next(self)
        except StopIteration:
            raise StopAsyncIteration from None

    async def aclose(self) -> None:
        self.close()


def noting(base: type[Any], log: list[tuple[Any, ...]], fails: str) -> type[Any]:
    """A handler that notes what is called; one of its hooks may fail."""

    def hook(name: str) -> Any:
        def note(self: Any, *arguments: Any) -> None:
            del self
            log.append((name, *arguments))
            if name == fails:
                raise ValueError(name)

        async def note_async(self: Any, *arguments: Any) -> None:
            await anyio.lowlevel.checkpoint()
            note(self, *arguments)

        return note_async if base is AsyncAssistantEventHandler else note

    return type("Noting", (base,), {name: hook(name) for name in HOOKS})


class Colour:
    """Lets a test be written once for both kinds of handler."""

    def __init__(self, kind: str, response: ResponseLike) -> None:
        self.is_async = kind == "async"
        self.base: Any = AsyncAssistantEventHandler if self.is_async else AssistantEventHandler
        self.response = response
        self.log: list[tuple[Any, ...]] = []

    def open(self, *pieces: Any, fails: str = "", handler: Any = None) -> tuple[Any, Any]:
        """A source, and the manager of a handler that reads it."""
        decode = Decoder[AssistantStreamEvent](AssistantStreamEvent)
        reader = EventReader(decode, runs())
        made = handler or noting(self.base, self.log, fails)()
        if not self.is_async:
            source = Source(self.response, pieces)
            return source, AssistantStreamManager(
                lambda: Stream(source, reader), event_handler=made
            )
        asynchronous = AsyncSource(self.response, pieces)

        async def opened() -> Any:
            return AsyncStream(asynchronous, reader)

        return asynchronous, AsyncAssistantStreamManager(opened, event_handler=made)

    async def run(self, manager: Any, method: str = "until_done") -> Any:
        """Enter the manager and call a method of the handler."""
        if self.is_async:
            async with manager as handler:
                return await self.wait(getattr(handler, method))
        with manager as handler:
            return await self.wait(getattr(handler, method))

    async def wait(self, method: Any) -> Any:
        """What a method of the handler gives."""
        return await method() if self.is_async else method()

    def hooks(self, *names: str) -> list[str]:
        """The hooks that were called; only some of them, if names are given."""
        return [each for each, *_ in self.log if not names or each in names]


@pytest.fixture(params=["sync", "async"])
def colour(request: pytest.FixtureRequest, response: ResponseLike) -> Colour:
    return Colour(request.param, response)


pytestmark = pytest.mark.anyio


async def test_a_message_calls_its_hooks_in_order(colour: Colour):
    whole = {**MESSAGE, "content": [{"type": "text", "text": {"value": "Hello"}}]}
    source, manager = colour.open(*HELLO, event("message.completed", **whole), END)
    run = await colour.run(manager, "get_final_run")
    assert run.status == "completed"
    assert [each for each in colour.hooks() if each != "on_event"] == [
        "on_message_created",
        "on_text_created",
        "on_text_delta",
        "on_message_delta",
        "on_text_delta",
        "on_message_delta",
        "on_text_done",
        "on_message_done",
        "on_end",
    ]
    deltas = [(a.value, b.value) for _, a, b in each_with(colour, "on_text_delta", 2)]
    assert deltas == [("Hel", "Hel"), ("lo", "Hello")]
    assert [text.value for _, text in each_with(colour, "on_text_done", 1)] == ["Hello"]
    assert source.released


def each_with(colour: Colour, hook: str, arguments: int) -> list[tuple[Any, ...]]:
    found = [each for each in colour.log if each[0] == hook]
    assert all(len(each) == arguments + 1 for each in found)
    return found


async def test_contents_that_follow_each_other_are_done_one_by_one(colour: Colour):
    image = {"index": 1, "type": "image_file", "image_file": {"file_id": "file"}}
    whole = [{"type": "text", "text": {"value": "a"}}, {**image}, text(2, "b")]
    events = [said(text(0, "a")), said(image), said(text(2, "b"))]
    _, manager = colour.open(
        *events, event("message.completed", **MESSAGE | {"content": whole}), END
    )
    await colour.run(manager)
    ended = [(hook, *rest) for hook, *rest in colour.log if hook.endswith("_done")]
    assert [hook for hook, *_ in ended] == [
        "on_text_done",
        "on_image_file_done",
        "on_text_done",
        "on_message_done",
    ]
    assert [ended[0][1].value, ended[1][1].file_id, ended[2][1].value] == ["a", "file", "b"]


async def test_calls_of_tools_are_created_grow_and_are_done_once(colour: Colour):
    _, manager = colour.open(
        event("run.step.created", **STEP),
        called(call(0, "", id="a")),
        called(call(0, "{}")),
        called(call(1, "", id="b")),
        event("run.step.completed", **STEP),
        END,
    )
    await colour.run(manager)
    names = ("on_tool_call_created", "on_tool_call_delta", "on_tool_call_done", "on_run_step_done")
    calls = [
        (hook, *(each.id for each in rest[-1:]), rest[-1].function.arguments)
        for hook, *rest in colour.log
        if hook in names[:3]
    ]
    assert calls == [
        ("on_tool_call_created", "a", ""),
        ("on_tool_call_delta", "a", "{}"),
        ("on_tool_call_done", "a", "{}"),
        ("on_tool_call_created", "b", ""),
        ("on_tool_call_done", "b", ""),
    ]
    assert colour.hooks(*names)[-1] == "on_run_step_done"


async def test_calls_of_the_next_step_are_new_calls(colour: Colour):
    other = called(call(0, "", id="c"))
    other["data"]["id"] = "other"
    _, manager = colour.open(
        called(call(0, "", id="a")), other, event("run.requires_action", id="run")
    )
    await colour.run(manager)
    assert colour.hooks("on_tool_call_created", "on_tool_call_done") == [
        "on_tool_call_created",
        "on_tool_call_done",
        "on_tool_call_created",
        "on_tool_call_done",
    ]


async def test_a_stream_that_is_cut_tells_hooks_first_and_keeps_what_came(colour: Colour):
    source, manager = colour.open(*HELLO)
    with pytest.raises(StreamTruncatedError) as caught:
        await colour.run(manager)
    assert colour.hooks("on_exception", "on_timeout", "on_end") == ["on_exception", "on_end"]
    assert each_with(colour, "on_exception", 1)[0][1] is caught.value
    assert source.released


async def test_a_block_whose_stream_is_never_read_calls_no_hook(colour: Colour):
    source, manager = colour.open(*HELLO)
    await colour.run(manager, "close")
    assert colour.hooks() == []
    assert source.released


async def test_an_interruption_is_no_exception_but_an_end(colour: Colour):
    source, manager = colour.open(BEGIN, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        await colour.run(manager)
    assert colour.hooks("on_exception", "on_timeout", "on_end") == ["on_end"]
    assert source.released


async def test_a_stall_is_a_timeout(colour: Colour):
    stall = StreamStalledError("stalled", limit="idle_timeout", seconds=3)
    _, manager = colour.open(BEGIN, stall)
    with pytest.raises(StreamStalledError):
        await colour.run(manager)
    assert colour.hooks()[-3:] == ["on_timeout", "on_exception", "on_end"]


@pytest.mark.parametrize("fails", ["on_event", "on_text_delta", "on_end", "on_message_done"])
async def test_a_hook_that_fails_ends_the_stream_with_its_error(colour: Colour, fails: str):
    source, manager = colour.open(*HELLO, event("message.completed", **MESSAGE), END, fails=fails)
    with pytest.raises(ValueError, match=fails):
        await colour.run(manager)
    assert colour.hooks("on_end") == ["on_end"]
    assert source.released


async def test_a_hook_that_fails_has_told_its_event_until_the_end(colour: Colour):
    seen: list[Any] = []

    def fail(*arguments: Any) -> None:
        raise ValueError(arguments)

    def note(*arguments: Any) -> None:
        seen.append((handler.current_event.event, len(arguments)))

    async def fail_async(*arguments: Any) -> None:
        fail(*arguments)

    async def note_async(*arguments: Any) -> None:
        note(*arguments)

    handler = colour.base()
    handler.on_text_created = fail_async if colour.is_async else fail
    handler.on_exception = handler.on_end = note_async if colour.is_async else note
    _, manager = colour.open(*HELLO, END, handler=handler)
    with pytest.raises(ValueError, match="Hel"):
        await colour.run(manager)
    assert seen == [("thread.message.delta", 1), ("thread.message.delta", 0)]
    assert handler.current_event is None


@pytest.mark.parametrize("wrong", [AssistantEventHandler, AsyncAssistantEventHandler, object()])
async def test_what_is_no_handler_of_this_kind_is_refused(colour: Colour, wrong: Any):
    other = AssistantEventHandler if colour.is_async else AsyncAssistantEventHandler
    for given in (wrong, other()):
        with pytest.raises(InvalidTypeError, match="event_handler takes an instance of a class"):
            colour.open(*HELLO, END, handler=given)


async def test_leaving_the_block_early_ends_the_iteration_once(colour: Colour):
    source, manager = colour.open(*HELLO, END)
    if colour.is_async:
        async with manager as handler:
            assert (await anext(handler)).event == "thread.run.created"
            await handler.close()
    else:
        with manager as handler:
            assert next(handler).event == "thread.run.created"
            handler.close()
    assert colour.hooks("on_end", "on_exception") == ["on_end"]
    assert handler.outcome == "cancelled"
    assert handler.response is colour.response
    assert handler.current_run.id == "run"
    assert source.released


async def test_leaving_a_loop_lets_go_of_the_connection(colour: Colour):
    source, manager = colour.open(*HELLO, END)
    if colour.is_async:
        async with manager as handler:
            async for _ in handler:
                break
            assert source.released
    else:
        with manager as handler:
            for _ in handler:
                break
            assert source.released
    with pytest.raises(OpenAIError, match="loop over this stream was left"):
        await colour.wait(handler.until_done)


async def test_a_handler_is_relayed_as_the_api_sends_it_and_its_hooks_are_called(colour: Colour):
    _, manager = colour.open(*HELLO, END, b"data: [DONE]\n\n")
    if colour.is_async:
        async with manager as handler:
            pieces = [piece async for piece in handler.to_sse()]
    else:
        with manager as handler:
            pieces = [*handler.to_sse()]
    assert pieces[0] == b'event: thread.run.created\ndata: {"id":"run","status":"queued"}\n\n'
    assert pieces[-1] == b"data: [DONE]\n\n"
    assert len([*Stream.from_sse(pieces, AssistantStreamEvent)]) == 5
    assert colour.hooks("on_text_delta", "on_end") == ["on_text_delta"] * 2 + ["on_end"]


async def test_snapshots_can_be_read_while_hooks_are_called(colour: Colour):
    seen: list[tuple[Any, ...]] = []

    def look(event: Any) -> None:
        step, message = handler.current_run_step_snapshot, handler.current_message_snapshot
        assert handler.current_event is event
        seen.append((handler.current_run and handler.current_run.id, step and step.id, message))

    async def look_async(event: Any) -> None:
        look(event)

    handler = colour.base()
    handler.on_event = look_async if colour.is_async else look
    events = [BEGIN, event("run.step.created", **STEP), *HELLO[1:]]
    _, manager = colour.open(*events, event("run.step.completed", **STEP), END, handler=handler)
    await colour.run(manager)
    assert [(run, step) for run, step, _ in seen] == [
        (None, None),
        ("run", None),
        ("run", "step"),
        ("run", "step"),
        ("run", "step"),
        ("run", "step"),
        ("run", None),
    ]
    assert seen[-1][2].content[0].text.value == "Hello"
    assert handler.current_event is None
    assert [each.id for each in handler.partial.steps] == ["step"]


async def test_text_deltas_are_the_text_as_it_comes(colour: Colour):
    odd = [said(), said({"index": 1, "type": "text"}), event("message.delta", id="msg")]
    _, manager = colour.open(*HELLO, *odd, END)
    if colour.is_async:
        async with manager as handler:
            found = [each async for each in handler.text_deltas]
    else:
        with manager as handler:
            found = [*handler.text_deltas]
    assert found == ["Hel", "lo"]
    assert colour.hooks("on_end") == ["on_end"]


@pytest.mark.parametrize("what", ["run", "run_steps", "messages"])
async def test_what_did_not_come_is_a_documented_error(colour: Colour, what: str):
    _, manager = colour.open(event("new"), b"data: [DONE]\n\n")
    with pytest.raises(NothingInStreamError, match=r"There was no .* in the stream: no event"):
        await colour.run(manager, f"get_final_{what}")


@pytest.mark.parametrize(("what", "ids"), [("run_steps", ["step"]), ("messages", ["msg"])])
async def test_steps_and_messages_are_given_at_the_end(colour: Colour, what: str, ids: list[str]):
    _, manager = colour.open(*HELLO, called(call(0, "")), END)
    assert [each.id for each in await colour.run(manager, f"get_final_{what}")] == ids


async def test_a_handler_reads_one_stream(colour: Colour):
    handler = colour.base()
    await colour.run(colour.open(*HELLO, END, handler=handler)[1])
    with pytest.raises(OpenAIError, match="Make a new one for each stream"):
        await colour.run(colour.open(END, handler=handler)[1])


async def test_a_handler_without_a_stream_says_how_to_give_it_one(colour: Colour):
    handler = colour.base()
    assert handler.outcome is None
    handler.cancel()
    await colour.wait(handler.close)
    with pytest.raises(OpenAIError, match="event_handler="):
        await colour.wait(handler.until_done)


async def test_odd_events_call_hooks_without_failing(colour: Colour):
    odd = [
        {"event": None},
        {"event": "thread.new", "data": None},
        {"event": "thread.message.delta", "data": None},
        {"event": "thread.message.delta", "data": {"delta": {"content": [{"type": "text"}, 3]}}},
        said({"index": 0, "type": "text"}),
        said({"index": 1, "type": "text", "text": "odd"}),
        said({"index": 2, "type": "new"}, text(3, "")),
        {"event": "thread.run.step.delta", "data": {"delta": {"step_details": 3}}},
        {"event": "thread.message.completed", "data": 3},
    ]
    _, manager = colour.open(*odd, END)
    await colour.run(manager)
    assert colour.hooks("on_event", "on_exception") == ["on_event"] * 10
