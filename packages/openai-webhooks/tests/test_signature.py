import base64

import pytest
from openai_webhooks import WebhookSecretError
from openai_webhooks.signature import as_bytes, compute, load_key, matches


def test_load_key_with_prefix_decodes():
    assert load_key("whsec_a2V5") == b"key"


def test_load_key_without_prefix_takes_the_text():
    assert load_key("a2V5") == b"a2V5"


@pytest.mark.parametrize(
    ("secret", "message"),
    [
        ("", "is empty"),
        ("whsec_", "malformed"),
        ("whsec_a2V5X", "malformed"),
        ("whsec_a2V", "malformed"),
        ("whsec_a2-_", "malformed"),
        ("whsec_äöüß", "malformed"),
        ("whsec_a2V5\n", "white space"),
        (" a2V5", "white space"),
    ],
)
def test_load_key_with_an_unusable_secret(secret: str, message: str):
    with pytest.raises(WebhookSecretError, match=message) as caught:
        load_key(secret)
    remainder = secret.strip().removeprefix("whsec_")
    assert not remainder or remainder not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize("secret", [b"whsec_a2V5", 7, ["whsec_a2V5"]])
def test_load_key_with_a_secret_that_is_no_text(secret: object):
    with pytest.raises(WebhookSecretError, match=f"of type {type(secret).__name__}") as caught:
        load_key(secret)
    assert "a2V5" not in str(caught.value)


@pytest.mark.parametrize("payload", [b"{}", "{}", bytearray(b"{}")])
def test_as_bytes_with_a_body(payload: object):
    assert as_bytes(payload) == b"{}"


def test_as_bytes_with_the_parsed_body():
    with pytest.raises(TypeError, match="type dict; pass the raw body"):
        as_bytes({"type": "response.completed"})


def test_matches_with_one_of_several():
    expected = compute(b"key", b"i", b"1", b"{}")
    assert matches(b"v1,AAAA v1a,BBBB " + expected, expected)


def test_matches_with_another_version_of_the_same_signature():
    expected = compute(b"key", b"i", b"1", b"{}")
    assert not matches(expected.replace(b"v1", b"v2"), expected)


def test_matches_with_another_spelling_of_the_same_base64():
    expected = compute(b"key", b"i", b"1", b"{}")
    # The last character before the padding carries two bits that mean nothing.
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = alphabet[alphabet.index(expected[-2]) ^ 1]
    spelling = expected[:-2] + bytes([last]) + b"="
    assert base64.b64decode(spelling[3:]) == base64.b64decode(expected[3:])
    assert not matches(spelling, expected)
