import base64
import json
from typing import Any

import pytest
from openai_mock.answers.built_in_tools import called_tool
from openai_mock.answers.response_output import response_output
from openai_mock.refusals import Refusal
from openai_mock.state.ids import Identifiers
from openai_types import Decoder
from openai_types.responses import ResponseOutputItem

decode = Decoder[Any](ResponseOutputItem, strict=True)  # Any: a union of all items

SAID = {"type": "message", "role": "user", "content": "A cat"}
FUNCTION = {"type": "function", "name": "f", "parameters": {"type": "object"}}
IMAGE = {"type": "image_generation", "size": "1024x1536", "output_format": "png"}
MCP = {"type": "mcp", "server_label": "docs", "server_url": "https://example.com/mcp"}


@pytest.fixture
def called(ids: Identifiers):
    def made(tool: dict[str, Any], choice: Any = "required", **request: Any) -> list[Any]:
        request = {"model": "gpt-5.5", "tools": [tool], "tool_choice": choice, **request}
        output = response_output(request, [SAID], seed="resp_1", ids=ids)
        return [decode(json.dumps(item)) for item in output.items]

    return made


@pytest.mark.parametrize(
    ("tool", "kinds"),
    [
        ({"type": "web_search"}, ["web_search_call", "message"]),
        ({"type": "web_search_preview"}, ["web_search_call", "message"]),
        ({"type": "file_search", "vector_store_ids": ["vs_1"]}, ["file_search_call", "message"]),
        (
            {"type": "code_interpreter", "container": {"type": "auto"}},
            ["code_interpreter_call", "message"],
        ),
        (IMAGE, ["image_generation_call", "message"]),
        ({**MCP, "require_approval": "never"}, ["mcp_list_tools", "mcp_call", "message"]),
        (MCP, ["mcp_list_tools", "mcp_approval_request"]),
        ({"type": "local_shell"}, ["local_shell_call"]),
        ({"type": "shell"}, ["shell_call"]),
        ({"type": "apply_patch"}, ["apply_patch_call"]),
        ({"type": "computer"}, ["computer_call"]),
        (
            {
                "type": "computer_use_preview",
                "display_height": 1,
                "display_width": 1,
                "environment": "linux",
            },
            ["computer_call"],
        ),
    ],
)
def test_tool_that_is_insisted_on_is_called(called: Any, tool: dict[str, Any], kinds: list[str]):
    items = called(tool)
    assert [item.type for item in items] == kinds
    assert len({item.id for item in items}) == len(items)
    forced = called(
        tool, {"type": tool["type"], **({"server_label": "docs"} if "mcp" in kinds[0] else {})}
    )
    assert [item.type for item in forced] == kinds


def test_tool_is_not_called_without_need(called: Any):
    assert [item.type for item in called({"type": "web_search"}, "auto")] == ["message"]


@pytest.mark.parametrize("choice", ["auto", "none", {"type": "function", "name": "f"}, None])
def test_no_tool_is_insisted_on(choice: object):
    assert called_tool({"tools": [{"type": "web_search"}, FUNCTION], "tool_choice": choice}) is None


def test_functions_go_before_if_any_tool_will_do():
    request = {"tools": [{"type": "web_search"}, FUNCTION], "tool_choice": "required"}
    assert called_tool(request) is None


def test_tool_that_is_not_offered_is_refused():
    request = {"tools": [FUNCTION], "tool_choice": {"type": "file_search"}}
    with pytest.raises(Refusal, match="file_search") as caught:
        called_tool(request)
    assert caught.value.param == "tool_choice"


def test_image_has_the_size_that_was_asked_for(called: Any):
    item = called(IMAGE)[0]
    content = base64.b64decode(item.result)
    assert content.startswith(b"\x89PNG")
    assert [int.from_bytes(content[at : at + 4]) for at in (16, 20)] == [1024, 1536]
    assert (item.size, item.output_format) == ("1024x1536", "png")


def test_image_that_cannot_be_made_is_refused(called: Any):
    with pytest.raises(Refusal, match="svg") as caught:
        called({**IMAGE, "output_format": "svg"})
    assert caught.value.param == "tools"


def test_more_is_included_if_asked_for(called: Any):
    search = called({"type": "web_search"}, include=["web_search_call.action.sources"])
    assert search[0].action.sources[0].url
    assert search[1].content[0].annotations[0].url == search[0].action.sources[0].url
    assert called({"type": "web_search"})[0].action.sources is None
    code = {"type": "code_interpreter", "container": "cntr_1"}
    ran = called(code, include=["code_interpreter_call.outputs"])[0]
    assert (ran.container_id, ran.outputs[0].logs) == ("cntr_1", "A cat\n")
    assert called(code)[0].outputs is None


def test_named_tool_of_a_server_is_called(called: Any):
    choice = {"type": "mcp", "server_label": "docs", "name": "read"}
    assert called({**MCP, "require_approval": "never"}, choice)[1].name == "read"
