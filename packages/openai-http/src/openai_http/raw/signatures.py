"""What `inspect.signature` and `help` show of a method: its parameters, each by its name.

The source has them in the type of `**params`, which says nothing to who asks at run time. They are
looked up when something asks; who only calls pays for none of it.
"""

from __future__ import annotations

from functools import cached_property, partial
from inspect import CO_VARKEYWORDS, Parameter, Signature
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

from openai_http.sentinels import NOT_GIVEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import MappingProxyType

F = TypeVar("F")


def name_parameters(function: F) -> F:
    """Let the signature of a method show what its `**params` may be, if it has any."""
    if isinstance(function, FunctionType) and function.__code__.co_flags & CO_VARKEYWORDS:
        function.__signature__ = NamedSignature.of(function)
    return function


class NamedSignature(Signature):
    """The signature of a function with `**params: Unpack[...]`, made when it is looked at."""

    _make: Callable[[], Signature]

    @classmethod
    def of(cls, function: FunctionType) -> NamedSignature:
        """That of a function."""
        made = cls.__new__(cls)
        made._make = partial(_signature, function)
        return made

    @property
    def parameters(self) -> MappingProxyType[str, Parameter]:
        """The parameters: those of the API that are required, its others, and the options."""
        return self._made.parameters

    @property
    def return_annotation(self) -> Any:  # Any: as in the base class, here and below
        """The type of the result."""
        return self._made.return_annotation

    def replace(self, **changes: Any) -> Signature:
        """A plain signature that differs in what is given."""
        return self._made.replace(**changes)

    __replace__ = replace

    def __reduce__(self) -> tuple[object, ...]:
        """Copied and pickled it is a plain one."""
        return _plain, (tuple(self.parameters.values()), self.return_annotation)

    @cached_property
    def _made(self) -> Signature:
        return self._make()


def _signature(function: FunctionType) -> Signature:
    # As it is written; the signature of the function itself is a `NamedSignature`.
    twin = FunctionType(function.__code__, function.__globals__)
    twin.__kwdefaults__, twin.__annotations__ = function.__kwdefaults__, function.__annotations__
    written = Signature.from_callable(twin, eval_str=True)
    return written.replace(parameters=list(_named(function, written)))


def _plain(parameters: tuple[Parameter, ...], result: object) -> Signature:
    return Signature(parameters, return_annotation=result)


def _named(function: FunctionType, written: Signature) -> Iterator[Parameter]:
    """The parameters, with those that `**params` stands for in its place."""
    *own, params = written.parameters.values()
    (accepted,) = get_args(get_type_hints(function)[params.name])
    types = get_type_hints(accepted)
    for each in own:  # an option that the API has as a parameter, too, is there already
        types.pop(each.name, None)
    required = accepted.__required_keys__
    before = [each for each in own if each.default is Parameter.empty]
    yield from before
    for name in sorted(types, key=lambda each: each not in required):
        default = Parameter.empty if name in required else NOT_GIVEN
        yield Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=types[name])
    yield from (each for each in own if each not in before)
