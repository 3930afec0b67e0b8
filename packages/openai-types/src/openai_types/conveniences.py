"""Hand-written properties of generated models; the description says which model has which."""

from __future__ import annotations

from typing import cast


class OutputText:
    """For models with an `output` of items whose messages hold text."""

    @property
    def output_text(self) -> str:
        """All text of the output's messages, joined; empty if there is none."""
        contents = (
            content
            for item in _items(self, "output")
            if getattr(item, "type", None) == "message"
            for content in _items(item, "content")
        )
        texts = (
            getattr(content, "text", None)
            for content in contents
            if getattr(content, "type", None) == "output_text"
        )
        return "".join(text for text in texts if isinstance(text, str))


class ContentText:
    """For messages whose `content` is a list of parts, some of which hold text."""

    @property
    def output_text(self) -> str:
        """All text of the content, joined; empty if there is none."""
        texts = (
            getattr(part, "text", None)
            for part in _items(self, "content")
            if getattr(part, "type", None) == "output_text"
        )
        return "".join(text for text in texts if isinstance(text, str))


def _items(model: object, name: str) -> list[object]:
    """The items of a field that should be a list, and holds what a server sent."""
    value: object = getattr(model, name, None)
    return cast("list[object]", value) if isinstance(value, list) else []
