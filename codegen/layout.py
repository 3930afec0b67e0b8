"""The layout of the generated package: which module of a namespace has a type.

A namespace is a few modules by role (`objects`, `events`, `params`). Where one of these would be
huge, or would load much that its users do not need, `layout.yaml` splits it by topic. It also names
what is written by hand and only listed in the tables of contents.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from codegen.description import KINDS, DescriptionError, read_mapping

FILE = Path(__file__).parent / "layout.yaml"


@dataclass(frozen=True)
class Layout:
    """What `layout.yaml` says.

    Attributes:
        topics: for a namespace, topics with the beginnings of the names of upstream's modules;
            a topic `items_objects` takes objects only.
        handwritten: from the name of a type, its namespace included, to its module.
        mixins: from the name of a model to the hand-written class with its properties.
        paths: what modules of upstream have from others, which is no type of their own.
    """

    topics: dict[str, dict[str, list[str]]] = field(default_factory=dict[str, dict[str, list[str]]])
    handwritten: dict[str, str] = field(default_factory=dict[str, str])
    mixins: dict[str, str] = field(default_factory=dict[str, str])
    paths: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    @classmethod
    def read(cls, path: Path = FILE) -> Layout:
        """Read the file."""
        data = read_mapping(path)
        try:
            handwritten = {
                f"{namespace}.{name}": module
                for module, names in data.get("handwritten", {}).items()
                for namespace, listed in names.items()
                for name in listed
            }
        except (AttributeError, TypeError) as error:
            message = f"{path}: handwritten is MODULE: {{NAMESPACE: [NAME, ...]}}: {error}"
            raise DescriptionError(message) from error
        paths = data.get("paths", {})
        return cls(data.get("topics", {}), handwritten, data.get("mixins", {}), paths)

    def role(self, namespace: str, module: str, kind: str) -> str:
        """The role of a type, with its topic if it has one."""
        for topic, beginnings in self.topics.get(namespace, {}).items():
            only = topic.rpartition("_")[2]
            if only in KINDS and only != kind:
                continue
            if any(module.startswith(each) for each in beginnings):
                return topic if only in KINDS else f"{topic}_{kind}"
        return kind
