"""A Realtime session, for talk or for transcripts.

Decides what answers each client event. How a response becomes events is in `realtime_response`,
what is heard in `listening` and `transcribing`, what the items are in `realtime_items`, and how the
session is set up in `realtime_settings`.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, cast

from openai_mock.content.json_values import as_object, objects_in
from openai_mock.faults.wire import Wait
from openai_mock.refusals import Refusal
from openai_mock.sessions.listening import Idle, InputSound, SpeechBegins, TurnDetection
from openai_mock.sessions.progress import Progress
from openai_mock.sessions.realtime_items import Items
from openai_mock.sessions.realtime_response import RealtimeAnswer
from openai_mock.sessions.realtime_settings import begun, check_wishes, input_of, updated
from openai_mock.sessions.session import Closing, Session
from openai_mock.sessions.sound import SoundFormat, sound_of
from openai_mock.sessions.transcribing import LOGPROBS, transcript_events

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openai_mock.checking.body import JsonObject
    from openai_mock.faults import Fault
    from openai_mock.sessions.progress import Told
    from openai_mock.sessions.realtime_response import Stop
    from openai_mock.sessions.realtime_settings import Kind
    from openai_mock.world import World

LONGEST_SECONDS = 3600
LEAST_MS = 100  # of sound that can be committed
REQUESTS, TOKENS, LIMIT_SECONDS = 1000, 200_000, 60  # that a minute allows
_OF_TRANSCRIPTS = (
    "session.update", "input_audio_buffer.append", "input_audio_buffer.clear",
    "input_audio_buffer.commit",
)  # fmt: skip


class RealtimeSession(Session):
    """One session.

    Args:
        model: The model that answers; nothing for transcripts.
        world: Has the ids and the clock.
        kind: What the session is for.
        settings: How it is set up besides, by the secret that opened it.
        is_call: Whether it is that of a phone call or of WebRTC, whose sound goes another way.
        faults: What goes wrong with its responses.
    """

    client_events = "realtime.RealtimeClientEventParam"

    def __init__(
        self,
        model: str,
        world: World,
        *,
        kind: Kind = "realtime",
        settings: Mapping[str, object] | None = None,
        is_call: bool = False,
        faults: tuple[Fault, ...] = (),
    ) -> None:
        super().__init__()
        self._world = world
        self._ids = ids = world.ids
        self._is_call = is_call
        self._faults = faults
        self._items = Items(ids)
        self._conversation_id = ids.new("conv_")
        self._expires_at = world.clock.seconds() + LONGEST_SECONDS
        self._session = begun(
            kind,
            model,
            settings or {},
            session_id=ids.new("sess_"),
            expires_at=self._expires_at,
        )
        self._input = InputSound(SoundFormat.of(as_object(input_of(self._session).get("format"))))
        self._next_item = ids.new("item_")  # which what is being said will be
        self._running: deque[tuple[RealtimeAnswer, Progress]] = deque()
        self._requests = self._tokens = 0
        self._has_spoken = False
        self._listed: set[str] = set()  # MCP servers
        self._speaking: str | None = None  # the response that a call plays
        self._begun: str | None = None  # the one that it has begun to play last

    def opening(self) -> list[JsonObject]:
        """What the server sends before the client has sent anything."""
        return [self._numbered({"type": "session.created", "session": dict(self._session)})]

    def receive(self, frame: bytes | str) -> Iterator[JsonObject]:
        """What the server answers to a frame at once."""
        return map(self._numbered, super().receive(frame))

    def proceed(self) -> Told | None:
        """The next event of a response in progress; several take turns."""
        wait: Wait | None = None
        for _ in range(len(self._running)):
            answer, progress = self._running.popleft()
            told = progress.next()
            if told is None:
                continue
            self._running.append((answer, progress))
            if isinstance(told, dict):
                return told if "event_id" in told else self._numbered(told)
            if not isinstance(told, Wait):
                return told
            wait = wait or told
        return wait

    def resume(self, wait: Wait) -> None:
        """A pause is over."""
        for _, progress in self._running:
            progress.resume(wait)

    def _numbered(self, event: JsonObject) -> JsonObject:
        return {**event, "event_id": self._ids.new("event_")}

    def _error(self, refusal: Refusal, event: JsonObject) -> JsonObject:
        event_id = event.get("event_id")
        named = event_id if isinstance(event_id, str) else None
        return {"type": "error", "error": {**refusal.error, "event_id": named}}

    def _precheck(self, event: JsonObject) -> None:
        if self._world.clock.now() >= self._expires_at:
            self.closing = Closing()
            message = "Your session hit the maximum duration of 60 minutes. Open a new one."
            raise Refusal(message, code="session_expired")
        kind = event.get("type")
        if self._session["type"] == "transcription" and kind not in _OF_TRANSCRIPTS:
            known = ", ".join(f"'{each}'" for each in _OF_TRANSCRIPTS)
            message = f"A transcription session does not take {kind!r}. It takes: {known}."
            raise Refusal(message, code="invalid_value", param="type")

    def _answers(self, event: JsonObject) -> Iterator[JsonObject]:
        match event["type"]:
            case "session.update":
                yield self._update(event["session"])
                yield from self._list_tools()
            case "conversation.item.create":
                yield from self._create(event["item"], event.get("previous_item_id"))
            case "conversation.item.retrieve":
                item = self._items.retrieved(event["item_id"])
                yield {"type": "conversation.item.retrieved", "item": item}
            case "conversation.item.delete":
                self._items.conversation.remove(event["item_id"])
                yield {"type": "conversation.item.deleted", "item_id": event["item_id"]}
            case "conversation.item.truncate":
                self._items.truncate(event)
                names = ("item_id", "content_index", "audio_end_ms")
                place = {name: event[name] for name in names}
                yield {"type": "conversation.item.truncated", **place}
            case "input_audio_buffer.append":
                yield from self._listen(sound_of(event["audio"], "audio"))
            case "input_audio_buffer.clear":
                self._input.take()
                yield {"type": "input_audio_buffer.cleared"}
            case "input_audio_buffer.commit":
                yield from self._commit()
            case _:
                yield from self._of_responses(event)

    def _of_responses(self, event: JsonObject) -> Iterator[JsonObject]:
        match event["type"]:
            case "response.create":
                self._respond(event.get("response") or {})
            case "response.cancel":
                yield from self._cancel(event.get("response_id"))
            case _:  # output_audio_buffer.clear
                yield self._clear_output()

    def _update(self, changes: JsonObject) -> JsonObject:
        self._session = updated(self._session, changes, has_spoken=self._has_spoken)
        sound_format = SoundFormat.of(as_object(input_of(self._session).get("format")))
        if sound_format != self._input.format:
            self._input = InputSound(sound_format, self._input.end_ms)
        return {"type": "session.updated", "session": dict(self._session)}

    def _list_tools(self) -> Iterator[JsonObject]:
        """List the tools of MCP servers that are new; nobody is asked, so there are none."""
        for tool in objects_in(self._session.get("tools")):
            label = tool.get("server_label")
            if not isinstance(label, str) or label in self._listed:
                continue
            self._listed.add(label)
            item: JsonObject = {"id": self._ids.new("mcpl_"), "type": "mcp_list_tools"}
            item |= {"server_label": label, "tools": []}
            yield {"type": "mcp_list_tools.in_progress", "item_id": item["id"]}
            added, done = self._added(item)
            yield added
            yield {"type": "mcp_list_tools.completed", "item_id": item["id"]}
            yield done

    def _create(self, given: JsonObject, after: str | None) -> Iterator[JsonObject]:
        self._items.check_output(given, "item")
        item, sounds = self._items.create(given, self._input.format, "item")
        yield from self._added(item, after)
        self._items.keep_sounds(item["id"], *sounds)

    def _added(self, item: JsonObject, after: str | None = None) -> Iterator[JsonObject]:
        before = self._items.conversation.add(item, after)
        yield {"type": "conversation.item.added", "item": item, "previous_item_id": before}
        yield {"type": "conversation.item.done", "item": item, "previous_item_id": before}

    def _listen(self, sound: bytes) -> Iterator[JsonObject]:
        described = input_of(self._session).get("turn_detection")
        settings, detection = as_object(described), TurnDetection.of(described)
        for each in self._input.append(sound, detection):
            named = {"item_id": self._next_item}
            if isinstance(each, SpeechBegins):
                began = {"audio_start_ms": each.at_ms}
                yield {"type": "input_audio_buffer.speech_started", **named, **began}
                if settings.get("interrupt_response", True):
                    yield from self._interrupt("turn_detected")
                continue
            if isinstance(each, Idle):
                told = {"audio_start_ms": each.from_ms, "audio_end_ms": each.until_ms}
                yield {"type": "input_audio_buffer.timeout_triggered", **named, **told}
            else:
                ended = {"audio_end_ms": each.at_ms}
                yield {"type": "input_audio_buffer.speech_stopped", **named, **ended}
            yield from self._committed(each.sound)
            talks = self._session["type"] == "realtime" and not self._in_conversation()
            if talks and settings.get("create_response", True):
                self._respond({})

    def _commit(self) -> Iterator[JsonObject]:
        if self._input.milliseconds < LEAST_MS:
            raise Refusal(
                "Error committing input audio buffer: buffer too small. Expected at least "
                f"{LEAST_MS}ms of audio, but buffer only has {self._input.milliseconds}.00ms of "
                "audio. Append some before, or leave commits to the turn detection.",
                code="input_audio_buffer_commit_empty",
            )
        yield from self._committed(self._input.take())

    def _committed(self, sound: bytes) -> Iterator[JsonObject]:
        """Make what was said a message of the user, and write it down if that is wanted."""
        item_id, self._next_item = self._next_item, self._ids.new("item_")
        before = self._items.conversation.last()
        told = {"item_id": item_id, "previous_item_id": before}
        yield {"type": "input_audio_buffer.committed", **told}
        self._items.keep_sounds(item_id, (sound, self._input.format))
        yield from self._added(
            {
                "id": item_id,
                "object": "realtime.item",
                "type": "message",
                "role": "user",
                "status": "completed",
                "content": [{"type": "input_audio", "transcript": None}],
            }
        )
        wanted = input_of(self._session).get("transcription")
        if wanted is not None:
            yield from transcript_events(
                sound,
                self._input.format,
                wanted,
                {"item_id": item_id, "content_index": 0},
                with_logprobs=LOGPROBS in (self._session.get("include") or ()),
            )

    def _respond(self, wanted: JsonObject) -> None:
        check_wishes(wanted, "response")
        joins = wanted.get("conversation", "auto") != "none"
        active = self._in_conversation()
        if joins and active:
            raise Refusal(
                f"Conversation already has an active response in progress: {active.id}. Wait until "
                "the response is finished before creating a new one.",
                code="conversation_already_has_active_response",
            )
        read = self._read_by(wanted)
        answer = RealtimeAnswer(
            wanted,
            session=self._session,
            read=self._items.read(read),
            conversation_id=self._conversation_id if joins else None,
            heard_ms=self._items.milliseconds(read),
            ids=self._ids,
        )
        self._requests += 1
        told = map(self._numbered, self._told(answer))
        self._running.append((answer, Progress(told, self._faults)))

    def _read_by(self, wanted: JsonObject) -> list[JsonObject]:
        """The items that a response answers to."""
        if "input" not in wanted:
            return list(self._items.conversation)
        read: list[JsonObject] = []
        for at, each in enumerate(wanted["input"]):
            if each["type"] == "item_reference":
                read.append(self._items.conversation.find(each["id"], f"response.input[{at}].id"))
                continue
            item, sounds = self._items.create(each, self._input.format, f"response.input[{at}]")
            self._items.keep_sounds(item["id"], *sounds)
            read.append(item)
        return read

    def _told(self, answer: RealtimeAnswer) -> Iterator[JsonObject]:
        """The events of a response, which change the session as they are told."""
        for event in answer.events():
            kind, item = event["type"], cast("JsonObject", event.get("item"))
            if kind == "conversation.item.added":
                event["previous_item_id"] = self._items.conversation.add(item, None)
            elif kind == "conversation.item.done":
                self._items.conversation.replace(item)
                self._keep_sound(answer, item)
                event["previous_item_id"] = self._items.conversation.before(item["id"])
            elif kind == "response.done":
                self._tokens += event["response"]["usage"]["total_tokens"]
            elif kind == "response.output_audio.delta" and self._is_call:
                yield from self._played(answer)
                continue  # the sound itself goes another way
            yield event
            if kind == "response.created":
                yield self._rate_limits()
            elif kind == "response.output_audio.done" and self._speaking == answer.id:
                self._speaking = None
                yield {"type": "output_audio_buffer.stopped", "response_id": answer.id}

    def _keep_sound(self, answer: RealtimeAnswer, item: JsonObject) -> None:
        sound = answer.sounds.get(item["id"])
        if sound is not None:
            self._has_spoken = True
            self._items.keep_sounds(item["id"], (sound, answer.sound_format))

    def _played(self, answer: RealtimeAnswer) -> Iterator[JsonObject]:
        if self._begun != answer.id:
            self._begun = self._speaking = answer.id
            yield {"type": "output_audio_buffer.started", "response_id": answer.id}

    def _clear_output(self) -> JsonObject:
        if not self._is_call:
            raise Refusal(
                "Only calls and WebRTC have a buffer of output on the server. Stop playing, and "
                "send 'conversation.item.truncate'.",
                code="invalid_value",
                param="type",
            )
        if self._speaking is None:
            message = "No audio is being played. Clear it after output_audio_buffer.started."
            raise Refusal(message, code="output_audio_buffer_empty")
        played, self._speaking = self._speaking, None
        return {"type": "output_audio_buffer.cleared", "response_id": played}

    def _in_conversation(self) -> RealtimeAnswer | None:
        """The response in progress that is part of the conversation."""
        active = (each for each, _ in self._running)
        return next(
            (each for each in active if each.joins_the_conversation and not each.is_done), None
        )

    def _cancel(self, response_id: str | None) -> Iterator[JsonObject]:
        if response_id is None:
            found = self._in_conversation()
        else:
            active = (each for each, _ in self._running if not each.is_done)
            found = next((each for each in active if each.id == response_id), None)
        if found is None:
            message = "Cancellation failed: no active response found. Cancel before response.done."
            raise Refusal(message, code="response_cancel_not_active")
        yield from self._stopped(found, "client_cancelled")

    def _interrupt(self, why: Stop) -> Iterator[JsonObject]:
        active = self._in_conversation()
        if active:
            yield from self._stopped(active, why)

    def _stopped(self, answer: RealtimeAnswer, why: Stop) -> Iterator[JsonObject]:
        """Stop a response; gives what is left to be told of it."""
        answer.stop(why)
        progress = next(each for known, each in self._running if known is answer)
        self._running = deque(each for each in self._running if each[0] is not answer)
        yield from progress.rest()

    def _rate_limits(self) -> JsonObject:
        """What the limits still allow; nothing is refused because of them."""
        used = (("requests", REQUESTS, self._requests), ("tokens", TOKENS, self._tokens))
        limits = [
            {
                "name": name,
                "limit": limit,
                "remaining": max(0, limit - gone),
                "reset_seconds": LIMIT_SECONDS * min(gone, limit) / limit,
            }
            for name, limit, gone in used
        ]
        return {"type": "rate_limits.updated", "rate_limits": limits}
