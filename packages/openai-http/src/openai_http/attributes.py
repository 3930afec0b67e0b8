"""The settings of a client as its attributes: to be read, and to be set for the calls that follow.

A setting is checked when it is set, as the client's arguments are. Copies of the client that were
made before keep what they have. What a setting means is said in `settings`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from openai_types.keys import check_given_key

from openai_http.attempts.retries import policy_of
from openai_http.settings import KEY_TO_COME, changed_retry, revised, with_key

if TYPE_CHECKING:
    from openai_types.keys import AsyncKeyFunction

    from openai_http.attempts.retries import RetryPolicy
    from openai_http.settings import Settings
    from openai_http.timing.timeout import Timeout, TimeoutTypes

KeyFunctionT = TypeVar("KeyFunctionT", bound="AsyncKeyFunction")


class Attributes(Generic[KeyFunctionT]):
    """The settings that can be read from a client, and set.

    Each raises an InvalidArgumentError when it is set to what cannot work.
    """

    _settings: Settings
    _asynchronous: bool

    def _set(self, name: str, value: object) -> None:
        self._settings = revised(self._settings, {name: value})

    @property
    def api_key(self) -> str:
        """The API key; empty where a header authenticates instead, or a function gives it."""
        return self._settings.api_key

    @api_key.setter
    def api_key(self, key: str | KeyFunctionT) -> None:
        check_given_key(key, asynchronous=self._asynchronous)
        self._settings = with_key(self._settings, key)

    @property
    def key_function(self) -> AsyncKeyFunction | None:
        """The function that is asked for the key before each attempt; None if there is none."""
        return self._settings.key_function

    @property
    def admin_api_key(self) -> str | None:
        """The key for the operations of an organization's administrators."""
        return self._settings.admin_api_key

    @admin_api_key.setter
    def admin_api_key(self, key: str | None) -> None:
        self._set("admin_api_key", key)

    @property
    def organization(self) -> str | None:
        """The organization to bill."""
        return self._settings.organization

    @organization.setter
    def organization(self, name: str | None) -> None:
        self._set("organization", name)

    @property
    def project(self) -> str | None:
        """The project to bill."""
        return self._settings.project

    @project.setter
    def project(self, name: str | None) -> None:
        self._set("project", name)

    @property
    def webhook_secret(self) -> str | None:
        """The secret that webhooks are signed with."""
        return self._settings.webhook_secret

    @webhook_secret.setter
    def webhook_secret(self, secret: str | None) -> None:
        self._set("webhook_secret", secret)

    @property
    def base_url(self) -> str:
        """The URL below which the operations are; it ends with a slash."""
        return self._settings.base_url

    @base_url.setter
    def base_url(self, url: object) -> None:
        self._set("base_url", url)

    @property
    def websocket_base_url(self) -> str | None:
        """The URL for WebSockets where it differs from `base_url`."""
        return self._settings.websocket_base_url

    @websocket_base_url.setter
    def websocket_base_url(self, url: object) -> None:
        self._set("websocket_base_url", url)

    @property
    def timeout(self) -> Timeout | None:
        """The limits of a call; None where the user's own HTTP client decides."""
        return self._settings.timeout

    @timeout.setter
    def timeout(self, timeout: TimeoutTypes) -> None:
        self._set("timeout", timeout)

    @property
    def max_retries(self) -> int:
        """How many times a failed request is sent again."""
        return self._settings.retry.max_retries

    @max_retries.setter
    def max_retries(self, count: int) -> None:
        self._set("retry", changed_retry(self._settings.retry, None, count))

    @property
    def retry(self) -> RetryPolicy:
        """When a failed request is sent again."""
        return self._settings.retry

    @retry.setter
    def retry(self, retry: RetryPolicy | int) -> None:
        self._set("retry", policy_of(retry))

    @property
    def deadline(self) -> float | None:
        """Seconds for all that a call does; None for no limit."""
        return self._settings.deadline

    @deadline.setter
    def deadline(self, seconds: float | None) -> None:
        self._set("deadline", seconds)

    @property
    def default_headers(self) -> dict[str, str]:
        """The headers of every request, with lower-case names and their secrets."""
        headers = self._settings.headers.items()
        return {name: value for name, value in headers if value != KEY_TO_COME}

    @property
    def default_query(self) -> dict[str, object]:
        """The query parameters of every request."""
        return dict(self._settings.default_query)

    @property
    def auth_headers(self) -> dict[str, str]:
        """The header that authenticates, with its secret."""
        key = self._settings.api_key
        return {"Authorization": f"Bearer {key}"} if key else {}

    @property
    def user_agent(self) -> str:
        """How the client names itself to servers; empty if a header that is left out does."""
        return self._settings.headers.get("user-agent", "")
