"""Content that cannot be made as a refusal: how the API names what is wrong with the request."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from openai_mock.content.errors import ContentError, SchemaError
from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def refusing(param: str | None = None) -> Generator[None]:
    """Refuse the request if the block cannot make its content.

    Args:
        param: The parameter that is to blame; what the error names if None.

    Raises:
        Refusal: It cannot.
    """
    try:
        yield
    except ContentError as error:
        blamed = param or error.place or None
        raise Refusal(str(error), code=_code(error, blamed), param=blamed) from error


def _code(error: ContentError, param: str | None) -> str:
    if not isinstance(error, SchemaError):
        return "invalid_value"
    of_tool = (param or "").startswith(("tools", "functions"))
    return "invalid_function_parameters" if of_tool else "invalid_json_schema"
