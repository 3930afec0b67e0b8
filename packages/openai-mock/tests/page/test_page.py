"""The page in a real browser. Skipped, with the reason, where there is none."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai_mock import MockServer, serve
from websockets.sync.client import connect

pytest.importorskip("playwright", reason="no browser: playwright is not installed")
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

PATIENCE = 30.0  # seconds; reached only when something is broken
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What browsers say when the server ends while they listen, which is no fault of the page.
ENDED = re.compile("ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESP")
RESPONSE = {"model": "gpt-5.5", "input": "Is anybody there?"}
HOSTILE = "<script>window.broken = 1</script><img src=x onerror='window.broken = 1'>"

opening: Callable[..., Any] = connect  # as in conftest

expect.set_options(timeout=PATIENCE * 1000)


# Of the module: while it is open, nothing else in this thread may run an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=BROWSER_ARGUMENTS, headless=True
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own context. Fails the test if a script failed or was refused in it."""
    failures: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()

    def note(entry: ConsoleMessage) -> None:
        if entry.type == "error" and not ENDED.search(entry.text):
            failures.append(entry.text)

    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("console", note)
    yield page
    context.close()
    assert failures == []


@pytest.fixture
def open_page(page: Page, watched: MockServer) -> Page:
    page.goto(watched.url)
    expect(page.get_by_role("status")).to_have_text("Live")
    return page


def rows(page: Page) -> Locator:
    return page.locator("#list li:visible")


def test_calls_appear_while_they_happen_and_can_be_opened(
    open_page: Page, caller: httpx.Client, tmp_path: Path
):
    page = open_page
    expect(page.get_by_role("heading", name="Nothing has come yet")).to_be_visible()
    caller.post("/responses", json=RESPONSE)
    expect(rows(page)).to_have_count(1)
    caller.post("/chat/completions", json={"model": "gpt-imaginary", "messages": []})
    expect(rows(page)).to_have_count(2)
    newest, oldest = rows(page).nth(0), rows(page).nth(1)
    expect(newest).to_contain_text("chat.completions.create")
    expect(newest.locator(".pill")).to_have_attribute("data-tone", "bad")
    expect(oldest).to_contain_text("Is anybody there?")
    expect(oldest.locator(".model")).to_have_text("gpt-5.5")
    expect(oldest.locator(".took")).to_have_text(re.compile(r"^[\d.]+ m?s$"))
    oldest.get_by_role("link").click()
    detail = page.get_by_role("article", name="Details")
    expect(detail.get_by_role("heading", level=2)).to_have_text("responses.create")
    expect(detail.locator("pre").first).to_have_text(json.dumps(RESPONSE, indent=2))
    expect(detail.locator("pre").last).to_contain_text('"text": "You wrote: Is anybody there?"')
    expect(oldest.get_by_role("link")).to_have_attribute("aria-current", "true")
    detail.get_by_text("Headers (").first.click()
    expect(detail.get_by_role("row", name="authorization")).to_contain_text("[removed]")
    page.screenshot(path=tmp_path / "light.png")


def test_stream_is_shown_event_by_event_and_put_together(open_page: Page, caller: httpx.Client):
    page = open_page
    messages = [{"role": "user", "content": "One two"}]
    caller.post(
        "/chat/completions", json={"model": "gpt-5.5", "messages": messages, "stream": True}
    )
    caller.post("/responses", json={**RESPONSE, "stream": True})
    expect(rows(page)).to_have_count(2)
    for row, event, text in (
        (0, "response.output_text.delta", "You wrote: Is anybody there?"),
        (1, "chat.completion.chunk", "You wrote: One two"),
    ):
        rows(page).nth(row).get_by_role("link").click()
        expect(page.locator("pre.prose")).to_have_text(text)
        line = page.locator(".lines li").filter(has_text=event).first
        line.locator("summary").click()
        expect(line.locator("pre")).to_contain_text(f'"{event}"')


def test_socket_is_shown_while_it_is_open(open_page: Page, watched: MockServer, tmp_path: Path):
    page = open_page
    page.emulate_media(color_scheme="dark")
    url = f"{watched.base_url.replace('http', 'ws')}/realtime?model=gpt-realtime"
    headers = {"authorization": f"Bearer {watched.api_key}"}
    with opening(url, additional_headers=headers, proxy=None) as websocket:
        websocket.recv()
        rows(page).get_by_role("link").click()
        expect(page.locator(".lines li")).to_have_count(1)
        expect(page.locator("#detail .pill")).to_have_text("open")
        websocket.send('{"type": "input_audio_buffer.clear"}')
        expect(page.locator(".lines li")).to_have_count(3)
        expect(page.locator(".way").nth(1)).to_have_text("→ in")
        expect(page.locator(".way").nth(2)).to_have_text("← out")
        websocket.send("{")
        expect(page.locator("#detail .problem")).to_contain_text("invalid_json")
    expect(page.locator("#detail")).to_contain_text("Closed by the client with code 1000")
    page.screenshot(path=tmp_path / "dark.png")


def test_filters(open_page: Page, caller: httpx.Client):
    page = open_page
    caller.post("/responses", json=RESPONSE)
    caller.post("/responses", json={**RESPONSE, "temprature": 1})
    caller.get("/nowhere")
    expect(rows(page)).to_have_count(3)
    text = page.get_by_label("Filter by text")
    for words, count in (("ANYBODY", 2), ("temprature unknown", 1), ("responses gpt-5.5", 2)):
        text.fill(words)
        expect(rows(page)).to_have_count(count)
        expect(page.locator("#count")).to_have_text(f"{count} of 3 requests")
    text.fill("")
    status, operation = page.get_by_label("Filter by status"), page.get_by_label("Filter by op")
    for chosen, count in (("With error", 2), ("404", 1), ("Without error", 1), ("In progress", 0)):
        status.select_option(chosen)
        expect(rows(page)).to_have_count(count)
    status.select_option("Any status")
    operation.select_option("GET /v1/nowhere")
    expect(rows(page)).to_have_count(1)
    caller.get("/nowhere")
    expect(rows(page)).to_have_count(2)
    expect(operation).to_have_value("GET /v1/nowhere")


def test_list_stays_in_its_column(open_page: Page, caller: httpx.Client):
    page = open_page
    page.set_viewport_size({"width": 1200, "height": 900})
    caller.get("/nowhere")
    expect(rows(page)).to_have_count(1)
    right = "(of) => document.querySelector(of).getBoundingClientRect().right"
    assert page.evaluate(right, "#list .row") <= page.evaluate(right, "#requests")


def test_hostile_content_is_text_wherever_it_is_shown(
    open_page: Page, watched: MockServer, caller: httpx.Client
):
    page = open_page
    caller.post("/responses", json={**RESPONSE, "input": HOSTILE, "stream": True})
    caller.post("/responses", json={**RESPONSE, HOSTILE: 1})
    caller.post(f"/{HOSTILE}", json={"model": HOSTILE}, headers={"x-note": HOSTILE})
    caller.post("/files", files={HOSTILE: (HOSTILE, HOSTILE.encode(), "text/plain")})
    expect(rows(page)).to_have_count(4)
    expect(page.locator("#list")).to_contain_text("<script>window.broken = 1</script>")
    expect(page.locator(".problem").first).to_be_visible()
    for number in range(1, 5):
        page.goto("about:blank")  # so that the page begins with this request
        page.goto(f"{watched.url}/#{number}")
        expect(page.locator('#list [aria-current="true"]')).to_have_attribute("href", f"#{number}")
        expect(page.locator("#detail .route")).to_contain_text(f"#{number} ")
        for summary in page.locator("#detail summary").all():
            summary.click()
        expect(page.locator("#detail")).to_contain_text("window.broken")
        assert page.locator("body script, body img").count() == 0
    assert page.evaluate("window.broken") is None


def test_pause_holds_the_page_and_clear_empties_it(
    open_page: Page, watched: MockServer, caller: httpx.Client
):
    page = open_page
    caller.get("/nowhere")
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name="Pause").click()
    caller.get("/nowhere")
    expect(page.get_by_role("status")).to_have_text("Paused, 1 new")
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name="Resume").click()
    expect(rows(page)).to_have_count(2)
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("heading", name="Nothing has come yet")).to_be_visible()
    assert watched.requests == []


def test_last_errors_are_explained(open_page: Page, caller: httpx.Client):
    page = open_page
    caller.post("/responses", json={**RESPONSE, "temprature": 1})
    box = page.locator("#detail .errors li")
    expect(box).to_contain_text("Unknown parameter: 'temprature'")
    expect(box).to_contain_text("Parameter temprature")
    expect(box).to_contain_text("What to do: Did you mean 'temperature'?")
    box.get_by_role("link").click()
    expect(page.locator("#detail .problem")).to_contain_text("temprature")


def test_request_is_copied_as_a_command(open_page: Page, watched: MockServer, caller: httpx.Client):
    page = open_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    caller.post("/responses", json=RESPONSE)
    rows(page).get_by_role("link").click()
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    command = page.evaluate("navigator.clipboard.readText()")
    assert command.startswith(f"curl {watched.base_url}/responses ")
    assert watched.api_key not in command


def test_keys_reach_everything(open_page: Page, caller: httpx.Client):
    page = open_page
    caller.post("/responses", json=RESPONSE)
    caller.get("/nowhere")
    expect(rows(page)).to_have_count(2)
    page.keyboard.press("/")
    expect(page.get_by_label("Filter by text")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(rows(page).nth(1).get_by_role("link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2)).to_have_text("responses.create")
    page.keyboard.press("Escape")
    expect(rows(page).nth(1).get_by_role("link")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(rows(page).nth(0).get_by_role("link")).to_be_focused()


def test_phone_shows_the_list_or_the_details(open_page: Page, caller: httpx.Client, tmp_path: Path):
    page = open_page
    page.set_viewport_size({"width": 320, "height": 568})
    expect(page.get_by_text("Point a client here")).to_be_visible()
    caller.get("/nowhere")
    caller.post("/responses", json={**RESPONSE, "stream": True})
    expect(rows(page)).to_have_count(2)
    expect(page.locator("#errors")).to_be_visible()
    expect(page.locator("#detail")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    rows(page).first.get_by_role("link").click()
    expect(page.locator("#requests")).to_be_hidden()
    expect(page.locator("pre.prose")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.screenshot(path=tmp_path / "phone.png")
    page.get_by_role("button", name="All requests").click()
    expect(rows(page)).to_have_count(2)


def test_page_comes_back_when_the_server_does(page: Page):
    with serve() as server:
        page.goto(server.url)
        expect(page.get_by_role("status")).to_have_text("Live")
        httpx.get(f"{server.base_url}/nowhere", trust_env=False)
        expect(rows(page)).to_have_count(1)
        port = int(server.url.rpartition(":")[2])
    expect(page.get_by_role("status")).to_have_text("Connection lost; trying again…")
    with serve(port=port):
        expect(page.get_by_role("status")).to_have_text("Live")
        expect(rows(page)).to_have_count(0)
