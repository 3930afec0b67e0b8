"""Runs of `client.beta.threads` as streams with event handlers.

The handlers are those of openai-stream; here is what they are made for and with what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from openai_http.raw.modes import ModeT
from openai_http.resource import AsyncResource, Resource

if TYPE_CHECKING:
    from typing import Unpack

    from openai_stream import (
        AssistantEventHandler,
        AssistantStreamManager,
        AsyncAssistantEventHandler,
        AsyncAssistantStreamManager,
    )

    from openai_http.raw.modes import Decoded
    from openai_http.resources.beta import (
        AsyncBetaThreads,
        AsyncRuns,
        BetaThreads,
        BetaThreadsCreateAndRunCall,
        BetaThreadsRunsCreateCall,
        BetaThreadsRunsSubmitToolOutputsCall,
        Runs,
    )

H = TypeVar("H", bound="AssistantEventHandler")
AH = TypeVar("AH", bound="AsyncAssistantEventHandler")

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
    ) -> AssistantStreamManager[AssistantEventHandler]: ...

    @overload
    def stream(
        self, *, thread_id: str, event_handler: H, **params: Unpack[BetaThreadsRunsCreateCall]
    ) -> AssistantStreamManager[H]: ...

    def stream(
        self,
        *,
        thread_id: str,
        event_handler: AssistantEventHandler | None = None,
        **params: Unpack[BetaThreadsRunsCreateCall],
    ) -> AssistantStreamManager[Any]:
        """Prepare a run whose events are read as they come; `with` starts it.

        Args:
            thread_id: the thread that the assistant reads and writes.
            event_handler: reads the stream; one without hooks if not given.
            **params: those of `create`.

        Raises:
            APIError: as `create` does, in the `with` block.
        """
        from openai_stream import AssistantEventHandler, AssistantStreamManager

        group = cast("Runs[Decoded]", self)
        return AssistantStreamManager(
            lambda: group.create(thread_id, stream=True, **params),
            event_handler=event_handler or AssistantEventHandler(),
        )

    @overload
    def submit_tool_outputs_stream(
        self,
        *,
        run_id: str,
        event_handler: None = None,
        **params: Unpack[BetaThreadsRunsSubmitToolOutputsCall],
    ) -> AssistantStreamManager[AssistantEventHandler]: ...

    @overload
    def submit_tool_outputs_stream(
        self,
        *,
        run_id: str,
        event_handler: H,
        **params: Unpack[BetaThreadsRunsSubmitToolOutputsCall],
    ) -> AssistantStreamManager[H]: ...

    def submit_tool_outputs_stream(
        self,
        *,
        run_id: str,
        event_handler: AssistantEventHandler | None = None,
        **params: Unpack[BetaThreadsRunsSubmitToolOutputsCall],
    ) -> AssistantStreamManager[Any]:
        """Prepare to give a run what its tools returned, and to read on; `with` does so.

        Args:
            run_id: the run that waits for the outputs.
            event_handler: reads the stream; one without hooks if not given.
            **params: those of `submit_tool_outputs`.

        Raises:
            APIError: as `submit_tool_outputs` does, in the `with` block.
        """
        from openai_stream import AssistantEventHandler, AssistantStreamManager

        group = cast("Runs[Decoded]", self)
        return AssistantStreamManager(
            lambda: group.submit_tool_outputs(run_id, stream=True, **params),
            event_handler=event_handler or AssistantEventHandler(),
        )

    create_and_stream = stream  # by its older name


class ThreadStreams(Resource[ModeT]):
    """Runs of `client.beta.threads` as streams."""

    __slots__ = ()

    @overload
    def create_and_run_stream(
        self, *, event_handler: None = None, **params: Unpack[BetaThreadsCreateAndRunCall]
    ) -> AssistantStreamManager[AssistantEventHandler]: ...

    @overload
    def create_and_run_stream(
        self, *, event_handler: H, **params: Unpack[BetaThreadsCreateAndRunCall]
    ) -> AssistantStreamManager[H]: ...

    def create_and_run_stream(
        self,
        *,
        event_handler: AssistantEventHandler | None = None,
        **params: Unpack[BetaThreadsCreateAndRunCall],
    ) -> AssistantStreamManager[Any]:
        """Prepare a thread and a run on it, read as it goes on; `with` starts it.

        Args:
            event_handler: reads the stream; one without hooks if not given.
            **params: those of `create_and_run`.

        Raises:
            APIError: as `create_and_run` does, in the `with` block.
        """
        from openai_stream import AssistantEventHandler, AssistantStreamManager

        group = cast("BetaThreads[Decoded]", self)
        return AssistantStreamManager(
            lambda: group.create_and_run(stream=True, **params),
            event_handler=event_handler or AssistantEventHandler(),
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
    ) -> AsyncAssistantStreamManager[AsyncAssistantEventHandler]: ...

    @overload
    def stream(
        self, *, thread_id: str, event_handler: AH, **params: Unpack[BetaThreadsRunsCreateCall]
    ) -> AsyncAssistantStreamManager[AH]: ...

    def stream(
        self,
        *,
        thread_id: str,
        event_handler: AsyncAssistantEventHandler | None = None,
        **params: Unpack[BetaThreadsRunsCreateCall],
    ) -> AsyncAssistantStreamManager[Any]:
        """Prepare a run whose events are read as they come; `with` starts it.

        Args:
            thread_id: the thread that the assistant reads and writes.
            event_handler: reads the stream; one without hooks if not given.
            **params: those of `create`.

        Raises:
            APIError: as `create` does, in the `with` block.
        """
        from openai_stream import AsyncAssistantEventHandler, AsyncAssistantStreamManager

        group = cast("AsyncRuns[Decoded]", self)
        return AsyncAssistantStreamManager(
            lambda: group.create(thread_id, stream=True, **params),
            event_handler=event_handler or AsyncAssistantEventHandler(),
        )

    @overload
    def submit_tool_outputs_stream(
        self,
        *,
        run_id: str,
        event_handler: None = None,
        **params: Unpack[BetaThreadsRunsSubmitToolOutputsCall],
    ) -> AsyncAssistantStreamManager[AsyncAssistantEventHandler]: ...

    @overload
    def submit_tool_outputs_stream(
        self,
        *,
        run_id: str,
        event_handler: AH,
        **params: Unpack[BetaThreadsRunsSubmitToolOutputsCall],
    ) -> AsyncAssistantStreamManager[AH]: ...

    def submit_tool_outputs_stream(
        self,
        *,
        run_id: str,
        event_handler: AsyncAssistantEventHandler | None = None,
        **params: Unpack[BetaThreadsRunsSubmitToolOutputsCall],
    ) -> AsyncAssistantStreamManager[Any]:
        """Prepare to give a run what its tools returned, and to read on; `with` does so.

        Args:
            run_id: the run that waits for the outputs.
            event_handler: reads the stream; one without hooks if not given.
            **params: those of `submit_tool_outputs`.

        Raises:
            APIError: as `submit_tool_outputs` does, in the `with` block.
        """
        from openai_stream import AsyncAssistantEventHandler, AsyncAssistantStreamManager

        group = cast("AsyncRuns[Decoded]", self)
        return AsyncAssistantStreamManager(
            lambda: group.submit_tool_outputs(run_id, stream=True, **params),
            event_handler=event_handler or AsyncAssistantEventHandler(),
        )

    create_and_stream = stream  # by its older name


class AsyncThreadStreams(AsyncResource[ModeT]):
    """Runs of `client.beta.threads` as streams, for asynchronous code."""

    __slots__ = ()

    @overload
    def create_and_run_stream(
        self, *, event_handler: None = None, **params: Unpack[BetaThreadsCreateAndRunCall]
    ) -> AsyncAssistantStreamManager[AsyncAssistantEventHandler]: ...

    @overload
    def create_and_run_stream(
        self, *, event_handler: AH, **params: Unpack[BetaThreadsCreateAndRunCall]
    ) -> AsyncAssistantStreamManager[AH]: ...

    def create_and_run_stream(
        self,
        *,
        event_handler: AsyncAssistantEventHandler | None = None,
        **params: Unpack[BetaThreadsCreateAndRunCall],
    ) -> AsyncAssistantStreamManager[Any]:
        """Prepare a thread and a run on it, read as it goes on; `with` starts it.

        Args:
            event_handler: reads the stream; one without hooks if not given.
            **params: those of `create_and_run`.

        Raises:
            APIError: as `create_and_run` does, in the `with` block.
        """
        from openai_stream import AsyncAssistantEventHandler, AsyncAssistantStreamManager

        group = cast("AsyncBetaThreads[Decoded]", self)
        return AsyncAssistantStreamManager(
            lambda: group.create_and_run(stream=True, **params),
            event_handler=event_handler or AsyncAssistantEventHandler(),
        )
