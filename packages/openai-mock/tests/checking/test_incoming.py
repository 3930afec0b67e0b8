import json
from typing import Any

import pytest
from openai_mock.calls import Call, Upload
from openai_mock.checking.incoming import Sent, read_call
from openai_mock.refusals import Refusal
from openai_mock.settings import Settings

SETTINGS = Settings()
JSON = "application/json"
FILE = Upload("a.txt", "text/plain", b"content")


def read(
    method: str,
    path: str,
    body: object = None,
    *,
    content_type: str | None = None,
    form: list[tuple[str, Any]] | None = None,
    admin: bool = False,
    **headers: str,
) -> Call:
    key = SETTINGS.admin_api_key if admin else SETTINGS.api_key
    sent = {"authorization": f"Bearer {key}"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    if content_type is None and body is not None:
        content_type = JSON
    if form is not None:
        content_type = "multipart/form-data; boundary=x"
    if content_type is not None:
        sent["content-type"] = content_type
    content = (
        body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    )
    path, _, query = path.partition("?")
    pairs = None if form is None else tuple(form)
    return read_call(Sent(method, f"/v1{path}", query, sent, content, pairs), SETTINGS)


def refused(*arguments: Any, **options: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read(*arguments, **options)
    return caught.value


def test_call_has_everything_by_its_wire_name():
    call = read("POST", "/vector_stores/vs%201/files", {"file_id": "f", "attributes": {"a": 1.5}})
    assert call.operation.name == "vector_stores.files.create"
    assert call.path == {"vector_store_id": "vs 1"}
    assert call.body == {"file_id": "f", "attributes": {"a": 1.5}}
    assert call.headers["content-type"] == JSON


def test_query_has_the_described_types():
    call = read(
        "GET", "/responses/r/input_items?limit=5&order=asc&include[]=message.output_text.logprobs"
    )
    assert call.query == {
        "limit": 5,
        "order": "asc",
        "include": ["message.output_text.logprobs"],
    }
    call = read(
        "GET",
        "/organization/audit_logs?effective_at[gte]=5&effective_at[lt]=9&actor_ids[]=a&limit=2",
        admin=True,
    )
    assert call.query == {
        "effective_at": {"gte": 5, "lt": 9},
        "actor_ids": ["a"],
        "limit": 2,
    }


@pytest.mark.parametrize(
    ("path", "code", "param"),
    [
        ("/files?limit=many", "invalid_type", "limit"),
        ("/files?order=up", "invalid_value", "order"),
        ("/files?colour=red", "unknown_parameter", "colour"),
        ("/files?limit[a]=1", "invalid_type", "limit"),
        ("/files?limit[=1", "invalid_value", "limit"),
        ("/files?after=%ff", "invalid_value", None),
        ("/models?limit=1", "unknown_parameter", "limit"),
    ],
)
def test_wrong_query(path: str, code: str, param: str | None):
    refusal = refused("GET", path)
    assert (refusal.status, refusal.code, refusal.param) == (400, code, param)


def test_query_that_chooses_an_operation_is_no_parameter():
    call = read("POST", "/responses?beta=true", {"model": "gpt-5.5"})
    assert (call.operation.name, call.query) == ("beta.responses.create", {})
    assert refused("POST", "/responses?beta=false", {}).param == "beta"


def test_form():
    pairs = [
        ("file", FILE),
        ("purpose", "batch"),
        ("expires_after[anchor]", "created_at"),
        ("expires_after[seconds]", "3600"),
    ]
    call = read("POST", "/files", form=pairs)
    assert call.files == {"file": (FILE,)}
    assert call.body == {
        "purpose": "batch",
        "expires_after": {"anchor": "created_at", "seconds": 3600},
    }


def test_form_of_several_files():
    call = read(
        "POST", "/images/edits", form=[("image[]", FILE), ("image[]", FILE), ("prompt", "x")]
    )
    assert call.files == {"image": (FILE, FILE)}
    assert call.body == {"prompt": "x"}


@pytest.mark.parametrize(
    ("form", "code", "param"),
    [
        ([("purpose", "batch")], "missing_required_parameter", "file"),
        ([("file", FILE)], "missing_required_parameter", "purpose"),
        ([("file", "text"), ("purpose", "batch")], "invalid_type", "file"),
        ([("file", FILE), ("purpose", FILE)], "invalid_type", "purpose"),
        ([("file", FILE), ("purpose", "fun")], "invalid_value", "purpose"),
        ([("file", FILE), ("purpose", "batch"), ("x", "1")], "unknown_parameter", "x"),
        (
            [("file", FILE), ("purpose", "batch"), ("expires_after[seconds]", "soon")],
            "missing_required_parameter",
            "expires_after.anchor",
        ),
    ],
)
def test_wrong_form(form: list[tuple[str, Any]], code: str, param: str):
    refusal = refused("POST", "/files", form=form)
    assert (refusal.status, refusal.code, refusal.param) == (400, code, param)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/videos", {"prompt": "x"}),
        ("/videos", {"prompt": "x", "input_reference": {"file_id": "f"}}),
        ("/videos/edits", {"prompt": "x", "video": {"id": "v"}}),
        ("/skills", {}),
        ("/containers/c/files", {"file_id": "f"}),
    ],
)
def test_json_is_taken_where_a_file_may_be_left_out_or_be_elsewhere(
    path: str, body: dict[str, Any]
):
    call = read("POST", path, body)
    assert (call.body, call.files) == (body, {})


def test_session_description():
    call = read("POST", "/realtime/calls", b"v=0", content_type="application/sdp")
    assert call.body == {"sdp": "v=0"}
    session = '{"type": "realtime", "model": "gpt-realtime"}'
    call = read("POST", "/realtime/calls", form=[("sdp", "v=0"), ("session", session)])
    assert call.body == {"sdp": "v=0", "session": json.loads(session)}
    refusal = refused("POST", "/realtime/calls", b"\xff", content_type="application/sdp")
    assert refusal.code == "invalid_value"


@pytest.mark.parametrize(
    ("path", "content_type", "words"),
    [
        ("/responses", "text/plain", "Content-Type: application/json'"),
        ("/responses", "multipart/form-data", "Content-Type: application/json'"),
        ("/files", JSON, "Content-Type: multipart/form-data'"),
        ("/audio/voices", JSON, "Content-Type: multipart/form-data'"),
        ("/images/edits", JSON, "Content-Type: multipart/form-data'"),
        ("/videos", "text/plain", "multipart/form-data or application/json'"),
        ("/realtime/calls", JSON, "application/sdp or multipart/form-data'"),
    ],
)
def test_wrong_content_type(path: str, content_type: str, words: str):
    refusal = refused("POST", path, b"x", content_type=content_type)
    assert (refusal.status, refusal.code) == (400, "unsupported_content_type")
    assert words in refusal.message


@pytest.mark.parametrize(
    ("path", "content_type", "taken"),
    [
        ("/batches/b/cancel", None, True),
        ("/batches/b/cancel", JSON, True),
        ("/conversations", None, True),
        ("/conversations", JSON, False),
        ("/batches", None, False),
    ],
)
def test_body_that_is_not_there(path: str, content_type: str | None, taken: bool):
    if taken:
        assert read("POST", path, content_type=content_type).body == {}
    else:
        assert refused("POST", path, content_type=content_type).status == 400


def test_body_where_none_is_described_has_no_parameters():
    assert refused("POST", "/batches/b/cancel", {"now": True}).param == "now"


def test_each_operation_has_its_key():
    assert read("GET", "/organization/users", admin=True).operation.auth == "admin"
    for path, admin in (("/organization/users", False), ("/files", True)):
        refusal = refused("GET", path, admin=admin)
        assert (refusal.status, refusal.code) == (401, "invalid_api_key")
        assert "not for this operation" in refusal.message


def test_header_that_is_a_parameter_is_checked():
    name = "responses_multi_agent=v1"
    read("POST", "/responses?beta=true", {"model": "m"}, openai_beta=name)
    refusal = refused("POST", "/responses?beta=true", {"model": "m"}, openai_beta=f"{name}, x")
    assert (refusal.code, refusal.param) == ("invalid_value", "openai-beta[1]")


@pytest.mark.parametrize("header", [None, "assistants=v1"])
def test_beta_needs_its_header(header: str | None):
    headers = {} if header is None else {"openai_beta": header}
    refusal = refused("GET", "/assistants", **headers)
    assert (refusal.status, refusal.code) == (400, "invalid_beta")
    assert "OpenAI-Beta: assistants=v2" in refusal.message
    assert read("GET", "/assistants", openai_beta="other=v1, assistants=v2").operation
