"""Runs of `client.beta.threads` as streams with event handlers.

The handlers are those of openai-stream; here is what they are made for and with what.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, Unpack, overload

# For those who look into signatures at run time; neither loads anything before it is used.
import openai_stream
from openai_types import beta  # noqa: TC002

from openai_http.attempts.retries import RetryPolicy  # noqa: TC001 - as above
from openai_http.raw.modes import ModeT
from openai_http.raw.signatures import name_parameters
from openai_http.requests import CallOptions, ExtraBody, ExtraHeaders, ExtraQuery
from openai_http.resource import AsyncResource, Resource
from openai_http.sentinels import NOT_GIVEN
from openai_http.timing.timeout import TimeoutTypes  # noqa: TC001 - as above

if TYPE_CHECKING:
    from openai_http.resources.beta import (
        BetaThreadsCreateAndRunCall,
        BetaThreadsRunsCreateCall,
        BetaThreadsRunsSubmitToolOutputsCall,
    )

H = TypeVar("H", bound="openai_stream.AssistantEventHandler")
AH = TypeVar("AH", bound="openai_stream.AsyncAssistantEventHandler")

# Any, where a method is written: its overloads say which handler it gives.


class RunStreams(Resource[ModeT]):
    """Runs of `client.beta.threads.runs` as streams."""

    __slots__ = ()

    @overload
    def stream(
        self,
        *,
        thread_id: str,
        event_handler: None = None,
        **params: Unpack[BetaThreadsRunsCreateCall],
    ) -> openai_stream.AssistantStreamManager[openai_stream.AssistantEventHandler]: ...

    @overload
    def stream(
        self, *, thread_id: str, event_handler: H, **params: Unpack[BetaThreadsRunsCreateCall]
    ) -> openai_stream.AssistantStreamManager[H]: ...

    @name_parameters
    def stream(  # noqa: D417 - the options are those of every call
        self,
        *,
        thread_id: str,
        event_handler: openai_stream.AssistantEventHandler | None = None,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        deadline: float | None = NOT_GIVEN,
        retry: RetryPolicy | int | None = None,
        idempotency_key: str | None = None,
        first_event_timeout: float | None = NOT_GIVEN,
        idle_timeout: float | None = NOT_GIVEN,
        **params: Unpack[beta.threads.RunCreateParamsBase],
    ) -> openai_stream.AssistantStreamManager[Any]:
        """Prepare a run whose events are read as they come; `with` starts it.

        Args:
            thread_id: the thread that the assistant reads and writes.
            event_handler: reads the stream; one without hooks if not given.
            **params: those of `create`.

        The other arguments are the options of every call that streams.

        Raises:
            APIError: as `create` does, in the `with` block.
        """
        from openai_http.resources.beta import BETA_THREADS_RUNS_CREATE

        options = CallOptions(
            *(extra_headers, extra_query, extra_body, timeout, deadline, retry, idempotency_key),
            *(first_event_timeout, idle_timeout),
        )
        sent = {"thread_id": thread_id, **params, "stream": True}
        return openai_stream.AssistantStreamManager(
            partial(self._client.stream, BETA_THREADS_RUNS_CREATE, sent, options),
            event_handler=event_handler or openai_stream.AssistantEventHandler(),
        )

    @overload
    def submit_tool_outputs_stream(
        self,
        *,
        run_id: str,
        event_handler: None = None,
        **params: Unpack[BetaThreadsRunsSubmitToolOutputsCall],
    ) -> openai_stream.AssistantStreamManager[openai_stream.AssistantEventHandler]: ...

    @overload
    def submit_tool_outputs_stream(
        self,
        *,
        run_id: str,
        event_handler: H,
        **params: Unpack[BetaThreadsRunsSubmitToolOutputsCall],
    ) -> openai_stream.AssistantStreamManager[H]: ...

    @name_parameters
    def submit_tool_outputs_stream(  # noqa: D417 - the options are those of every call
        self,
        *,
        run_id: str,
        event_handler: openai_stream.AssistantEventHandler | None = None,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        deadline: float | None = NOT_GIVEN,
        retry: RetryPolicy | int | None = None,
        idempotency_key: str | None = None,
        first_event_timeout: float | None = NOT_GIVEN,
        idle_timeout: float | None = NOT_GIVEN,
        **params: Unpack[beta.threads.RunSubmitToolOutputsParamsBase],
    ) -> openai_stream.AssistantStreamManager[Any]:
        """Prepare to give a run what its tools returned, and to read on; `with` does so.

        Args:
            run_id: the run that waits for the outputs.
            event_handler: reads the stream; one without hooks if not given.
            **params: those of `submit_tool_outputs`.

        The other arguments are the options of every call that streams.

        Raises:
            APIError: as `submit_tool_outputs` does, in the `with` block.
        """
        from openai_http.resources.beta import BETA_THREADS_RUNS_SUBMIT_TOOL_OUTPUTS

        options = CallOptions(
            *(extra_headers, extra_query, extra_body, timeout, deadline, retry, idempotency_key),
            *(first_event_timeout, idle_timeout),
        )
        sent = {"run_id": run_id, **params, "stream": True}
        return openai_stream.AssistantStreamManager(
            partial(self._client.stream, BETA_THREADS_RUNS_SUBMIT_TOOL_OUTPUTS, sent, options),
            event_handler=event_handler or openai_stream.AssistantEventHandler(),
        )

    create_and_stream = stream  # by its older name


class ThreadStreams(Resource[ModeT]):
    """Runs of `client.beta.threads` as streams."""

    __slots__ = ()

    @overload
    def create_and_run_stream(
        self, *, event_handler: None = None, **params: Unpack[BetaThreadsCreateAndRunCall]
    ) -> openai_stream.AssistantStreamManager[openai_stream.AssistantEventHandler]: ...

    @overload
    def create_and_run_stream(
        self, *, event_handler: H, **params: Unpack[BetaThreadsCreateAndRunCall]
    ) -> openai_stream.AssistantStreamManager[H]: ...

    @name_parameters
    def create_and_run_stream(  # noqa: D417 - the options are those of every call
        self,
        *,
        event_handler: openai_stream.AssistantEventHandler | None = None,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        deadline: float | None = NOT_GIVEN,
        retry: RetryPolicy | int | None = None,
        idempotency_key: str | None = None,
        first_event_timeout: float | None = NOT_GIVEN,
        idle_timeout: float | None = NOT_GIVEN,
        **params: Unpack[beta.ThreadCreateAndRunParamsBase],
    ) -> openai_stream.AssistantStreamManager[Any]:
        """Prepare a thread and a run on it, read as it goes on; `with` starts it.

        Args:
            event_handler: reads the stream; one without hooks if not given.
            **params: those of `create_and_run`.

        The other arguments are the options of every call that streams.

        Raises:
            APIError: as `create_and_run` does, in the `with` block.
        """
        from openai_http.resources.beta import BETA_THREADS_CREATE_AND_RUN

        options = CallOptions(
            *(extra_headers, extra_query, extra_body, timeout, deadline, retry, idempotency_key),
            *(first_event_timeout, idle_timeout),
        )
        sent = {**params, "stream": True}
        return openai_stream.AssistantStreamManager(
            partial(self._client.stream, BETA_THREADS_CREATE_AND_RUN, sent, options),
            event_handler=event_handler or openai_stream.AssistantEventHandler(),
        )


class AsyncRunStreams(AsyncResource[ModeT]):
    """Runs of `client.beta.threads.runs` as streams, for asynchronous code."""

    __slots__ = ()

    @overload
    def stream(
        self,
        *,
        thread_id: str,
        event_handler: None = None,
        **params: Unpack[BetaThreadsRunsCreateCall],
    ) -> openai_stream.AsyncAssistantStreamManager[openai_stream.AsyncAssistantEventHandler]: ...

    @overload
    def stream(
        self, *, thread_id: str, event_handler: AH, **params: Unpack[BetaThreadsRunsCreateCall]
    ) -> openai_stream.AsyncAssistantStreamManager[AH]: ...

    @name_parameters
    def stream(  # noqa: D417 - the options are those of every call
        self,
        *,
        thread_id: str,
        event_handler: openai_stream.AsyncAssistantEventHandler | None = None,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        deadline: float | None = NOT_GIVEN,
        retry: RetryPolicy | int | None = None,
        idempotency_key: str | None = None,
        first_event_timeout: float | None = NOT_GIVEN,
        idle_timeout: float | None = NOT_GIVEN,
        **params: Unpack[beta.threads.RunCreateParamsBase],
    ) -> openai_stream.AsyncAssistantStreamManager[Any]:
        """Prepare a run whose events are read as they come; `with` starts it.

        Args:
            thread_id: the thread that the assistant reads and writes.
            event_handler: reads the stream; one without hooks if not given.
            **params: those of `create`.

        The other arguments are the options of every call that streams.

        Raises:
            APIError: as `create` does, in the `with` block.
        """
        from openai_http.resources.beta import BETA_THREADS_RUNS_CREATE

        options = CallOptions(
            *(extra_headers, extra_query, extra_body, timeout, deadline, retry, idempotency_key),
            *(first_event_timeout, idle_timeout),
        )
        sent = {"thread_id": thread_id, **params, "stream": True}
        return openai_stream.AsyncAssistantStreamManager(
            partial(self._client.stream, BETA_THREADS_RUNS_CREATE, sent, options),
            event_handler=event_handler or openai_stream.AsyncAssistantEventHandler(),
        )

    @overload
    def submit_tool_outputs_stream(
        self,
        *,
        run_id: str,
        event_handler: None = None,
        **params: Unpack[BetaThreadsRunsSubmitToolOutputsCall],
    ) -> openai_stream.AsyncAssistantStreamManager[openai_stream.AsyncAssistantEventHandler]: ...

    @overload
    def submit_tool_outputs_stream(
        self,
        *,
        run_id: str,
        event_handler: AH,
        **params: Unpack[BetaThreadsRunsSubmitToolOutputsCall],
    ) -> openai_stream.AsyncAssistantStreamManager[AH]: ...

    @name_parameters
    def submit_tool_outputs_stream(  # noqa: D417 - the options are those of every call
        self,
        *,
        run_id: str,
        event_handler: openai_stream.AsyncAssistantEventHandler | None = None,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        deadline: float | None = NOT_GIVEN,
        retry: RetryPolicy | int | None = None,
        idempotency_key: str | None = None,
        first_event_timeout: float | None = NOT_GIVEN,
        idle_timeout: float | None = NOT_GIVEN,
        **params: Unpack[beta.threads.RunSubmitToolOutputsParamsBase],
    ) -> openai_stream.AsyncAssistantStreamManager[Any]:
        """Prepare to give a run what its tools returned, and to read on; `with` does so.

        Args:
            run_id: the run that waits for the outputs.
            event_handler: reads the stream; one without hooks if not given.
            **params: those of `submit_tool_outputs`.

        The other arguments are the options of every call that streams.

        Raises:
            APIError: as `submit_tool_outputs` does, in the `with` block.
        """
        from openai_http.resources.beta import BETA_THREADS_RUNS_SUBMIT_TOOL_OUTPUTS

        options = CallOptions(
            *(extra_headers, extra_query, extra_body, timeout, deadline, retry, idempotency_key),
            *(first_event_timeout, idle_timeout),
        )
        sent = {"run_id": run_id, **params, "stream": True}
        return openai_stream.AsyncAssistantStreamManager(
            partial(self._client.stream, BETA_THREADS_RUNS_SUBMIT_TOOL_OUTPUTS, sent, options),
            event_handler=event_handler or openai_stream.AsyncAssistantEventHandler(),
        )

    create_and_stream = stream  # by its older name


class AsyncThreadStreams(AsyncResource[ModeT]):
    """Runs of `client.beta.threads` as streams, for asynchronous code."""

    __slots__ = ()

    @overload
    def create_and_run_stream(
        self, *, event_handler: None = None, **params: Unpack[BetaThreadsCreateAndRunCall]
    ) -> openai_stream.AsyncAssistantStreamManager[openai_stream.AsyncAssistantEventHandler]: ...

    @overload
    def create_and_run_stream(
        self, *, event_handler: AH, **params: Unpack[BetaThreadsCreateAndRunCall]
    ) -> openai_stream.AsyncAssistantStreamManager[AH]: ...

    @name_parameters
    def create_and_run_stream(  # noqa: D417 - the options are those of every call
        self,
        *,
        event_handler: openai_stream.AsyncAssistantEventHandler | None = None,
        extra_headers: ExtraHeaders | None = None,
        extra_query: ExtraQuery | None = None,
        extra_body: ExtraBody | None = None,
        timeout: TimeoutTypes = NOT_GIVEN,
        deadline: float | None = NOT_GIVEN,
        retry: RetryPolicy | int | None = None,
        idempotency_key: str | None = None,
        first_event_timeout: float | None = NOT_GIVEN,
        idle_timeout: float | None = NOT_GIVEN,
        **params: Unpack[beta.ThreadCreateAndRunParamsBase],
    ) -> openai_stream.AsyncAssistantStreamManager[Any]:
        """Prepare a thread and a run on it, read as it goes on; `with` starts it.

        Args:
            event_handler: reads the stream; one without hooks if not given.
            **params: those of `create_and_run`.

        The other arguments are the options of every call that streams.

        Raises:
            APIError: as `create_and_run` does, in the `with` block.
        """
        from openai_http.resources.beta import BETA_THREADS_CREATE_AND_RUN

        options = CallOptions(
            *(extra_headers, extra_query, extra_body, timeout, deadline, retry, idempotency_key),
            *(first_event_timeout, idle_timeout),
        )
        sent = {**params, "stream": True}
        return openai_stream.AsyncAssistantStreamManager(
            partial(self._client.stream, BETA_THREADS_CREATE_AND_RUN, sent, options),
            event_handler=event_handler or openai_stream.AsyncAssistantEventHandler(),
        )
