"""Pages of a list, and the way from one to the next.

Which parameter asks for the next page is decided here, once for each kind of page; that a page can
be iterated over, sync or async, past its own end, is the same for all of them.
"""

from __future__ import annotations

# Not for type checkers only: annotations of public methods can be evaluated.
from collections.abc import (  # noqa: TC003
    AsyncIterator,
    Awaitable,
    Callable,
    Generator,
    Iterator,
    Mapping,
)
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Self, TypeVar, cast

from openai_types.errors import OpenAIError
from openai_types.model import BaseModel

if TYPE_CHECKING:
    from openai_http.requests import CallOptions

T = TypeVar("T")
PageT = TypeVar("PageT")

_ORIGIN = "_origin"


@dataclass(frozen=True, slots=True)
class PageInfo:
    """What the request for the next page has instead of, or besides, the parameters of this one.

    Attributes:
        params: query parameters.
    """

    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Origin:
    """The call that a page came from, so that the next one can be asked for.

    Attributes:
        fetch: makes the same call with other parameters: a page, or an awaitable of one.
        params: the parameters of this page.
        options: what else the call was given.
    """

    fetch: Callable[[Mapping[str, object], CallOptions], object]
    params: Mapping[str, object]
    options: CallOptions


class BasePage(BaseModel, Generic[T]):
    """A page of a list. Iterating it gives the items of this page and of all that follow."""

    data: list[T]
    """The items of this page."""

    def next_page_info(self) -> PageInfo | None:
        """What asks for the next page; None if this is the last one."""
        return None

    def has_next_page(self) -> bool:
        """Whether there is another page."""
        may_be = bool(self.items_of_page) and self.next_page_info() is not None
        return may_be and (self._says_more or not self._is_repeated)

    @property
    def _says_more(self) -> bool:
        return bool(getattr(self, "has_more", None))

    @property
    def _is_repeated(self) -> bool:
        """Whether it ends where the page before did, as of servers that know no pages."""
        info, origin = self.next_page_info(), self.__dict__.get(_ORIGIN)
        if info is None or not isinstance(origin, Origin):
            return False
        return all(origin.params.get(name) == value for name, value in info.params.items())

    def _is_new(self) -> bool:
        """Whether it has other items than the page before.

        Raises:
            OpenAIError: it has not, but the server says that there are more.
        """
        if self._is_repeated and self._says_more:
            raise OpenAIError(
                "The server says that there are more items, and gives the same page again: it does"
                " not know the parameter that asks for the next. Take the first page, with a larger"
                " limit=."
            )
        return not self._is_repeated

    @property
    def items_of_page(self) -> list[T]:
        """The items of this page; none if the server left them out."""
        items = cast("object", self.data)
        return cast("list[T]", items) if isinstance(items, list) else []

    def set_origin(self, origin: Origin) -> None:
        """Note where the page came from; the client does this."""
        vars(self)[_ORIGIN] = origin

    def _fetch_next(self) -> object:
        info, origin = self.next_page_info(), self.__dict__.get(_ORIGIN)
        if info is None:
            raise OpenAIError("There is no next page; has_next_page() tells before.")
        if not isinstance(origin, Origin):
            raise OpenAIError("This page did not come from a call, so it has no next one.")
        self._is_new()
        return origin.fetch({**origin.params, **info.params}, origin.options)

    def __getstate__(self) -> dict[object, object]:
        state = super().__getstate__()  # without the client, which has connections and a key
        fields = cast("dict[str, object]", state["__dict__"])
        state["__dict__"] = {name: value for name, value in fields.items() if name != _ORIGIN}
        return state

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by the kind of page and of item: pickle cannot find `SyncCursorPage[Model]`."""
        made = type(self).__pydantic_generic_metadata__
        kind = made["origin"] or type(self)
        return _restored, (kind, made["args"], self.__getstate__())


def _restored(
    kind: type[BasePage[object]], items: tuple[object, ...], state: dict[str, object]
) -> BasePage[object]:
    page_class = kind[items] if items else kind  # type: ignore[index]
    page = page_class.__new__(page_class)
    page.__setstate__(state)
    return page


class BaseSyncPage(BasePage[T]):
    """A page of a synchronous client."""

    def __iter__(self) -> Iterator[T]:  # type: ignore[override] - pydantic's gives fields
        for page in self.iter_pages():
            yield from page.items_of_page

    def iter_pages(self) -> Iterator[Self]:
        """This page and all that follow."""
        page = self
        yield page
        while page.has_next_page():
            page = page.get_next_page()
            if page._is_new():  # noqa: SLF001 - of another page
                yield page

    def get_next_page(self) -> Self:
        """Ask for the next page.

        Raises:
            OpenAIError: there is none.
        """
        return cast("Self", self._fetch_next())


class BaseAsyncPage(BasePage[T]):
    """A page of an asynchronous client."""

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.iter_pages():
            for item in page.items_of_page:
                yield item

    async def iter_pages(self) -> AsyncIterator[Self]:
        """This page and all that follow."""
        page = self
        yield page
        while page.has_next_page():
            page = await page.get_next_page()
            if page._is_new():  # noqa: SLF001 - of another page
                yield page

    async def get_next_page(self) -> Self:
        """Ask for the next page.

        Raises:
            OpenAIError: there is none.
        """
        return await cast("Awaitable[Self]", self._fetch_next())


class AsyncPaginator(Generic[T, PageT]):
    """What an asynchronous list operation gives: await it for a page, or iterate over all items."""

    __slots__ = ("_fetch",)

    def __init__(self, fetch: Callable[[], Awaitable[PageT]]) -> None:
        self._fetch = fetch

    def __await__(self) -> Generator[object, None, PageT]:
        return self._fetch().__await__()

    async def __aiter__(self) -> AsyncIterator[T]:
        page = cast("BaseAsyncPage[T]", await self._fetch())
        async for item in page:
            yield item


class _Page(BasePage[T]):
    object: str


class _CursorPage(BasePage[T]):
    has_more: bool | None = None

    def next_page_info(self) -> PageInfo | None:
        last = self.items_of_page[-1:]
        identifier = getattr(last[0], "id", None) if last else None
        return (
            PageInfo({"after": identifier}) if self.has_more is not False and identifier else None
        )


class _ConversationCursorPage(BasePage[T]):
    has_more: bool | None = None
    last_id: str | None = None

    def next_page_info(self) -> PageInfo | None:
        more = self.has_more is not False and self.last_id
        return PageInfo({"after": self.last_id}) if more else None


class _NextPage(BasePage[T]):
    has_more: bool | None = None
    next: str | None = None


class _NextCursorPage(_NextPage[T]):
    def next_page_info(self) -> PageInfo | None:
        return PageInfo({"after": self.next}) if self.has_more is not False and self.next else None


class _TokenPage(_NextPage[T]):
    def next_page_info(self) -> PageInfo | None:
        return PageInfo({"page": self.next}) if self.has_more is not False and self.next else None


class SyncPage(_Page[T], BaseSyncPage[T]):
    """A list that comes whole."""


class AsyncPage(_Page[T], BaseAsyncPage[T]):
    """A list that comes whole."""


class SyncCursorPage(_CursorPage[T], BaseSyncPage[T]):
    """A page after which the id of its last item asks for the next."""


class AsyncCursorPage(_CursorPage[T], BaseAsyncPage[T]):
    """A page after which the id of its last item asks for the next."""


class SyncConversationCursorPage(_ConversationCursorPage[T], BaseSyncPage[T]):
    """A page that names the id after which the next begins."""


class AsyncConversationCursorPage(_ConversationCursorPage[T], BaseAsyncPage[T]):
    """A page that names the id after which the next begins."""


class SyncNextCursorPage(_NextCursorPage[T], BaseSyncPage[T]):
    """A page that names the cursor of the next."""


class AsyncNextCursorPage(_NextCursorPage[T], BaseAsyncPage[T]):
    """A page that names the cursor of the next."""


class SyncTokenPage(_TokenPage[T], BaseSyncPage[T]):
    """A page that names the token of the next."""


class AsyncTokenPage(_TokenPage[T], BaseAsyncPage[T]):
    """A page that names the token of the next."""
