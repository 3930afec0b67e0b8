from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_http.attempts.rate_limits import Allowance, RateLimit, read_rate_limit
from openai_http.messages import Headers

NOW = "Thu, 26 Nov 2026 12:00:00 GMT"


def limits(**headers: str) -> RateLimit | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return read_rate_limit(Headers([(k.encode(), v.encode()) for k, v in named.items()]))


def test_answer_without_limits_has_none():
    assert limits() is None
    assert limits(Content_Type="application/json", X_RateLimit_Limit_Requests="many") is None


def test_limits_of_openai():
    found = limits(
        X_RateLimit_Limit_Requests="10000",
        X_RateLimit_Limit_Tokens="2000000",
        X_RateLimit_Limit_Project_Tokens="500000",
        X_RateLimit_Remaining_Requests="9999",
        X_RateLimit_Remaining_Tokens="1999980",
        X_RateLimit_Remaining_Project_Tokens="499980",
        X_RateLimit_Reset_Requests="6ms",
        X_RateLimit_Reset_Tokens="6m0s",
        X_RateLimit_Reset_Project_Tokens="1s",
    )
    assert found == RateLimit(
        requests=Allowance(10000, 9999, timedelta(milliseconds=6)),
        tokens=Allowance(2_000_000, 1_999_980, timedelta(minutes=6)),
        project_tokens=Allowance(500_000, 499_980, timedelta(seconds=1)),
    )
    assert limits(X_RateLimit_Limit_Project_Requests="5") == RateLimit(
        project_requests=Allowance(limit=5)
    )


def test_limits_of_anthropic():
    found = limits(
        Anthropic_RateLimit_Requests_Limit="50",
        Anthropic_RateLimit_Requests_Remaining="49",
        Anthropic_RateLimit_Requests_Reset="2026-11-26T12:00:30Z",
        Anthropic_RateLimit_Tokens_Limit="10000",
        Anthropic_RateLimit_Tokens_Reset="2026-11-26T11:00:00Z",
        Date=NOW,
    )
    assert found == RateLimit(
        requests=Allowance(50, 49, timedelta(seconds=30)),
        tokens=Allowance(10000, None, timedelta(0)),
    )


def test_limits_of_cerebras():
    found = limits(
        X_RateLimit_Limit_Requests_Day="1000000000",
        X_RateLimit_Remaining_Tokens_Minute="999000",
        X_RateLimit_Reset_Tokens_Minute="33.011382102966309",
    )
    assert found is not None
    assert found.requests == Allowance(limit=1_000_000_000)
    assert found.tokens.remaining == 999_000
    assert found.tokens.reset is not None
    assert 33 < found.tokens.reset.total_seconds() < 34


def test_limits_of_openrouter_and_of_the_standard():
    found = limits(
        X_RateLimit_Limit="20",
        X_RateLimit_Remaining="0",
        X_RateLimit_Reset="1795694460000",  # a minute after the date, in milliseconds
        Date="Thu, 26 Nov 2026 12:00:00 GMT",
    )
    assert found is not None
    assert found.requests == Allowance(20, 0, timedelta(seconds=60))
    assert limits(
        RateLimit_Limit="100, 100;w=60", RateLimit_Remaining="7", RateLimit_Reset="5"
    ) == (RateLimit(requests=Allowance(100, 7, timedelta(seconds=5))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17ms", timedelta(milliseconds=17)),
        ("1s", timedelta(seconds=1)),
        ("2m59.56s", timedelta(seconds=179.56)),
        ("1h30m", timedelta(minutes=90)),
        ("1d2h", timedelta(hours=26)),
        ("120us", timedelta(microseconds=120)),
        ("0", timedelta(0)),
        ("1.5", timedelta(seconds=1.5)),
        (" 12 ", timedelta(seconds=12)),
        ("1795694410", timedelta(seconds=10)),
        ("2026-11-26T12:00:10+00:00", timedelta(seconds=10)),
        ("2026-11-26T12:00:10", timedelta(seconds=10)),
        ("Thu, 26 Nov 2026 12:00:10 GMT", timedelta(seconds=10)),
        ("soon", None),
        ("1x", None),
        ("5 s", None),
        ("-1", None),
        ("", None),
        ("9" * 17, None),
    ],
)
def test_time_until_the_reset_has_many_forms(text: str, expected: timedelta | None):
    found = limits(X_RateLimit_Remaining_Tokens="1", X_RateLimit_Reset_Tokens=text, Date=NOW)
    assert found is not None
    assert found.tokens.reset == expected


def test_date_without_the_clock_of_the_server_is_taken_by_ours():
    text = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    found = limits(X_RateLimit_Reset_Tokens=text, Date="nonsense")
    assert found is not None
    assert found.tokens.reset is not None
    assert timedelta(0) < found.tokens.reset <= timedelta(days=1)


@given(text=st.text() | st.from_regex(r"[\dTZ:. -]{1,30}|(\d+[dhms]+)+", fullmatch=True))
def test_any_text_is_read_or_left(text: str):
    found = read_rate_limit({"x-ratelimit-limit-tokens": text, "x-ratelimit-reset-tokens": text})
    if found is not None and found.tokens.reset is not None:
        assert found.tokens.reset >= timedelta(0)
