import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_http.streams.resumption_tokens import Place, make_token, read_token
from openai_types.errors import InvalidArgumentError

BASE = "https://api.openai.com/v1/"
PLACE = Place("responses", "resp_1", 42)


@given(
    st.sampled_from(["responses", "beta.responses"]),
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1),
    st.none() | st.integers(0, 2**63),
    st.booleans(),
)
def test_a_token_is_read_as_it_was_made(api: str, id: str, number: int | None, ended: bool):
    place = Place(api, id, number, ended)
    token = make_token(place, BASE)
    assert read_token(f" {token}\n", BASE) == place
    assert re.fullmatch(r"[\x21-\x7e]+", token)


def test_the_same_server_is_known_however_its_url_is_written():
    token = make_token(PLACE, "https://user:secret@API.openai.com/v1?key=secret")
    assert read_token(token, BASE) == PLACE
    assert "secret" not in token
    assert "openai.com" not in token


@pytest.mark.parametrize(
    "url", ["http://api.openai.com/v1/", "https://api.test/v1/", "https://api.openai.com/v2/"]
)
def test_a_token_of_another_server_is_refused(url: str):
    with pytest.raises(InvalidArgumentError, match="another server"):
        read_token(make_token(PLACE, url), BASE)


@pytest.mark.parametrize(
    "token",
    [
        "",
        None,
        b"resume1:responses:resp_1:1:0123456789ab",
        "resume1:responses:resp_1:1:0123456789a",
        "resume1:responses:resp_1:-1:0123456789ab",
        "resume1:files:resp_1:1:0123456789ab",
        "resume2:responses:resp_1:1:0123456789ab",
        "resume1:responses::1:0123456789ab",
        "sk-a-key",
    ],
)
def test_what_is_no_token_is_refused_without_repeating_it(token: object):
    with pytest.raises(InvalidArgumentError, match="no token") as caught:
        read_token(token, BASE)
    assert not token or str(token) not in str(caught.value)
