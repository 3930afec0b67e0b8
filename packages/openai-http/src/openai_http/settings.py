"""The settings of a client: from its arguments and the environment, checked once.

Decides what is taken from where, and refuses what could only fail later. It opens nothing.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlunsplit

from openai_types.configuration import (
    AUTHENTICATING,
    KEY_VARIABLE,
    check_header,
    find_base_url,
    find_key,
)
from openai_types.errors import InvalidArgumentError, InvalidTypeError, OpenAIError

from openai_http.attempts.retries import RetryPolicy, policy_of
from openai_http.sentinels import NotGiven, Omit, is_given
from openai_http.timing.deadlines import check_seconds
from openai_http.timing.timeout import DEFAULT_TIMEOUT, Timeout
from openai_http.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai_types.keys import AsyncKeyFunction

    from openai_http.hooks.hook import Audience
    from openai_http.timing.timeout import TimeoutTypes

V = TypeVar("V")

ADMIN_KEY_VARIABLE = "OPENAI_ADMIN_KEY"

KEY_TO_COME = "Bearer (asked for)"
"""The header that authenticates, until the function that gives the key is asked for it."""

_USUAL_RETRY = RetryPolicy()

_OF_BODY = frozenset({"content-length", "transfer-encoding"})
_HEADERS_VARIABLE = "OPENAI_CUSTOM_HEADERS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a client was told; `headers` are those of every request, with lower-case names.

    Attributes:
        api_key: the key; empty where a header of the user authenticates instead, where only the
            admin key was given, or where a function gives the key.
        key_function: gives the key, which takes the place of KEY_TO_COME in a request.
        admin_api_key: the key for the operations of an organization's administrators.
        base_url: with a slash at its end, below which the operations' paths are.
        timeout: None where the user's own HTTP client decides.
        retry: when a failed request is sent again.
        deadline: seconds for all that a call does; None for no limit.
        first_event_timeout: seconds to the first event of a stream; None for no limit.
        idle_timeout: seconds between two events of a stream; None for no limit.
        idempotency_keys: send one with each POST that was not given any.
        user_agent: what names the program to servers, if it is not this package.
        custom_headers: what the user added, without what this package adds.
        strict: refuse answers that are not what the API describes.
        audience: who is told of calls.
    """

    api_key: str = field(repr=False)
    admin_api_key: str | None = field(repr=False)
    base_url: str = field(repr=False)  # it may have a password
    websocket_base_url: str | None
    organization: str | None
    project: str | None
    webhook_secret: str | None = field(repr=False)
    timeout: Timeout | None
    retry: RetryPolicy
    deadline: float | None
    first_event_timeout: float | None
    idle_timeout: float | None
    idempotency_keys: bool
    user_agent: str | None
    custom_headers: Mapping[str, str | Omit] = field(repr=False)
    default_query: Mapping[str, object] = field(repr=False)
    strict: bool
    headers: Mapping[str, str] = field(repr=False)
    audience: Audience | None = field(default=None, repr=False)
    key_function: AsyncKeyFunction | None = field(default=None, repr=False)

    def headers_for(self, *, admin: bool) -> Mapping[str, str]:
        """The headers of a request of an operation that takes this kind of key.

        Raises:
            OpenAIError: that key was not given.
        """
        if AUTHENTICATING & {*self.custom_headers}:
            return self.headers
        if admin:
            if self.admin_api_key is None:
                raise OpenAIError(
                    "This operation takes an admin key. Set the environment variable"
                    f" {ADMIN_KEY_VARIABLE}, or pass admin_api_key=... to the client."
                )
            return {**self.headers, "authorization": bearer(self.admin_api_key)}
        if not self.api_key and self.key_function is None:
            find_key(None)
        return self.headers


def read_settings(
    *,
    api_key: str | AsyncKeyFunction | None,
    admin_api_key: str | None,
    organization: str | None,
    project: str | None,
    webhook_secret: str | None,
    base_url: object | None,
    websocket_base_url: object | None,
    timeout: TimeoutTypes,
    max_retries: int,
    retry: RetryPolicy | int | None,
    deadline: float | None,
    first_event_timeout: float | None,
    idle_timeout: float | None,
    idempotency_keys: bool,
    user_agent: str | None,
    default_headers: Mapping[str, str | Omit] | None,
    default_query: Mapping[str, object] | None,
    strict: bool,
    own_timeout: bool,  # the user's own HTTP client was given one
    audience: Audience | None = None,
) -> Settings:
    """Take what is not given from the environment; the arguments are those of `Client`.

    Raises:
        OpenAIError: a setting is missing or cannot work; the message names it and the remedy.
    """
    _check_limit("deadline", deadline)
    _check_limit("first_event_timeout", first_event_timeout)
    _check_limit("idle_timeout", idle_timeout)
    given = lower_case(dict_in("default_headers", default_headers))
    custom = {**_headers_of_environment(), **given}
    organization = organization or os.environ.get("OPENAI_ORG_ID")
    project = project or os.environ.get("OPENAI_PROJECT_ID")
    admin_key = admin_api_key or os.environ.get(ADMIN_KEY_VARIABLE) or None
    optional = bool(AUTHENTICATING & custom.keys() or admin_key)
    key, key_function = _api_key(api_key, optional=optional)
    return Settings(
        api_key=key,
        admin_api_key=_optional_key(admin_key),
        base_url=_base_url(base_url),
        websocket_base_url=_optional_url(websocket_base_url),
        organization=organization,
        project=project,
        webhook_secret=webhook_secret or os.environ.get("OPENAI_WEBHOOK_SECRET"),
        timeout=_timeout(timeout, own_timeout=own_timeout),
        retry=changed_retry(_USUAL_RETRY, retry, max_retries),
        deadline=deadline,
        first_event_timeout=first_event_timeout,
        idle_timeout=idle_timeout,
        idempotency_keys=idempotency_keys,
        user_agent=user_agent,
        custom_headers=custom,
        default_query=dict_in("default_query", default_query),
        strict=strict,
        headers=_headers(key or key_function, organization, project, user_agent, custom),
        audience=audience,
        key_function=key_function,
    )


def revised(old: Settings, changes: Mapping[str, object]) -> Settings:
    """The settings with some changed, as a copy of a client has them; `changes` are arguments.

    Raises:
        OpenAIError: one of them cannot work.
    """
    for name in _SECONDS & changes.keys():
        _check_limit(name, changes[name])
    checked = {name: _CHECKS.get(name, _as_it_is)(value) for name, value in changes.items()}
    if "api_key" in changes:
        checked["api_key"], checked["key_function"] = _api_key(checked["api_key"])
    new = replace(old, **checked)
    if not _IN_HEADERS & changes.keys():
        return new
    key = new.api_key or new.key_function
    headers = _headers(key, new.organization, new.project, new.user_agent, new.custom_headers)
    return replace(new, headers=headers)


def with_key(old: Settings, api_key: str | AsyncKeyFunction) -> Settings:
    """The settings with another key, or another function that gives it.

    Raises:
        InvalidArgumentError: it cannot be one, or a header authenticates instead of the key.
    """
    if AUTHENTICATING & old.custom_headers.keys():
        raise InvalidArgumentError(
            "A header of default_headers authenticates this client, so that the key would not be"
            " used. Change the header: with_options(default_headers=...)."
        )
    return revised(old, {"api_key": api_key})


def changed_retry(
    old: RetryPolicy, retry: RetryPolicy | int | None, max_retries: int
) -> RetryPolicy:
    """The policy of a copy; `max_retries` leaves the rest of it as it is.

    Raises:
        OpenAIError: both are given, or what is given cannot work.
    """
    if not is_given(max_retries):
        return old if retry is None else policy_of(retry)
    if retry is not None:
        raise InvalidArgumentError(
            "Pass retry=RetryPolicy(max_retries=...), or max_retries, not both."
        )
    return replace(old, max_retries=max_retries)


def bearer(key: str) -> str:
    """The header that authenticates with a key."""
    return f"Bearer {key}"


def lower_case(headers: Mapping[str, str | Omit]) -> dict[str, str | Omit]:
    """Headers by their lower-case names, so that a later one replaces an earlier one.

    Raises:
        InvalidTypeError: a name is no text.
    """
    try:
        return {name.lower(): value for name, value in headers.items()}
    except AttributeError as error:
        raise InvalidTypeError("The name of a header is no text. Pass a dict of texts.") from error


def dict_in(name: str, value: Mapping[str, V] | None) -> Mapping[str, V]:
    """What an argument holds that takes a dict; nothing, if it was not given.

    Raises:
        InvalidTypeError: it is something else.
    """
    if not value:
        return {}
    if not isinstance(cast("object", value), Mapping):
        raise InvalidTypeError(f"{name} is of type {type(value).__name__}. Pass a dict.")
    return value


def merge_headers(headers: Mapping[str, str], more: Mapping[str, str | Omit]) -> dict[str, str]:
    """Add headers to others; `omit` removes one.

    Raises:
        OpenAIError: one has a character that a header cannot have, or says how long the body is.
    """
    merged = dict(headers)
    for name, value in lower_case(more).items():
        if name in _OF_BODY:  # one that is wrong would make two requests of one
            raise InvalidArgumentError(
                f"The header {name} is written by this package, which knows the body. Leave it out."
            )
        if isinstance(value, NotGiven | Omit):
            merged.pop(name, None)
        else:
            check_header(name, value)
            merged[name] = value
    return merged


def _api_key(
    given: str | AsyncKeyFunction | None, *, optional: bool = False
) -> tuple[str, AsyncKeyFunction | None]:
    """The key, or the function that gives it."""
    if callable(given):
        return "", given
    unset = given is None and KEY_VARIABLE not in os.environ
    return "" if unset and optional else find_key(given), None


def _optional_key(given: str | None) -> str | None:
    return find_key(given) if given else None


def _optional_url(given: object | None) -> str | None:
    return None if given is None else str(given)


def _base_url(given: object | None) -> str:
    parts = find_base_url(None if given is None else str(given), schemes=("https", "http"))
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/") + "/", parts.query, ""))


def _timeout(timeout: TimeoutTypes, *, own_timeout: bool) -> Timeout | None:
    if is_given(timeout):
        return Timeout(timeout)
    return None if own_timeout else DEFAULT_TIMEOUT


def _headers_of_environment() -> dict[str, str]:
    """One `Name: value` a line, as the official package reads them."""
    lines = os.environ.get(_HEADERS_VARIABLE, "").splitlines()
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _headers(
    key: str | AsyncKeyFunction | None,
    organization: str | None,
    project: str | None,
    named: str | None,
    custom: Mapping[str, str | Omit],
) -> dict[str, str]:
    own = {
        "accept": "application/json",
        "content-type": "application/json",
        "user-agent": user_agent() if named is None else named,
    }
    if callable(key):
        if not AUTHENTICATING & custom.keys():
            own["authorization"] = KEY_TO_COME
    elif key:
        own["authorization"] = bearer(key)
    if organization:
        own["openai-organization"] = organization
    if project:
        own["openai-project"] = project
    for name, value in own.items():
        check_header(name, value)
    return merge_headers(own, custom)


@cache
def user_agent() -> str:
    """How this package names itself to servers."""
    return f"openai-http/{__version__} Python/{platform.python_version()}"


def _check_limit(name: str, seconds: object) -> None:
    if seconds is not None:
        check_seconds(name, seconds)


def _as_it_is(value: object) -> object:
    return value


# Any: each takes the value of another argument.
_CHECKS: dict[str, Callable[[Any], Any]] = {
    "admin_api_key": _optional_key,
    "base_url": _base_url,
    "websocket_base_url": _optional_url,
    "timeout": Timeout,
    "custom_headers": lower_case,
}
_SECONDS = frozenset({"deadline", "first_event_timeout", "idle_timeout"})
_IN_HEADERS = frozenset({"api_key", "organization", "project", "user_agent", "custom_headers"})
