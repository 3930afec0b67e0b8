"""The items of a Realtime session, with the sound that belongs to them.

Decides what clients see of an item, what the model reads of it, and what is refused about items.
Sound is seen only by those who retrieve an item; the model reads what is heard in it.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, TypeAlias

from openai_mock.content.transcripts import heard
from openai_mock.refusals import Refusal
from openai_mock.sessions.conversation import Conversation
from openai_mock.sessions.sound import sound_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from openai_mock.checking.body import JsonObject
    from openai_mock.sessions.sound import SoundFormat
    from openai_mock.state.ids import Identifiers

Sound: TypeAlias = "tuple[bytes, SoundFormat]"


class Items:
    """The items of one session.

    Args:
        ids: Where ids are from.
    """

    def __init__(self, ids: Identifiers) -> None:
        self._ids = ids
        self._sounds: dict[str, tuple[Sound | None, ...]] = {}
        self.conversation = Conversation()

    def create(
        self, given: JsonObject, sound_format: SoundFormat, param: str
    ) -> tuple[JsonObject, list[Sound | None]]:
        """An item of a client as it is kept, with an id, and the sound of each of its parts.

        Args:
            given: The item, as the client sends it.
            sound_format: The format of sound in it.
            param: What has it, for messages.

        Raises:
            Refusal: It cannot be taken.
        """
        item = {"id": self._ids.new("item_"), **given}
        item |= {"object": "realtime.item", "status": "completed"}
        content: list[JsonObject] = []
        sounds: list[Sound | None] = []
        for index, part in enumerate(item.get("content", ())):
            place = f"{param}.content[{index}]"
            if part.get("type") == "output_audio":
                message = "Audio of the assistant cannot be sent. Send its transcript as text."
                raise Refusal(message, code="invalid_value", param=place)
            sounds.append(None)
            if part.get("type") == "input_audio":
                sounds[-1] = sound_of(part.get("audio", ""), f"{place}.audio"), sound_format
            kept = {name: value for name, value in part.items() if name != "audio"}
            content.append({"transcript": None, **kept} if sounds[-1] else kept)
        return ({**item, "content": content} if "content" in item else item), sounds

    def check_output(self, item: JsonObject, param: str) -> None:
        """Return if an item is no output of a call that was never made.

        Raises:
            Refusal: It is.
        """
        if item["type"] != "function_call_output":
            return
        calls = [each for each in self.conversation if each["type"] == "function_call"]
        if not any(each.get("call_id") == item["call_id"] for each in calls):
            raise Refusal(
                f"Tool call ID '{item['call_id']}' not found in conversation. Send the call_id of "
                "a function_call that the conversation has.",
                code="invalid_tool_call_id",
                param=f"{param}.call_id",
            )

    def keep_sounds(self, item_id: str, *sounds: Sound | None) -> None:
        """Keep the sound of each part of an item."""
        self._sounds[item_id] = sounds

    def retrieved(self, item_id: str) -> JsonObject:
        """An item with its sound.

        Raises:
            Refusal: There is none with this id.
        """
        item = self.conversation.find(item_id)
        return self._with(item, lambda sound: {"audio": b64encode(sound[0]).decode()})

    def truncate(self, event: JsonObject) -> None:
        """Cut off what was not heard of an item of the model; its transcript goes, too.

        Raises:
            Refusal: It has no such sound.
        """
        item = self.conversation.find(event["item_id"])
        sounds = self._sounds.get(item["id"], ())
        if item.get("role") != "assistant" or not sounds or sounds[0] is None:
            message = "Only messages of the assistant in audio can be truncated. Name one of them."
            raise Refusal(message, code="invalid_value", param="item_id")
        if event["content_index"] != 0:
            message = f"The item has no content {event['content_index']}. Send 0."
            raise Refusal(message, code="invalid_value", param="content_index")
        sound, sound_format = sounds[0]
        longest, wanted = sound_format.milliseconds(sound), event["audio_end_ms"]
        if not 0 <= wanted <= longest:
            raise Refusal(
                f"Audio content of {longest}ms cannot be truncated at {wanted}ms. Send how much of "
                "it was played.",
                code="invalid_value",
                param="audio_end_ms",
            )
        kept = sound[: wanted * sound_format.bytes_a_millisecond]
        self.keep_sounds(item["id"], (kept, sound_format))
        self.conversation.replace(self._with(item, lambda _: {"transcript": ""}))

    def read(self, items: Iterable[JsonObject]) -> list[JsonObject]:
        """Items as the model has them: what is heard in those of the user is there as a text."""
        return [
            self._with(item, lambda sound: {"transcript": heard(sound[0])})
            if item.get("role") == "user"
            else item
            for item in items
        ]

    def milliseconds(self, items: Iterable[JsonObject]) -> int:
        """How much sound items have."""
        kept = (each for item in items for each in self._sounds.get(item["id"], ()))
        return sum(each[1].milliseconds(each[0]) for each in kept if each)

    def _with(self, item: JsonObject, more: Callable[[Sound], JsonObject]) -> JsonObject:
        """An item with more in its parts that have sound."""
        sounds = self._sounds.get(item["id"], ())
        if not any(sounds):
            return item
        content = [
            {**part, **more(sound)} if sound else part
            for part, sound in zip(item["content"], sounds, strict=True)
        ]
        return {**item, "content": content}
