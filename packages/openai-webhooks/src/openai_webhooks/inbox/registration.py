"""How handlers are registered: `on`, typed by the event that each type stands for.

Knows which model belongs to which type, for type checkers; a test holds this together with the
description. At run time a type is only a text, so one that is not known yet works, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai_types import webhooks
    from openai_types.webhooks import UnwrapWebhookEvent

    from openai_webhooks.inbox.handlers import Handlers

E = TypeVar("E")
T = TypeVar("T")
Decorator: TypeAlias = "Callable[[Callable[[E], T]], Callable[[E], T]]"
# Any: the connection is that of the store's driver.
InTransaction: TypeAlias = "Callable[[Callable[[E, Any], T]], Callable[[E, Any], T]]"


class Registration:
    """The part of an inbox that takes handlers."""

    _handlers: Handlers

    @overload
    def on(
        self, type: Literal["agent.environment.expired"], /, *, name: str | None = None
    ) -> Decorator[webhooks.AgentEnvironmentExpiredWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["agent.environment.failed"], /, *, name: str | None = None
    ) -> Decorator[webhooks.AgentEnvironmentFailedWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["agent.environment.ready"], /, *, name: str | None = None
    ) -> Decorator[webhooks.AgentEnvironmentReadyWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["agent.environment.suspended"], /, *, name: str | None = None
    ) -> Decorator[webhooks.AgentEnvironmentSuspendedWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["agent.session.action_required"], /, *, name: str | None = None
    ) -> Decorator[webhooks.AgentSessionActionRequiredWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["agent.session.created"], /, *, name: str | None = None
    ) -> Decorator[webhooks.AgentSessionCreatedWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["agent.session.failed"], /, *, name: str | None = None
    ) -> Decorator[webhooks.AgentSessionFailedWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["agent.session.idle"], /, *, name: str | None = None
    ) -> Decorator[webhooks.AgentSessionIdleWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["agent.session.in_progress"], /, *, name: str | None = None
    ) -> Decorator[webhooks.AgentSessionInProgressWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["batch.cancelled"], /, *, name: str | None = None
    ) -> Decorator[webhooks.BatchCancelledWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["batch.completed"], /, *, name: str | None = None
    ) -> Decorator[webhooks.BatchCompletedWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["batch.expired"], /, *, name: str | None = None
    ) -> Decorator[webhooks.BatchExpiredWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["batch.failed"], /, *, name: str | None = None
    ) -> Decorator[webhooks.BatchFailedWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["eval.run.canceled"], /, *, name: str | None = None
    ) -> Decorator[webhooks.EvalRunCanceledWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["eval.run.failed"], /, *, name: str | None = None
    ) -> Decorator[webhooks.EvalRunFailedWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["eval.run.succeeded"], /, *, name: str | None = None
    ) -> Decorator[webhooks.EvalRunSucceededWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["fine_tuning.job.cancelled"], /, *, name: str | None = None
    ) -> Decorator[webhooks.FineTuningJobCancelledWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["fine_tuning.job.failed"], /, *, name: str | None = None
    ) -> Decorator[webhooks.FineTuningJobFailedWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["fine_tuning.job.succeeded"], /, *, name: str | None = None
    ) -> Decorator[webhooks.FineTuningJobSucceededWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["live.call.incoming"], /, *, name: str | None = None
    ) -> Decorator[webhooks.LiveCallIncomingWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["live.transport.connected"], /, *, name: str | None = None
    ) -> Decorator[webhooks.LiveTransportConnectedWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["live.transport.incoming"], /, *, name: str | None = None
    ) -> Decorator[webhooks.LiveTransportIncomingWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["realtime.call.incoming"], /, *, name: str | None = None
    ) -> Decorator[webhooks.RealtimeCallIncomingWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["response.cancelled"], /, *, name: str | None = None
    ) -> Decorator[webhooks.ResponseCancelledWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["response.completed"], /, *, name: str | None = None
    ) -> Decorator[webhooks.ResponseCompletedWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["response.failed"], /, *, name: str | None = None
    ) -> Decorator[webhooks.ResponseFailedWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["response.incomplete"], /, *, name: str | None = None
    ) -> Decorator[webhooks.ResponseIncompleteWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["safety.alert.created"], /, *, name: str | None = None
    ) -> Decorator[webhooks.SafetyAlertCreatedWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["safety.deactivation_issued"], /, *, name: str | None = None
    ) -> Decorator[webhooks.SafetyDeactivationIssuedWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["safety.org_alert.created"], /, *, name: str | None = None
    ) -> Decorator[webhooks.SafetyOrgAlertCreatedWebhookEvent, T]: ...
    @overload
    def on(
        self, type: Literal["safety.warning_issued"], /, *, name: str | None = None
    ) -> Decorator[webhooks.SafetyWarningIssuedWebhookEvent, T]: ...
    @overload
    def on(self, *, name: str | None = None) -> Decorator[UnwrapWebhookEvent, T]: ...
    # Any: of several types, or of one that is not known yet, the handler says what it takes.
    @overload
    def on(self, *types: str, name: str | None = None) -> Decorator[Any, T]: ...
    def on(self, *types: str, name: str | None = None) -> Decorator[Any, T]:
        """Register a handler: a function, plain or asynchronous, that takes the event.

        Handlers of one event run one after another, in the order of their registration. One that
        raises is tried again later; the others are not run again for that.

        Args:
            types: The types of event, such as `response.completed`; none for all.
            name: Under which completions are recorded; by default the function's module and name.
                Renaming a handler makes it a new one.

        Returns:
            A decorator, which gives the function back as it is.

        Raises:
            InboxConfigurationError: The name is taken, or the function has none.
        """

        def register(handler: Callable[[Any], T]) -> Callable[[Any], T]:
            self._handlers.add(handler, types, name=name)
            return handler

        return register

    def on_in_transaction(self, *types: str, name: str | None = None) -> InTransaction[Any, T]:
        """Register a plain function that takes the event and a connection of the store.

        For effects that must happen exactly once: what the function writes with this connection is
        committed together with the record that it finished, or not at all. It must not commit or
        roll back itself. The connection is a `sqlite3.Connection` on the same file, or a
        `psycopg.Connection` to the same database. With SQLite other writers wait meanwhile, those
        that receive included, so it should be quick.

        Args:
            types: As for `on`.
            name: As for `on`.

        Raises:
            InboxConfigurationError: As for `on`; at the start, if the store has no transactions.
        """

        def register(handler: Callable[[Any, Any], T]) -> Callable[[Any, Any], T]:
            self._handlers.add(handler, types, name=name, in_transaction=True)
            return handler

        return register
