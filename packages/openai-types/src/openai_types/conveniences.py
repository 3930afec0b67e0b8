"""Hand-written properties of generated models; the description says which model has which."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast


class OutputText:
    """For models with an `output` of items whose messages hold text."""

    @property
    def output_text(self) -> str:
        """All text of the output's messages, joined; empty if there is none."""
        items = cast("Iterable[object]", getattr(self, "output", None) or ())
        contents = (
            content
            for item in items
            if getattr(item, "type", None) == "message"
            for content in cast("Iterable[object]", getattr(item, "content", None) or ())
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
        parts = cast("Iterable[object]", getattr(self, "content", None) or ())
        texts = (
            getattr(part, "text", None)
            for part in parts
            if getattr(part, "type", None) == "output_text"
        )
        return "".join(text for text in texts if isinstance(text, str))
