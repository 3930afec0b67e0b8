"""What of a request must be the same from both packages."""

from __future__ import annotations

from typing import Any

from ..contract.recording_server import Recorded  # noqa: TID252 - test folders are no packages

# Any: JSON, and parts of forms.
Request = dict[str, Any]

# How the connection is used, what the body's own form says, and who is calling.
NOT_COMPARED = {
    "accept-encoding",
    "connection",
    "content-length",
    "content-type",
    "host",
    "transfer-encoding",
    "user-agent",
}
OFFICIAL_ONLY = "x-stainless-"


def sent(request: Recorded) -> Request:
    """A request without what may differ."""
    return {
        "method": request.method,
        "path": request.path,
        "query": sorted(request.query),
        "headers": {
            name: value
            for name, value in request.headers.items()
            if name not in NOT_COMPARED and not name.startswith(OFFICIAL_ONLY)
        },
        "media type": request.media_type if request.content else "",
        "body": _body(request),
    }


def _body(request: Recorded) -> Any:
    if request.media_type == "multipart/form-data":
        return sorted(request.parts(), key=repr)
    is_json = request.content and request.media_type == "application/json"
    return request.json() if is_json else request.content
