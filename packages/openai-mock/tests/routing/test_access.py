import pytest
from openai_mock.refusals import Refusal
from openai_mock.routing.access import check_key

KEY = "sk-right"


@pytest.mark.parametrize("header", ["Bearer sk-right", "bearer  sk-right "])
def test_right_key_passes(header: str):
    check_key(header, expected=KEY)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic sk-right", "sk-right"])
def test_missing_key_is_told_with_the_remedy(header: str | None):
    with pytest.raises(Refusal, match="Authorization: Bearer KEY") as caught:
        check_key(header, expected=KEY)
    assert (caught.value.status, caught.value.code) == (401, "invalid_api_key")


@pytest.mark.parametrize("key", ["sk-wrong", "sk-right-not", "ключ", "sk-a-very-long-wrong-key"])
def test_wrong_key_is_refused_and_not_repeated(key: str):
    with pytest.raises(Refusal, match="Incorrect API key provided") as caught:
        check_key(f"Bearer {key}", expected=KEY)
    assert (caught.value.status, caught.value.code) == (401, "invalid_api_key")
    assert key not in caught.value.message
    assert caught.value.headers["www-authenticate"] == "Bearer"
