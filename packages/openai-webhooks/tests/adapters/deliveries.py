"""The deliveries that each adapter is tried with, and what each must answer."""

from typing import NamedTuple

from openai_types.webhooks import UnwrapWebhookEvent
from openai_webhooks import Webhook, sign
from openai_webhooks.errors import RefusalReason

SECRET = "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ=="
CAP = 2_000  # bytes
BODY = b'{"id":"evt_1","type":"response.completed", "data":{"id":"resp_\xc3\xbc"}}\n'
UNKNOWN = b'{"id":"evt_2","type":"moon.risen","data":{"phase":0.5}}'
REFUSED = "The webhook was refused."


class Counted:
    """Metrics that remember."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def received(self) -> None:
        self.calls.append("received")

    def accepted(self) -> None:
        self.calls.append("accepted")

    def refused(self, reason: RefusalReason) -> None:
        self.calls.append(reason)


class Case(NamedTuple):
    """A request, and what becomes of it."""

    body: bytes
    headers: dict[str, str]
    status: int
    text: str
    counted: str


def signed(body: bytes, *, secret: str = SECRET, timestamp: int | None = None) -> dict[str, str]:
    headers = sign(body, secret=secret, webhook_id="wh_1", timestamp=timestamp)
    return {"content-type": "application/json", **headers}


LARGE = b'{"type":"' + b"x" * CAP + b'"}'
REFUSED_REQUESTS = (
    *("forged body", "other secret", "unsigned", "replayed"),
    *("empty", "a form", "too large", "unreadable"),
)


def refused_requests() -> dict[str, Case]:
    """A case for each name, signed now: a signature of some minutes ago is refused for its age."""
    return {
        "forged body": Case(BODY + b" ", signed(BODY), 400, REFUSED, "signature_mismatch"),
        "other secret": Case(BODY, signed(BODY, secret="s"), 400, REFUSED, "signature_mismatch"),
        "unsigned": Case(
            BODY, {"content-type": "application/json"}, 400, REFUSED, "header_missing"
        ),
        "replayed": Case(BODY, signed(BODY, timestamp=1), 400, REFUSED, "timestamp_too_old"),
        "empty": Case(b"", {}, 400, REFUSED, "header_missing"),
        "a form": Case(
            b"a=b",
            {"content-type": "application/x-www-form-urlencoded"},
            400,
            REFUSED,
            "header_missing",
        ),
        "too large": Case(LARGE, signed(LARGE), 413, "The body is too large.", "too_large"),
        "unreadable": Case(b"[]", signed(b"[]"), 400, "The body is not a JSON object.", "accepted"),
    }


class Application:
    """What the code behind an adapter was given."""

    def __init__(self) -> None:
        self.events: list[UnwrapWebhookEvent] = []
        self.metrics = Counted()
        self.webhook = Webhook(SECRET, max_body_bytes=CAP, metrics=self.metrics)
