"""Fields and parameters that the document has and the facts do not, of what both have.

A field goes to the model or the dict that says what its schema says, a parameter to the operation,
too. None is needed: callers and servers of before do not have it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace

from codegen.description import Description, Field, Module, Object
from codegen.importing.correspondence import Correspondence
from codegen.importing.openapi import Document, DocumentOperation, Schema
from codegen.importing.requests import is_file, is_in_form
from codegen.importing.schemas import attribute_name, class_name, identifier
from codegen.names import qualified
from codegen.operations import Operation, Parameter

Write = Callable[[str, str, Schema, str], str]


class NewerFields:
    """Adds them to one description, in place.

    Args:
        description: what is added to.
        document: the document.
        same: which schema says what a type says.
        write: gives the expression of a schema, for a namespace, a kind and a hint.
        meant: says of a field, as `namespace.Type.wire`, whether it is missing on purpose.
    """

    def __init__(
        self,
        description: Description,
        document: Document,
        same: Correspondence,
        write: Write,
        meant: Callable[[str], bool],
    ) -> None:
        self._description = description
        self._document = document
        self._same = same
        self._write = write
        self._meant = meant
        self._modules = {f"{m.namespace}.{t.name}": m for m, t in description.types()}
        self._added: defaultdict[str, dict[str, Schema]] = defaultdict(dict)

    def run(self) -> Iterator[str]:
        """Add everything; gives a line for each thing."""
        for full, schema in self._same.pairs.items():
            known = self._same.fields(full)
            for written, inner in self._document.properties(schema).items():
                wire = written.removesuffix("[]")  # the brackets say how it is sent
                if wire not in known and not self._meant(f"{full}.{wire}"):
                    yield from self._add(self._owner(full), wire, inner)
        for operation, found in list(self._same.operations()):
            self._add_parameters(operation, found)

    def _owner(self, full: str) -> str:
        """The type that has the fields: variants of parameters have them from their base."""
        module, type_ = self._of(full)
        if type_.kind == "params" and type_.bases:
            base = qualified(type_.bases[0], module.namespace)
            return self._owner(base) if base in self._modules else full
        return full

    def _of(self, full: str) -> tuple[Module, Object]:
        module = self._modules[full]
        type_ = module.types[full.rpartition(".")[2]]
        assert isinstance(type_, Object), f"{full} has no fields"
        return module, type_

    def _add(self, owner: str, wire: str, schema: Schema) -> Iterator[str]:
        module, type_ = self._of(owner)
        if any(field.wire == wire for field in type_.fields):
            return
        written = self._write(module.namespace, type_.kind, schema, type_.name + class_name(wire))
        name = attribute_name(wire) if type_.kind == "model" else identifier(wire)
        field = Field(wire, written, required=False, attribute=name if name != wire else "")
        fields = sorted([*type_.fields, field], key=lambda each: each.wire)
        module.types[type_.name] = replace(type_, fields=tuple(fields))
        self._added[owner][wire] = schema
        yield f"{owner}.{wire}: new"

    def _add_parameters(self, operation: Operation, found: DocumentOperation) -> None:
        places = {each.name.removesuffix("[]"): each.place for each in found.parameters}
        owners = {
            self._owner(one) for each in operation.params for one in self._same.alternatives(each)
        }
        new = {wire: schema for each in owners for wire, schema in self._added[each].items()}
        wires = {each.wire for each in operation.parameters}
        made = [
            Parameter(identifier(wire), places.get(wire) or self._body(found, schema), False, wire)
            for wire, schema in new.items()
            if wire not in wires
        ]
        if made:
            index = self._description.operations.index(operation)
            parameters = (*operation.parameters, *made)
            self._description.operations[index] = replace(operation, parameters=parameters)

    def _body(self, found: DocumentOperation, schema: Schema) -> str:
        return "file" if is_in_form(found) and is_file(self._document, schema) else "body"
