"""Lines of documentation: by hand where there is one, else by a rule that can only say what is true."""

from __future__ import annotations

from codegen.description import Description


class Docs:
    """The lines of one description."""

    def __init__(self, description: Description) -> None:
        self._written = description.docs

    def type_line(self, namespace: str, name: str) -> str:
        """The line of a type."""
        return self._written.get(f"{namespace}.{name}", "")

    def field_lines(self, namespace: str, name: str) -> dict[str, str]:
        """The lines of the fields of a dict that callers write."""
        return {}
