"""In which form the operations of a group give their results, for type checkers.

A group is generic over its mode: `Files` decodes, `Files[Raw]` is what `with_raw_response` gives,
`Files[Streamed]` what `with_streaming_response` gives. So each operation is written once, and no
mode needs a class of its own. At run time this leads to `raw.calls`, and no more is done for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, cast

from openai_http.raw.signatures import name_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Concatenate, ParamSpec, overload

    from typing_extensions import TypeVar

    from openai_http.pagination import AsyncPaginator, BaseAsyncPage
    from openai_http.raw.responses import (
        APIResponse,
        AsyncAPIResponse,
        AsyncResponseContextManager,
        LegacyAPIResponse,
        ResponseContextManager,
    )


class Decoded:
    """The results themselves."""


class Raw:
    """The responses with their heads, whose `parse()` gives the results."""


class Streamed:
    """Context managers of responses whose bodies are read when they are asked for."""


if TYPE_CHECKING:
    P = ParamSpec("P")
    R = TypeVar("R")
    ItemT = TypeVar("ItemT")
    PageT = TypeVar("PageT", bound=BaseAsyncPage[Any])  # Any: of whatever items
    ModeT = TypeVar("ModeT", default=Decoded)

    class Modal(Generic[ModeT]):
        """What has a mode."""

        __slots__ = ()

    # Any: what a coroutine yields and is sent is the business of the event loop; and any instance
    # may be the first argument of a method that is taken from its class.

    class Method(Generic[P, R]):
        """A method of a synchronous group, in all modes."""

        @overload
        def __get__(self, instance: None, owner: object) -> Callable[Concatenate[Any, P], R]: ...
        @overload
        def __get__(self, instance: Modal[Decoded], owner: object) -> Callable[P, R]: ...
        @overload
        def __get__(
            self, instance: Modal[Raw], owner: object
        ) -> Callable[P, LegacyAPIResponse[R]]: ...
        @overload
        def __get__(
            self, instance: Modal[Streamed], owner: object
        ) -> Callable[P, ResponseContextManager[APIResponse[R]]]: ...
        def __get__(self, instance: object, owner: object) -> object: ...

    class AsyncMethod(Generic[P, R]):
        """A method of an asynchronous group, in all modes."""

        @overload
        def __get__(
            self, instance: None, owner: object
        ) -> Callable[Concatenate[Any, P], Coroutine[Any, Any, R]]: ...
        @overload
        def __get__(
            self, instance: Modal[Decoded], owner: object
        ) -> Callable[P, Coroutine[Any, Any, R]]: ...
        @overload
        def __get__(
            self, instance: Modal[Raw], owner: object
        ) -> Callable[P, Coroutine[Any, Any, LegacyAPIResponse[R]]]: ...
        @overload
        def __get__(
            self, instance: Modal[Streamed], owner: object
        ) -> Callable[P, AsyncResponseContextManager[AsyncAPIResponse[R]]]: ...
        def __get__(self, instance: object, owner: object) -> object: ...

    class AsyncPageMethod(Generic[P, ItemT, PageT]):
        """A method of an asynchronous group that lists something, in all modes."""

        @overload
        def __get__(
            self, instance: None, owner: object
        ) -> Callable[Concatenate[Any, P], AsyncPaginator[ItemT, PageT]]: ...
        @overload
        def __get__(
            self, instance: Modal[Decoded], owner: object
        ) -> Callable[P, AsyncPaginator[ItemT, PageT]]: ...
        @overload
        def __get__(
            self, instance: Modal[Raw], owner: object
        ) -> Callable[P, Coroutine[Any, Any, LegacyAPIResponse[PageT]]]: ...
        @overload
        def __get__(
            self, instance: Modal[Streamed], owner: object
        ) -> Callable[P, AsyncResponseContextManager[AsyncAPIResponse[PageT]]]: ...
        def __get__(self, instance: object, owner: object) -> object: ...

else:
    ModeT = None

    class replaceable:  # noqa: N801 - used like `property`
        """Unlike a property, it may be replaced, as tests do it."""

        def __init__(self, made: Callable[[object], object]) -> None:
            self.fget = made
            self.__doc__ = made.__doc__

        def __get__(self, instance: object, owner: object = None) -> object:
            return self if instance is None else self.fget(instance)

    class Modal:
        """What can be had in another mode. Each class in `resources` types these for itself."""

        __slots__ = ()

        def __class_getitem__(cls, mode: object) -> type[Modal]:
            return cls

        @replaceable
        def with_raw_response(self) -> Modal:
            """The same operations, which give raw responses: `LegacyAPIResponse`."""
            from openai_http.raw.calls import in_raw_mode

            return in_raw_mode(self)

        @replaceable
        def with_streaming_response(self) -> Modal:
            """The same operations, in whose `with` blocks an `APIResponse` is being received."""
            from openai_http.raw.calls import in_streamed_mode

            return in_streamed_mode(self)


def method(function: Callable[Concatenate[Any, P], R]) -> Method[P, R]:
    """The method itself, which shows its parameters."""
    return cast("Method[P, R]", name_parameters(function))


def async_method(
    function: Callable[Concatenate[Any, P], Coroutine[Any, Any, R]],
) -> AsyncMethod[P, R]:
    """The method itself, which shows its parameters."""
    return cast("AsyncMethod[P, R]", name_parameters(function))


def async_page_method(
    function: Callable[Concatenate[Any, P], AsyncPaginator[ItemT, PageT]],
) -> AsyncPageMethod[P, ItemT, PageT]:
    """The method itself, which shows its parameters."""
    return cast("AsyncPageMethod[P, ItemT, PageT]", name_parameters(function))


def in_all_modes(function: object) -> Callable[..., Any]:  # Any: the overloads say what
    """The method itself; the overloads before it say what it gives in each mode."""
    return cast("Callable[..., Any]", name_parameters(function))
