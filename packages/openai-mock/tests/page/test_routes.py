import json
import re
from collections.abc import Iterator

import httpx
import pytest
from openai_mock import MockServer, serve
from openai_mock.page.routes import STATIC
from openai_mock.settings import DEFAULT_API_KEY

RESPONSE = {"model": "gpt-5.5", "input": "Hello"}


@pytest.fixture
def page(watched: MockServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=watched.url, trust_env=False) as made:
        yield made


@pytest.mark.parametrize(
    ("path", "media_type", "name"),
    [
        ("/", "text/html; charset=utf-8", "index.html"),
        ("/__mock__/page.css", "text/css; charset=utf-8", "page.css"),
        ("/__mock__/page.js", "text/javascript; charset=utf-8", "page.js"),
    ],
)
def test_files_of_the_page(page: httpx.Client, path: str, media_type: str, name: str):
    answer = page.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.content == (STATIC / name).read_bytes()
    assert page.head("/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/__mock__/page.js", "/__mock__/requests", "/__mock__/requests/9"]
)
def test_nothing_foreign_may_run(page: httpx.Client, path: str):
    headers = page.get(path).headers
    policy = dict(
        each.strip().split(" ", 1) for each in headers["content-security-policy"].split(";")
    )
    assert (policy["default-src"], policy["script-src"]) == ("'none'", "'self'")
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers


def test_page_needs_no_exception_from_its_policy():
    html = (STATIC / "index.html").read_text()
    assert not re.search(r"<style|\bstyle=|\bon\w+=|<script(?![^>]*\bsrc=)|javascript:", html)
    sources = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert set(sources) == {"#", "#errors", "data:,", "__mock__/page.css", "__mock__/page.js"}


def test_page_is_whole_below_a_path_of_another_application():
    text = "".join((STATIC / name).read_text() for name in ("index.html", "page.js"))
    assert "__mock__" in text
    assert not re.search(r"[\"'`]/__mock__|location\.origin", text)


def test_script_never_makes_html_of_text():
    script = (STATIC / "page.js").read_text()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script)


def test_list_and_details(page: httpx.Client, caller: httpx.Client):
    caller.post("/responses", json=RESPONSE)
    listed = page.get("/__mock__/requests").json()
    [line] = listed["exchanges"]
    assert (line["number"], line["operation"], line["status"]) == (1, "responses.create", 200)
    shown = page.get("/__mock__/requests/1").json()
    assert json.loads(shown["request"]["body"]["text"]) == RESPONSE
    assert ["authorization", "[removed]"] in shown["request"]["headers"]
    assert page.get("/__mock__/requests/1?start=1").json()["request"] is None
    caller.get("/files?limit=2")
    assert page.get("/__mock__/requests/2").json()["request"]["query"] == [["limit", "2"]]


def test_raw_bodies(page: httpx.Client, caller: httpx.Client):
    answer = caller.post("/responses", json=RESPONSE)
    raw = page.get("/__mock__/requests/1/response")
    assert raw.content == answer.content
    assert raw.headers["content-type"] == "text/plain; charset=utf-8"
    assert page.get("/__mock__/requests/1/request").json() == RESPONSE


@pytest.mark.parametrize("path", ["/7", "/7/request", "/1/else"])
def test_what_is_not_there_is_told(page: httpx.Client, caller: httpx.Client, path: str):
    caller.get("/nowhere")
    answer = page.get(f"/__mock__/requests{path}")
    assert answer.status_code == 404
    assert "not in the journal" in answer.json()["error"]


def test_clear(page: httpx.Client, watched: MockServer, caller: httpx.Client):
    caller.get("/nowhere")
    assert page.delete("/__mock__/requests").status_code == 200
    assert watched.requests == []
    assert page.get("/__mock__/requests").json()["exchanges"] == []


def test_key_is_shown_only_if_it_is_the_public_one(page: httpx.Client):
    assert page.get("/__mock__/requests").json()["server"]["api_key"] == DEFAULT_API_KEY
    with serve(api_key="sk-mine-alone") as server:
        answer = httpx.get(f"{server.url}/__mock__/requests", trust_env=False)
    assert answer.json()["server"]["api_key"] is None
    assert "sk-mine-alone" not in answer.text


def test_events_over_a_socket(page: httpx.Client, caller: httpx.Client):
    with page.stream("GET", "/__mock__/events") as feed:
        assert feed.headers["content-type"].startswith("text/event-stream")
        lines = feed.iter_lines()
        while next(lines) != "event: changes":
            pass
        caller.post("/responses", json=RESPONSE)
        while not (line := next(lines)).startswith("data: ") or '"ended":"complete"' not in line:
            pass
        [exchange] = json.loads(line.removeprefix("data: "))["exchanges"]
    assert exchange["model"] == "gpt-5.5"
