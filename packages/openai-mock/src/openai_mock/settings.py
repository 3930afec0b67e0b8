"""The defaults of a server, and what no client could use.

The secrets are made up and public: they guard nothing but a server that repeats what it is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from openai_mock.errors import MockServerError

DEFAULT_API_KEY = "sk-openai-mock"
DEFAULT_ADMIN_API_KEY = "sk-admin-openai-mock"
DEFAULT_WEBHOOK_SECRET = "whsec_b3BlbmFpLW1vY2sgc2lnbnMgd2ViaG9va3M="  # noqa: S105 - made up
DEFAULT_JOB_STEP_SECONDS = 1.0

_KEY = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True)
class Settings:
    """The keys and secrets of a server, and how fast things progress in it.

    Attributes:
        api_key: The key that clients have to send.
        admin_api_key: The key for the operations of administrators.
        webhook_secret: The secret that webhooks are signed with.
        webhook_url: Where all events are posted; None for nowhere but to registered endpoints.
        job_step_seconds: How many seconds of the clock each step of a job takes, such as that of a
            batch from "validating" to "in_progress"; with 0, jobs are ready at the first poll.
        indexing_seconds: How many seconds of the clock it takes until files are in a vector store.

    Raises:
        MockServerError: No client could send such a key, nothing can be posted to that URL, or a
            number of seconds is negative.
        WebhookSecretError: The secret is empty or malformed.
    """

    api_key: str = field(default=DEFAULT_API_KEY, repr=False)
    admin_api_key: str = field(default=DEFAULT_ADMIN_API_KEY, repr=False)
    webhook_secret: str = field(default=DEFAULT_WEBHOOK_SECRET, repr=False)
    webhook_url: str | None = None
    job_step_seconds: float = DEFAULT_JOB_STEP_SECONDS
    indexing_seconds: float = 0.0

    def __post_init__(self) -> None:
        from openai_webhooks import sign

        _check_key(self.api_key, "api_key")
        _check_key(self.admin_api_key, "admin_api_key")
        sign(b"", secret=self.webhook_secret, webhook_id="wh_0", timestamp=0)
        _check_url(self.webhook_url)
        _check_seconds(self.job_step_seconds, "job_step_seconds")
        _check_seconds(self.indexing_seconds, "indexing_seconds")


def _check_key(key: str, name: str) -> None:
    if not _KEY.fullmatch(key):
        raise MockServerError(
            f"The {name} is empty, or has a blank, a line break or a character that is not ASCII, "
            f"so no client could send it. Pass another {name}."
        )


def _check_url(url: str | None) -> None:
    if url is None:
        return
    try:
        parts = urlsplit(url)
        # Reading the port fails if it is none.
        possible = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        possible = False
    if not possible:
        raise MockServerError(
            f"The webhook_url {url!r} is not an http or https URL with a host. Pass that of a "
            "receiver, such as http://127.0.0.1:8000/webhook."
        )


def _check_seconds(seconds: float, name: str) -> None:
    if not seconds >= 0:
        raise MockServerError(f"The {name} is {seconds}. Pass 0 for at once, or more.")
