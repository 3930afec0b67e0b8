"""From the operations of a description to the modules of `openai_http.resources`.

One module for each top-level resource, with the classes of all that is below it, sync and async.
Their methods do nothing but name an operation and hand its parameters to the client.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import replace

from codegen.description import Description
from codegen.emitting.docs import operation_line
from codegen.emitting.overloads import Overloads
from codegen.emitting.signatures import OPTIONS, STREAM_OPTIONS, Parameters, Signature
from codegen.emitting.wire_names import WireNames
from codegen.operations import Operation, Resource

# Hand-written methods of a resource: the module of `openai_http` and the class.
MIXINS = {
    "audio.speech": ("streams.speech", "SpeechStreaming"),
    "beta.threads": ("streams.assistants", "ThreadStreams"),
    "beta.threads.runs": ("streams.assistants", "RunStreams"),
    "chat.completions": ("streams.chat", "ChatStreaming"),
    "realtime": ("sessions", "RealtimeSessions"),
    "responses": ("streams.responses", "ResponseStreaming"),
    "webhooks": ("webhook_verification", "WebhookVerification"),
}
# The rules of `openai_stream.terminal` by which streams end, by the type of their events.
ENDS = {
    "chat.ChatCompletionChunk": "chat_completions",
    "shared.Completion": "chat_completions",
    "shared.ImageEditStreamEvent": "images",
    "shared.ImageGenStreamEvent": "images",
    "audio.TranscriptionStreamEvent": "transcriptions",
    "beta.AssistantStreamEvent": "runs",
    "responses.ResponseStreamEvent": "responses",
    "beta.BetaResponseStreamEvent": "responses",
}
HTTP = "openai_http"
WIDTH = 80  # of the lists of names in an operation


class Resources:
    """Writes every module of resources."""

    def __init__(self, description: Description) -> None:
        self._description = description
        self._parameters = Parameters(description)
        self._overloads = Overloads(self._parameters)
        self._wire_names = WireNames(description)
        self._aliases = {
            each.path: each.alias_of for each in description.resources if each.alias_of
        }
        self._resources = [each for each in description.resources if not each.alias_of]
        self._tops = [each for each in self._resources if "." not in each.path]

    def files(self) -> Iterator[tuple[str, str]]:
        """The name and the source of each module, without its head."""
        for top in self._tops:
            yield f"{top.path}.py", self._module(top)
        yield "groups.py", self._groups()
        yield "__init__.py", '"""The operations of the API, a module for each group."""\n'

    def _module(self, top: Resource) -> str:
        inside = [each for each in self._resources if each.path.partition(".")[0] == top.path]
        names = class_names(inside)
        operations = [each for each in self._description.operations if each.top == top.path]
        constants = "\n\n".join(self._operation(each) for each in operations)
        classes = "\n\n".join(
            self._class(each, names, asynchronous=asynchronous)
            for each in inside
            for asynchronous in (False, True)
        )
        given = "\n".join(
            textwrap.indent(each, "    ")
            for operation in operations
            for each in self._overloads.given(operation)
        )
        if given:
            constants = f"if TYPE_CHECKING:\n{given}\n\n{constants}"
        body = f"{constants}\n\n{classes}"
        return (
            f'"""The operations of `client.{top.path}`."""\n{self._imports(body, inside)}\n\n{body}'
        )

    def _imports(self, body: str, inside: list[Resource]) -> str:
        used = set(re.findall(r"[A-Za-z_]\w*", re.sub(r'"""[^"]*"""', "", body)))
        used_namespaces = sorted(
            used & {each.partition(".")[0] for each in self._description.namespaces}
        )
        lines = ["from __future__ import annotations"]
        for module, names in _IMPORTS.items():
            found = sorted(used & set(names))
            if found:
                lines.append(f"from {module} import {', '.join(found)}")
        types = [
            each for each in used_namespaces if re.search(rf"(?<![\w.]){each}\.[A-Za-z]", body)
        ]
        if types:
            lines.append(f"from openai_types import {', '.join(types)}")
        if "openai_http." in body:
            lines.append("import openai_http")
        mixins = sorted({MIXINS[each.path] for each in inside if each.path in MIXINS})
        lines += [f"from {HTTP}.{module} import Async{name}, {name}" for module, name in mixins]
        elsewhere = [
            f"    from {HTTP}.resources.{target} import Async{name}, {name}"
            for path, target in self._aliases.items()
            if path.rpartition(".")[0] in {each.path for each in inside} and "." not in target
            for name in [self._class_of(target)]
        ]
        if elsewhere:
            lines += ["from typing import TYPE_CHECKING", "if TYPE_CHECKING:", *elsewhere]
        return "\n".join(lines)

    def _operation(self, operation: Operation) -> str:
        """The constant of an operation."""
        places: dict[str, list[str]] = {}
        for each in operation.parameters:
            places.setdefault(each.place, []).append(each.name)
        required = [e.name for e in operation.parameters if e.required and e.place != "path"]
        arguments = {
            "body": _listed(places.get("body", [])),
            "query": _listed(places.get("query", [])),
            "files": _listed(places.get("file", [])),
            "headers": _mapping(
                {e.name: e.wire for e in operation.parameters if e.place == "header"}
            ),
            "references": _listed(self._parameters.references(operation)),
            "wire_names": _mapping(self._wire_names.of(operation)),
            "required": _listed(required),
            "json_without_files": "True" if operation.json_without_files else "",
            "sends": _mapping({**_lower(operation.headers), **_accept(operation)}),
            "sdp": "True" if operation.raw_content else "",
            "result": _place(operation.returns),
            "result_by": _result_by(operation),
            "page": _quoted(operation.page),
            "events": _place(operation.streams),
            "ends": _quoted(ENDS.get(operation.streams, "")),
            "named_events": "True" if operation.event_and_data else "",
            "admin": "True" if operation.auth == "admin" else "",
        }
        head = (_quoted(operation.name), _quoted(operation.method.upper()), _quoted(operation.path))
        named = [f"{name}={value}" for name, value in arguments.items() if value]
        events = operation.streams or "None"
        return (
            f"{constant(operation)}: Operation[{operation.returns}, {events}] = "
            f"Operation({', '.join([*head, *named])})"
        )

    def _class(self, resource: Resource, names: dict[str, str], *, asynchronous: bool) -> str:
        prefix = "Async" if asynchronous else ""
        name = prefix + names[resource.path]
        base = prefix + MIXINS.get(resource.path, ("", "Resource"))[1]
        parts = [
            f"class {name}({base}[ModeT]):",
            f'    """{self._title(resource)}"""\n',
            "    __slots__ = ()\n",
            _modes(name),
        ]
        for below, target in self._below(resource):
            parts.append(self._property(below, target, names, prefix))
        parts += [
            self._method(operation, name, asynchronous=asynchronous)
            for operation in self._description.operations
            if operation.resource == resource.path
        ]
        return "\n".join(parts)

    def _below(self, resource: Resource) -> Iterator[tuple[str, str]]:
        """The resources inside of one: their names there, and what they are."""
        for each in self._description.resources:
            parent, _, name = each.path.rpartition(".")
            if parent == resource.path:
                yield name, self._aliases.get(each.path, each.path)

    def _property(self, name: str, target: str, names: dict[str, str], prefix: str) -> str:
        title = next(self._title(each) for each in self._resources if each.path == target)
        if target in names:
            made, imported = prefix + names[target], ""
        else:  # of another module, as `beta.chat` is
            made = prefix + self._class_of(target)
            imported = f"        from {HTTP}.resources.{target} import {made}\n\n"
        return (
            f"    @group\n    def {name}(self) -> {made}[ModeT]:\n"
            f'        """{title}"""\n{imported}        return {made}(self._client)\n'
        )

    def _class_of(self, path: str) -> str:
        return next(each.class_name for each in self._resources if each.path == path)

    @staticmethod
    def _title(resource: Resource) -> str:
        words = resource.path.rpartition(".")[2].replace("_", " ").strip()
        return f"{words[:1].upper()}{words[1:]}: `client.{resource.path}`."

    def _method(self, operation: Operation, owner: str, *, asynchronous: bool) -> str:
        name = operation.name.rpartition(".")[2]
        overloads = self._overloads.are_needed(operation)
        lines: list[str] = []
        if overloads:
            result = self._result(operation, asynchronous=asynchronous)
            stream = self._stream(operation, asynchronous=asynchronous)
            lines += [
                f"    @overload\n    {each.write(name)}: ...\n"
                for each in self._overloads.signatures(
                    operation, result, stream, owner, asynchronous=asynchronous
                )
            ]
        head = self._implementation(operation, asynchronous=asynchronous)
        awaited = asynchronous and not operation.page
        decorator = "in_all_modes" if overloads else _decorator(operation, asynchronous)
        lines.append(
            f"    @{decorator}\n    {replace(head, awaited=awaited).write(name)}:\n"
            f'        """{operation_line(self._description, operation)}"""\n'
            + "".join(f"        {line}\n" for line in self._body(operation, head, asynchronous))
        )
        return "\n".join(lines)

    def _result(self, operation: Operation, *, asynchronous: bool) -> str:
        prefix = "Async" if asynchronous else "Sync"
        if operation.page:
            page = f"openai_http.{prefix}{operation.page}[{operation.returns}]"
            return (
                f"openai_http.AsyncPaginator[{operation.returns}, {page}]" if asynchronous else page
            )
        return operation.returns.replace("bytes", "openai_http.HttpxBinaryResponseContent")

    @staticmethod
    def _stream(operation: Operation, *, asynchronous: bool) -> str:
        if not operation.streams:
            return ""
        return f"{'Async' if asynchronous else ''}Stream[{operation.streams}]"

    def _signature(self, operation: Operation, returns: str, *named: str) -> Signature:
        """A signature whose parameters come from a TypedDict."""
        positional, others = self._parameters.in_path(operation)
        return Signature(
            tuple(f"{each}: str" for each in positional),
            (*(f"{each}: str" for each in others), *named),
            self._parameters.typed_dict(operation),
            returns,
            options=_options(operation),
        )

    def _implementation(self, operation: Operation, *, asynchronous: bool) -> Signature:
        result = self._result(operation, asynchronous=asynchronous)
        stream = self._stream(operation, asynchronous=asynchronous)
        if operation.always_streams:
            return self._signature(operation, stream)
        returns = f"{result} | {stream}" if stream else result
        named = ["stream: Literal[False, True] | None = NOT_GIVEN"] if stream else []
        if operation.params and (operation.chosen_by or not self._parameters.typed_dict(operation)):
            positional, others = self._parameters.in_path(operation)
            explicit = [*self._parameters.explicit(operation), *named]
            return Signature(
                tuple(f"{each}: str" for each in positional),
                tuple(_defaults_last([*(f"{each}: str" for each in others), *explicit])),
                "",
                returns,
                options=_options(operation),
            )
        return self._signature(operation, returns, *named)

    def _body(self, operation: Operation, head: Signature, asynchronous: bool) -> Iterator[str]:
        """The lines of a method: its parameters in one mapping, then the client's call."""
        explicit = [each.partition(":")[0] for each in (*head.positional, *head.named)]
        pairs = ", ".join(f'"{name}": {name}' for name in explicit)
        if head.unpacked:
            given = f"{{**params, {pairs}}}" if pairs else "params"
        else:
            given = f"{{{pairs}}}"
        options = ", ".join(each.partition(":")[0] for each in head.options)
        yield f"options = CallOptions({options})"
        wait = "await " if asynchronous else ""
        name = constant(operation)
        if operation.always_streams:
            yield f"return {wait}self._client.stream({name}, {given}, options)"
            return
        if operation.streams:
            yield f"given = {given}"
            yield "if stream:"
            yield f"    return {wait}self._client.stream({name}, given, options)"
            given = "given"
        if operation.page:
            call = f"self._client.call_for_page({name}, {given}, options)"
            yield f'return cast("{self._result(operation, asynchronous=asynchronous)}", {call})'
        elif operation.returns == "bytes":
            yield f"return {wait}self._client.call_for_bytes({name}, {given}, options)"
        else:
            yield f"return {wait}self._client.call({name}, {given}, options)"

    def _groups(self) -> str:
        """The attributes of the clients."""
        lines = [
            '"""The groups of operations, as attributes of the clients that load them."""',
            "from __future__ import annotations",
            "from typing import TYPE_CHECKING, cast",
            f"from {HTTP}.raw.modes import Modal, ModeT, Raw, Streamed",
            f"from {HTTP}.resource import group",
            "if TYPE_CHECKING:",
            f"    from {HTTP}.client import AsyncOpenAI, OpenAI",
        ]
        for top in self._tops:
            name = top.class_name
            lines.append(f"    from {HTTP}.resources.{top.path} import Async{name}, {name}")
        for prefix in ("", "Async"):
            lines.append(f"\n\nclass {prefix}Groups(Modal[ModeT]):")
            lines.append(f'    """The groups of operations of `{prefix}OpenAI`."""\n')
            lines.append(_modes(f"{prefix}Groups"))
            for top in self._tops:
                made = prefix + top.class_name
                lines += [
                    f"    @group\n    def {top.path}(self) -> {made}[ModeT]:",
                    f'        """{self._title(top)}"""',
                    f"        from {HTTP}.resources.{top.path} import {made}\n",
                    f'        return {made}(cast("{prefix}OpenAI", self))\n',
                ]
        return "\n".join(lines)


_IMPORTS = {
    "typing": ("Literal", "Required", "TYPE_CHECKING", "Unpack", "cast", "overload"),
    "collections.abc": ("Iterable", "Sequence"),
    "openai_stream": ("AsyncStream", "Stream"),
    "openai_types.file_input": ("FileTypes",),
    f"{HTTP}.raw.modes": (
        *("Decoded", "ModeT", "Raw", "Streamed"),
        *("async_method", "async_page_method", "in_all_modes", "method"),
    ),
    f"{HTTP}.operations": ("Operation",),
    f"{HTTP}.requests": (
        *("CallOptions", "CallOptionsParams", "ExtraBody", "ExtraHeaders", "ExtraQuery"),
        "StreamOptionsParams",
    ),
    f"{HTTP}.attempts.retries": ("RetryPolicy",),
    f"{HTTP}.resource": ("AsyncResource", "Resource", "group"),
    f"{HTTP}.sentinels": ("NOT_GIVEN",),
    f"{HTTP}.timing.timeout": ("TimeoutTypes",),
}


def class_names(resources: list[Resource]) -> dict[str, str]:
    """The class of each resource: its own name, after those above it where several have one."""
    found: dict[str, str] = {}
    for each in resources:
        above = each.path.split(".")[:-1]
        name = each.class_name
        while above and sum(_ends(one, name, len(above), each) for one in resources) > 1:
            name = "".join(word.capitalize() for word in above.pop().split("_")) + name
        found[each.path] = name
    return found


def _ends(one: Resource, name: str, depth: int, other: Resource) -> bool:
    """Whether a resource, with as many names above as another has taken, has the same name."""
    taken = len(other.path.split(".")) - 1 - depth
    above = one.path.split(".")[:-1]
    prefix = (
        "".join(
            "".join(word.capitalize() for word in part.split("_"))
            for part in above[len(above) - taken :]
        )
        if taken
        else ""
    )
    return prefix + one.class_name == name


def constant(operation: Operation) -> str:
    """The name of the constant of an operation."""
    return operation.name.replace(".", "_").upper()


def _modes(owner: str) -> str:
    """The attributes of a class that are the same class in another mode."""
    return f"    with_raw_response: {owner}[Raw]\n    with_streaming_response: {owner}[Streamed]\n"


def _decorator(operation: Operation, asynchronous: bool) -> str:
    """What types a method in all modes, where one signature says all of it."""
    if not asynchronous:
        return "method"
    return "async_page_method" if operation.page else "async_method"


def _options(operation: Operation) -> tuple[str, ...]:
    return STREAM_OPTIONS if operation.streams else OPTIONS


def _defaults_last(parameters: list[str]) -> list[str]:
    return sorted(parameters, key=lambda each: " = " in each)


def _accept(operation: Operation) -> dict[str, str]:
    return {"accept": operation.accept} if operation.accept else {}


def _lower(headers: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


def _mapping(table: Mapping[str, object]) -> str:
    return repr(table) if table else ""


def _quoted(text: str) -> str:
    return f'"{text}"' if text else ""


def _place(type_: str) -> str:
    """Where a type is, as "module:name"; a scalar by its name."""
    if not type_ or " | " in type_ or type_ in {"None", "bytes"}:
        return ""
    namespace, _, name = type_.rpartition(".")
    return f'"openai_types.{namespace}:{name}"' if namespace else f'"{name}"'


def _result_by(operation: Operation) -> str:
    chosen = operation.chosen_by
    if chosen is None:
        return ""
    name, table = chosen
    places = {value: _place(type_).strip('"') for value, type_ in table.items()}
    return f"({name!r}, {places!r})"


def _listed(names: list[str]) -> str:
    """Names with blanks between them, in lines that fit."""
    lines: list[str] = []
    for name in names:
        if lines and len(lines[-1]) + len(name) < WIDTH:
            lines[-1] += f" {name}"
        else:
            lines.append(name)
    return " ".join(f'"{line}{"" if line is lines[-1] else " "}"' for line in lines)
