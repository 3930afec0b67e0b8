"""`openai_types.chat` under the name that users of the official package expect."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openai_types.chat import *  # noqa: F403 - for type checkers, which do not see the line below
else:
    import openai_types.chat

    sys.modules[__name__] = openai_types.chat
