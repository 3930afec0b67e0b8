"""`openai_types` under the name that users of the official package expect.

Each namespace is the module itself, so `openai_suite.types.chat.ChatCompletion` and
`openai_types.chat.ChatCompletion` are one class.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openai_types import *  # noqa: F403 - for type checkers, which do not see the line below
else:
    import openai_types

    __getattr__ = openai_types.__getattr__
