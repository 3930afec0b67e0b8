"""The page that shows what comes in and what goes out while it happens.

`middleware` keeps its routes apart from the API's, `routes` answers them, `feed` tells what is new,
`views` says it in JSON, and `static` is what browsers load. Nothing here changes the API.
"""

from __future__ import annotations

from openai_mock.page.middleware import Page

__all__ = ["Page"]
