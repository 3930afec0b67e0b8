"""One response of a Realtime session: the answer of the model in the shape of this API's events.

Is given what the response was asked for and the state of the session; changes neither. Decides
what the model says or calls, and what is left of it when it is stopped.
"""

from __future__ import annotations

from base64 import b64encode
from bisect import bisect_right
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from openai_mock.answers.refused import refusing
from openai_mock.answers.words import plain_words
from openai_mock.content.json_values import objects_in
from openai_mock.content.tokens import Output, output, split
from openai_mock.content.tool_calls import tool_calls_of_response
from openai_mock.content.turns import turn_of_items
from openai_mock.content.usage import image_tokens, response_input_tokens
from openai_mock.refusals import Refusal
from openai_mock.sessions.realtime_settings import merged, output_of, voice_of
from openai_mock.sessions.sound import SoundFormat

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openai_mock.checking.body import JsonObject
    from openai_mock.content.tool_calls import ToolCall
    from openai_mock.state.ids import Identifiers

Stop: TypeAlias = Literal["client_cancelled", "turn_detected"]

MILLISECONDS_OF_A_TOKEN_HEARD, MILLISECONDS_OF_A_TOKEN_SAID = 100, 50
_ITS_OWN = ("input", "conversation")


class RealtimeAnswer:
    """The answer to one `response.create`.

    Args:
        wanted: The `response` of that event.
        session: The session as it stands.
        read: The items that it answers to, with transcripts of what is in them.
        conversation_id: The id of the conversation that it is part of; None for none.
        heard_ms: How much sound there is in these items.
        ids: Where ids are from.

    Attributes:
        id: Its id.
        is_done: Whether all of it has been told.
        sounds: What was said in each item, as sound.

    Raises:
        Refusal: No call meets the tools.
    """

    def __init__(
        self,
        wanted: JsonObject,
        *,
        session: JsonObject,
        read: Sequence[JsonObject],
        conversation_id: str | None,
        heard_ms: int,
        ids: Identifiers,
    ) -> None:
        own = {name: value for name, value in wanted.items() if name not in _ITS_OWN}
        self._settings = merged({**session, "metadata": None}, own)
        self._read = read
        self._conversation_id = conversation_id
        self._heard_ms = heard_ms
        self._ids = ids
        self._stopped: Stop | None = None
        self._cut = False
        self._items: list[JsonObject] = []
        self._text_tokens = self._said_ms = 0
        self.id = ids.new("resp_")
        self.is_done = False
        self.sounds: dict[str, bytes] = {}
        self._calls = self._called_now("response" if "tools" in own else "session")

    @property
    def joins_the_conversation(self) -> bool:
        """Whether its items become items of the conversation."""
        return self._conversation_id is not None

    @property
    def sound_format(self) -> SoundFormat:
        """The format in which it is said."""
        return SoundFormat.of(output_of(self._settings).get("format") or {})

    def stop(self, why: Stop) -> None:
        """Say no more: the events that are left tell what has been said."""
        self._stopped = why

    def events(self) -> Iterator[JsonObject]:
        """The response, without ids of events and places in the conversation."""
        yield {"type": "response.created", "response": self._response("in_progress")}
        for call in self._calls:
            if not self._stopped:
                yield from self._called(call)
        if not self._calls and not self._stopped:
            yield from self._said()
        self.is_done = True
        yield {"type": "response.done", "response": self._response(self._status)}

    def _called_now(self, owner: str) -> tuple[ToolCall, ...]:
        try:
            with refusing():
                return tool_calls_of_response(self._settings, self._read, seed=self.id)
        except Refusal as refusal:
            param = f"{owner}.{refusal.param}"
            raise Refusal(refusal.message, code=refusal.code, param=param) from refusal

    def _called(self, call: ToolCall) -> Iterator[JsonObject]:
        named = {"call_id": call.call_id, "name": call.name}
        item = {**self._new("function_call"), **named, "arguments": ""}
        place = {"response_id": self.id, "item_id": item["id"], "output_index": len(self._items)}
        yield from self._begun(item)
        told = ""
        for piece in split(call.input):
            if self._stopped:
                break
            told += piece
            self._text_tokens += 1
            delta = {"call_id": call.call_id, "delta": piece}
            yield {"type": "response.function_call_arguments.delta", **place, **delta}
        done = {**named, "arguments": told}
        yield {"type": "response.function_call_arguments.done", **place, **done}
        yield from self._ended({**item, "arguments": told})

    def _said(self) -> Iterator[JsonObject]:
        spoken = self._settings["output_modalities"] == ["audio"]
        kind, named = ("audio", "transcript") if spoken else ("text", "text")
        of_text = "response.output_audio_transcript" if spoken else "response.output_text"
        item: JsonObject = {**self._new("message"), "role": "assistant", "content": []}
        place: JsonObject = {
            "response_id": self.id,
            "item_id": item["id"],
            "output_index": len(self._items),
            "content_index": 0,
        }
        answer, sound = self._answer(spoken=spoken)
        yield from self._begun(item)
        part = {"type": kind, named: ""}
        yield {"type": "response.content_part.added", **place, "part": part}
        text, heard = "", b""
        for piece, sounding in zip_longest(answer.pieces, self.sound_format.pieces(sound)):
            if self._stopped:
                break
            if piece is not None:
                text += piece
                self._text_tokens += 1
                yield {"type": f"{of_text}.delta", **place, "delta": piece}
            if sounding is not None:
                heard += sounding
                told = b64encode(sounding).decode()
                yield {"type": "response.output_audio.delta", **place, "delta": told}
        self._cut = answer.cut and not self._stopped
        if spoken:
            self.sounds[item["id"]] = heard
            self._said_ms += self.sound_format.milliseconds(heard)
            yield {"type": "response.output_audio.done", **place}
        yield {"type": f"{of_text}.done", **place, named: text}
        part = {"type": kind, named: text}
        yield {"type": "response.content_part.done", **place, "part": part}
        yield from self._ended({**item, "content": [{"type": f"output_{kind}", named: text}]})

    def _new(self, kind: str) -> JsonObject:
        item_id = self._ids.new("item_")
        return {"id": item_id, "object": "realtime.item", "type": kind, "status": "in_progress"}

    def _begun(self, item: JsonObject) -> Iterator[JsonObject]:
        place = {"response_id": self.id, "output_index": len(self._items)}
        yield {"type": "response.output_item.added", **place, "item": item}
        if self.joins_the_conversation:
            yield {"type": "conversation.item.added", "item": item}

    def _ended(self, item: JsonObject) -> Iterator[JsonObject]:
        place = {"response_id": self.id, "output_index": len(self._items)}
        item = {**item, "status": "incomplete" if self._stopped or self._cut else "completed"}
        self._items.append(item)
        if self.joins_the_conversation:
            yield {"type": "conversation.item.done", "item": item}
        yield {"type": "response.output_item.done", **place, "item": item}

    def _answer(self, *, spoken: bool) -> tuple[Output, bytes]:
        """What is said, and how it sounds, as far as the limit of tokens lets it."""
        said, given = plain_words(turn_of_items(self._read)), self._settings["max_output_tokens"]
        limit = given if isinstance(given, int) else None
        if not spoken:
            return output(said, limit=limit), b""
        pieces = split(said)
        if limit is not None:
            # Sound takes tokens, too: as many pieces as both leave room for.
            room = bisect_right(
                range(1, len(pieces) + 1), limit, key=lambda number: self._cost(pieces[:number])
            )
            answer = output(said, limit=room)
        else:
            answer = Output(tuple(pieces))
        return answer, self._spoken(answer.text)

    def _cost(self, pieces: list[str]) -> int:
        sound = self._spoken("".join(pieces))
        return len(pieces) + _audio_tokens(self.sound_format.milliseconds(sound))

    def _spoken(self, text: str) -> bytes:
        return self.sound_format.spoken(text, speed=output_of(self._settings).get("speed") or 1.0)

    @property
    def _status(self) -> str:
        if self._stopped:
            return "cancelled"
        return "incomplete" if self._cut else "completed"

    def _response(self, status: str) -> dict[str, Any]:  # Any: JSON
        done = status != "in_progress"
        why = self._stopped or ("max_output_tokens" if self._cut else None)
        reason = {"reason": why} if why else {}
        settings = self._settings
        sound = {"format": output_of(settings).get("format"), "voice": voice_of(settings)}
        return {
            "id": self.id,
            "object": "realtime.response",
            "status": status,
            "status_details": {"type": status, **reason} if done else None,
            "output": list(self._items),
            "conversation_id": self._conversation_id,
            "output_modalities": self._settings["output_modalities"],
            "max_output_tokens": self._settings["max_output_tokens"],
            "audio": {"output": sound},
            "metadata": self._settings["metadata"],
            "usage": self._usage() if done else None,
        }

    def _usage(self) -> dict[str, object]:
        seen = sum(map(_image_tokens, self._read))
        text = response_input_tokens(self._settings, self._read) - seen
        heard = self._heard_ms // MILLISECONDS_OF_A_TOKEN_HEARD
        said = _audio_tokens(self._said_ms)
        of_input = {"text_tokens": text, "audio_tokens": heard, "image_tokens": seen}
        none_cached = {"text_tokens": 0, "audio_tokens": 0, "image_tokens": 0}
        return {
            "input_tokens": text + heard + seen,
            "output_tokens": self._text_tokens + said,
            "total_tokens": text + heard + seen + self._text_tokens + said,
            "input_token_details": {
                **of_input,
                "cached_tokens": 0,
                "cached_tokens_details": none_cached,
            },
            "output_token_details": {"text_tokens": self._text_tokens, "audio_tokens": said},
        }


def _image_tokens(item: JsonObject) -> int:
    images = (each for each in objects_in(item.get("content")) if each.get("type") == "input_image")
    return sum(image_tokens(str(each.get("image_url")), each.get("detail")) for each in images)


def _audio_tokens(milliseconds: int) -> int:
    return milliseconds // MILLISECONDS_OF_A_TOKEN_SAID
