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
    """

    api_key: str = field(default=DEFAULT_API_KEY, repr=False)
    admin_api_key: str = field(default=DEFAULT_ADMIN_API_KEY, repr=False)
    webhook_secret: str = field(default=DEFAULT_WEBHOOK_SECRET, repr=False)
    webhook_url: str | None = None
    job_step_seconds: float = DEFAULT_JOB_STEP_SECONDS
    indexing_seconds: float = 0.0


def checked_api_key(api_key: str, name: str = "api_key") -> str:
    """Give the key back if it can stand in a header.

    Args:
        api_key: The key.
        name: The parameter that it was given for.

    Raises:
        MockServerError: It cannot.
    """
    if not _KEY.fullmatch(api_key):
        raise MockServerError(
            f"The {name} is empty, or has a blank, a line break or a character that is not ASCII, "
            f"so no client could send it. Pass another {name}."
        )
    return api_key


def checked_seconds(seconds: float, name: str) -> float:
    """Give a number of seconds back if time can take so long.

    Args:
        seconds: The number.
        name: The parameter that it was given for.

    Raises:
        MockServerError: It is negative or no number.
    """
    if not seconds >= 0:
        raise MockServerError(f"The {name} is {seconds}. Pass 0 for at once, or more.")
    return seconds


def checked_webhook_secret(secret: str) -> str:
    """Give the secret back if it can sign.

    Raises:
        WebhookSecretError: It is empty or malformed.
    """
    from openai_webhooks import sign

    sign(b"", secret=secret, webhook_id="wh_0", timestamp=0)
    return secret


def checked_webhook_url(url: str | None) -> str | None:
    """Give the URL of a receiver back if something can be posted there.

    Raises:
        MockServerError: It is no such URL.
    """
    if url is not None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise MockServerError(
                f"The webhook_url {url!r} is not an http or https URL with a host. Pass that of a "
                "receiver, such as http://127.0.0.1:8000/webhook."
            )
    return url
