from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import httpx
import openai_types.shared
import pytest
from openai_http import OpenAI
from openai_types import BaseModel

from codegen.description import Description, Field, Module, Object
from codegen.emitting.resources import Resources, class_names
from codegen.generate import Target, generate
from codegen.operations import Operation, Parameter, Resource
from codegen.tests.made_up import described

QUIET: Operation = Operation("zoo.close", "post", "/zoo/close", kind="none", accept="*/*")
STREAMED = Operation(
    "zoo.watch",
    "post",
    "/zoo/watch",
    (Parameter("stream", "body", required=False, wire="stream"),),
    ("zoo.AnimalCreateParams",),
    returns="zoo.Cat",
    streams="zoo.Animal",
)
ALWAYS = Operation("zoo.listen", "get", "/zoo/listen", returns="zoo.Animal", streams="zoo.Animal")
FILE = Operation("zoo.photo", "get", "/zoo/photo", kind="binary", returns="bytes")


def module_of(description: Description, name: str) -> str:
    return dict(Resources(description).files())[name]


def zoo_with(*operations: Operation) -> str:
    description = described()
    description.operations += operations
    return module_of(description, "zoo.py")


def test_a_new_endpoint_is_a_method_that_sends_what_the_document_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    class Widget(BaseModel):
        id: str

    monkeypatch.setattr(openai_types.shared, "Widget", Widget, raising=False)
    target = Target.below(tmp_path)
    generate(described(with_document=True), target)
    names: dict[str, object] = {"__name__": "made_up_widgets"}
    source = (target.resources / "widgets.py").read_text()
    exec(compile(source, "widgets.py", "exec"), names)  # noqa: S102 - this is the generated module
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={"id": "w_1"})

    http_client = httpx.Client(transport=httpx.MockTransport(answer))
    with OpenAI(api_key="k", admin_api_key="admin-key", http_client=http_client) as client:
        widgets = cast("Any", names["Widgets"])  # Any: there is no such class before this test
        widget = widgets(client).cancel("w/1", why="because")

    assert isinstance(widget, Widget)
    [request] = sent
    assert (request.method, request.url.raw_path) == ("POST", b"/v1/widgets/w%2F1/cancel")
    assert request.content == b'{"why":"because"}'
    assert request.headers["authorization"] == "Bearer admin-key"


def test_an_operation_says_where_its_parameters_go():
    source = module_of(described(with_document=True), "widgets.py")

    assert 'body="why notes", required="why"' in source
    assert 'query="limit tags"' in source
    assert 'page="CursorPage"' in source
    assert "admin=True" in source


def test_an_operation_says_what_it_sends_beside_files():
    description = described()
    description.modules.append(
        Module(
            "zoo",
            "pictures_params",
            {
                "Place": Object("Place", "params", (Field("at", "str"),)),
                "PictureParams": Object(
                    "PictureParams",
                    "params",
                    (
                        Field("one", "FileTypes | Place", attribute="first"),
                        Field("several", "Sequence[FileTypes] | FileTypes"),
                        Field("in", "Sequence[Where]", attribute="in_"),
                    ),
                ),
                "Where": Object("Where", "params", (Field("async", "bool", attribute="async_"),)),
            },
        )
    )
    description.operations.append(
        Operation(
            "zoo.draw",
            "post",
            "/zoo/pictures",
            (
                Parameter("first", "file", required=False, wire="one"),
                Parameter("several", "file", required=False, wire="several"),
                Parameter("in_", "body", required=False, wire="in"),
            ),
            ("zoo.PictureParams",),
            kind="multipart",
            json_without_files=True,
        )
    )
    source = module_of(description, "zoo.py")

    assert 'files="first several", references="first"' in source
    assert "json_without_files=True" in source
    assert (
        "wire_names={'': {'first': ('one', ''), 'in_': ('in', 'zoo.Where')},"
        " 'zoo.Where': {'async_': ('async', '')}}" in source
    )


def test_a_page_is_typed_by_its_items():
    source = module_of(described(with_document=True), "widgets.py")

    assert "-> openai_http.SyncCursorPage[shared.Widget]:" in source
    assert (
        "-> openai_http.AsyncPaginator[shared.Widget, openai_http.AsyncCursorPage[shared.Widget]]:"
        in source
    )
    assert "async def list" not in source


def test_nothing_and_files_come_back_as_such():
    source = zoo_with(QUIET, FILE)

    assert "-> None:" in source
    assert "sends={'accept': '*/*'}" in source
    assert "-> openai_http.HttpxBinaryResponseContent:" in source
    assert "self._client.call_for_bytes(ZOO_PHOTO, {}, options)" in source


def test_whether_it_streams_decides_the_type():
    source = zoo_with(STREAMED)

    assert "stream: Literal[True]" in source
    assert "-> zoo.Cat | Stream[zoo.Animal]: ..." in source
    assert "return await self._client.stream(ZOO_WATCH, given, options)" in source


def test_what_always_streams_has_no_choice():
    source = zoo_with(ALWAYS)

    assert "stream:" not in source
    assert "-> Stream[zoo.Animal]:" in source


def test_a_method_is_typed_once_for_all_modes():
    source = module_of(described(with_document=True), "widgets.py")

    assert "class AsyncWidgets(AsyncResource[ModeT]):" in source
    assert "with_raw_response: AsyncWidgets[Raw]" in source
    assert "with_streaming_response: AsyncWidgets[Streamed]" in source
    assert "@method\n    def cancel(" in source
    assert "@async_method\n    async def cancel(" in source
    assert "@async_page_method\n    def list(" in source


def test_resources_of_one_name_are_told_apart_by_what_is_above_them():
    resources = [
        Resource("beta", "Beta"),
        Resource("beta.files", "Files"),
        Resource("beta.agents", "Agents"),
        Resource("beta.agents.files", "Files"),
    ]

    assert list(class_names(resources).values()) == ["Beta", "BetaFiles", "Agents", "AgentsFiles"]


def test_another_name_of_a_resource_leads_to_it():
    description = described(with_document=True)
    description.resources.append(Resource("zoo.widgets", "Widgets", alias_of="widgets"))
    source = module_of(description, "zoo.py")

    assert "from openai_http.resources.widgets import AsyncWidgets, Widgets" in source
    assert "return AsyncWidgets(self._client)" in source
