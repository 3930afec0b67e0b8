import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_types.configuration import (
    DEFAULT_BASE_URL,
    blot_out,
    check_header,
    find_base_url,
    find_key,
    hidden,
    is_secret,
    without_credentials,
)
from openai_types.errors import OpenAIError

SCHEMES = ("https", "http")


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_key_that_was_given_comes_before_that_of_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-env")
    assert find_key("sk-given") == "sk-given"
    assert find_key(None) == "sk-env"


@pytest.mark.parametrize("missing", [None, ""])
def test_missing_key_names_the_remedy(missing: str | None):
    with pytest.raises(OpenAIError, match=r"No API key\. Set .* OPENAI_API_KEY, or pass api_key="):
        find_key(missing)


def test_empty_key_is_not_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-env")
    with pytest.raises(OpenAIError, match="No API key"):
        find_key("")


@pytest.mark.parametrize("key", ["sk-1\n", "\tsk-1", "sk 1", "sk-ü", "sk-1\0", "sk-\x7f"])
def test_key_that_cannot_be_sent_is_refused_without_showing_it(
    key: str, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(OpenAIError, match="in api_key contains a line break") as caught:
        find_key(key)
    assert "sk" not in str(caught.value)
    if "\0" not in key:
        monkeypatch.setenv("OPENAI_API_KEY", key)
        with pytest.raises(OpenAIError, match="in OPENAI_API_KEY contains"):
            find_key(None)


def test_base_url_that_was_given_comes_before_that_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
):
    assert find_base_url(None, schemes=SCHEMES).geturl() == DEFAULT_BASE_URL
    monkeypatch.setenv("OPENAI_BASE_URL", "https://env/v1")
    assert find_base_url(None, schemes=SCHEMES).geturl() == "https://env/v1"
    assert find_base_url(" https://given/v1\n", schemes=SCHEMES).geturl() == "https://given/v1"


@pytest.mark.parametrize("empty", ["", " \n"])
def test_empty_base_url_names_its_source_and_the_remedy(
    empty: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OPENAI_BASE_URL", empty)
    with pytest.raises(OpenAIError, match=r"in OPENAI_BASE_URL is empty\. .* or leave it out"):
        find_base_url(None, schemes=SCHEMES)
    with pytest.raises(OpenAIError, match="in base_url is empty"):
        find_base_url(empty, schemes=SCHEMES)


@pytest.mark.parametrize("url", ["https://h:port", "https://h:99999", "https://[::1"])
def test_malformed_base_url_is_refused(url: str):
    with pytest.raises(OpenAIError, match=r"in base_url is malformed: .*\. Correct it"):
        find_base_url(url, schemes=SCHEMES)


@pytest.mark.parametrize(
    "url",
    [
        "h/v1",
        "h:80",
        "/v1",
        "wss://h",
        "https:///v1",
        "https://:80",
        "https://a b/v1",
        "https://h/\x00",
        "https://h/a\tb",
        "https://h/\x7f",
        "https://h/\ud800",
        "https://h/\u2028v",
    ],
)
def test_base_url_that_cannot_be_asked_is_refused(url: str):
    with pytest.raises(OpenAIError, match="with a host that begins with https:// or http://, for"):
        find_base_url(url, schemes=SCHEMES)


@pytest.mark.parametrize("host", ["openai.com", "api.openai.com", "eu.api.openai.com:80"])
def test_key_is_not_sent_to_the_api_unencrypted(host: str):
    with pytest.raises(OpenAIError, match=r"unencrypted\. Use http[s]://"):
        find_base_url(f"http://{host}/v1", schemes=SCHEMES)
    assert find_base_url("http://notopenai.com/v1", schemes=SCHEMES)


@pytest.mark.parametrize(
    ("name", "value"), [("x-a", ""), ("x-a", "a b\tc"), ("X_a.1~", "é 世 \U0001f44b"), ("x-a", "~")]
)
def test_header_that_arrives_as_it_is_passes(name: str, value: str):
    check_header(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("", "1"), ("x a", "1"), ("x\n", "1"), ("x:", "1"), ("é", "1")]
    + [("x", each) for each in ("1\r\nx: 2", "\n", "\0", "\x7f", " 1", "1 ", "\t", "\ud800")],
)
def test_header_that_cannot_be_sent_is_refused(name: str, value: str):
    with pytest.raises(OpenAIError, match="cannot be sent") as caught:
        check_header(name, value)
    assert repr(name) in str(caught.value)


@pytest.mark.parametrize("value", [None, 1, b"1", ["1"]])
def test_header_that_is_no_text_is_refused(value: object):
    with pytest.raises(OpenAIError, match=r"'x-a' is of type \w+\. Pass its value as text"):
        check_header("x-a", value)


@given(st.text())
def test_header_that_passes_can_be_encoded(value: str):
    try:
        check_header("x-a", value)
    except OpenAIError:
        return
    encoded = value.encode()
    assert encoded == encoded.strip()
    assert not set(encoded) & {*range(9), *range(10, 32), 127}


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("Authorization", True),
        ("Proxy-Authorization", True),
        ("api-key", True),
        ("Ocp-Apim-Subscription-Key", True),
        ("X-Auth-Token", True),
        ("Cookie", True),
        ("Set-Cookie", True),
        ("client_secret", True),
        ("X-Corp-Auth", True),
        ("auth", True),
        ("X-Credentials", True),
        ("passwd", True),
        ("X-Author", False),
        ("x-authored-by", False),
        ("Idempotency-Key", False),
        ("Content-Type", False),
        ("x-request-id", False),
    ],
)
def test_secrets_are_known_by_their_names(name: str, *, secret: bool):
    assert is_secret(name) is secret


def test_hidden_headers_show_the_others():
    headers = {"Authorization": "Bearer sk-1", "x-a": "1"}
    assert hidden(headers) == {"Authorization": "[removed]", "x-a": "1"}
    assert headers["Authorization"] == "Bearer sk-1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bad key sk-123456.", "Bad key [removed]."),
        ("Authorization: Bearer sk-123456", "Authorization: [removed]"),
        ("Cookie: a=1; b=crumbs", "Cookie: [removed]"),
        ("only b=crumbs", "only [removed]"),
        ("x-a: visible, short", "x-a: visible, short"),
    ],
)
def test_secrets_are_blotted_out_of_a_text(text: str, expected: str):
    headers = {
        "authorization": "Bearer sk-123456",
        "cookie": "a=1; b=crumbs",
        "x-key": "short",
        "x-a": "visible",
    }
    assert blot_out(text, headers) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("password is p/ss-word", "password is [removed]"),
        ("password is p%2Fss-word", "password is [removed]"),
        ("someone@h", "[removed]@h"),
        ("?api-key=query-1234 short=abc", "?api-key=[removed] short=abc"),
        ("visible", "visible"),
    ],
)
def test_secrets_of_a_url_are_blotted_out(text: str, expected: str):
    url = "https://someone:p%2Fss-word@h/v1?api-key=query-1234&token=abc&a=visible"
    assert blot_out(text, {}, url) == expected
    assert blot_out(text, {}, "https://[::1/?x") == text


def test_user_and_password_of_a_url_are_blotted_out_as_the_header_that_says_them():
    said = "Wrong: Basic dXNlcjpwYXNzIHdvcmQ="
    assert blot_out(said, {}, "https://user:pass%20word@h/v1") == "Wrong: Basic [removed]"
    assert blot_out(said, {}, "https://user@h/v1?x=1") == said


def test_secrets_are_blotted_out_as_json_and_urls_write_them():
    headers = {"api-key": 'a"b\\c d/e'}
    assert blot_out(r'{"key": "a\"b\\c d/e"}', headers) == '{"key": "[removed]"}'
    assert blot_out("?k=a%22b%5Cc%20d%2Fe&", headers) == "?k=[removed]&"


def test_longer_secret_is_blotted_out_before_the_one_it_begins_with():
    headers = {"api-key": "secret-1", "x-token": "secret-1-and-more"}
    assert blot_out("secret-1-and-more secret-1", headers) == "[removed] [removed]"


@pytest.mark.parametrize("key", ["ollama", "lm-studio", "not-needed"])
def test_what_servers_without_keys_are_given_is_no_secret(key: str):
    text = f"{key} is not running"
    assert blot_out(text, {"authorization": f"Bearer {key}"}) == text


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:pw@h:1/v1?a=1", "https://h:1/v1?a=1"),
        ("https://h/?api-key=k&b&token=", "https://h/?api-key=[removed]&b&token=[removed]"),
        ("https://h/v1#part", "https://h/v1"),
    ],
)
def test_url_is_shown_without_credentials(url: str, shown: str):
    assert without_credentials(url) == shown
