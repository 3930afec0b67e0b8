"""The paths of the official package's modules, such as `openai.types.chat.chat_completion`.

There each class has a module, and many libraries import from it. Here such a module is an object
made when its package is imported: it has no file, and finds its names in the generated namespace.
"""

from __future__ import annotations

import sys
from types import ModuleType


def camel(module: str) -> str:
    """What names of classes inside a module begin with: `ChatCompletion`, in `chat_completion`."""
    return "".join(word[:1].upper() + word[1:] for word in module.split("_"))


class OfficialModule(ModuleType):
    """A module of the official package: its public class, and the classes inside that one."""

    def __init__(self, package: str, module: str, source: ModuleType) -> None:
        super().__init__(f"{package}.{module}", f"The official path of names of `{package}`.")
        self._prefix = camel(module)
        self._source = source

    def __getattr__(self, name: str) -> object:
        if not name.startswith("__"):
            inner = name.lstrip("_")
            for known in (f"{self._prefix}{inner}", inner):
                value: object = getattr(self._source, known, None)
                if value is not None:
                    setattr(self, name, value)
                    return value
        message = f"module {self.__name__!r} has no attribute {name!r}"
        raise AttributeError(message)


def register(package: str, modules: str) -> None:
    """Make modules of a package importable.

    Args:
        package: the name of the package, whose attributes are those of the generated namespace.
        modules: the names of the modules, separated by spaces.
    """
    source = sys.modules[package]
    for module in modules.split():
        made = OfficialModule(package, module, source)
        sys.modules[made.__name__] = made
        setattr(source, module, made)
