"""The defaults of a server, and what no client could use.

The secrets are made up and public: they guard nothing but a server that repeats what it is told.
"""

from __future__ import annotations

import re

from openai_mock.errors import MockServerError

DEFAULT_API_KEY = "sk-openai-mock"
DEFAULT_WEBHOOK_SECRET = "whsec_b3BlbmFpLW1vY2sgc2lnbnMgd2ViaG9va3M="  # noqa: S105 - made up

_KEY = re.compile(r"[\x21-\x7e]+")


def checked_api_key(api_key: str) -> str:
    """Give the key back if it can stand in a header.

    Raises:
        MockServerError: It cannot.
    """
    if not _KEY.fullmatch(api_key):
        raise MockServerError(
            "The API key is empty, or has a blank, a line break or a character that is not ASCII, "
            "so no client could send it. Pass another api_key."
        )
    return api_key


def checked_webhook_secret(secret: str) -> str:
    """Give the secret back if it can sign.

    Raises:
        WebhookSecretError: It is empty or malformed.
    """
    from openai_webhooks import sign

    sign(b"", secret=secret, webhook_id="wh_0", timestamp=0)
    return secret
