import pickle

from openai_types.attempts import Attempt


def test_attempt_in_words():
    attempt = Attempt(number=1, started=0.0, seconds=3.21, outcome="answered", status=503)
    assert str(attempt) == "attempt 1: 3.2 s (503)"
    lost = Attempt(
        number=2, started=4, seconds=1, outcome="unknown", error="APIConnectionError", waited=0.5
    )
    assert str(lost) == "attempt 2: 1.0 s (APIConnectionError), waiting 0.5 s"
    cut = Attempt(number=3, started=5, seconds=1, outcome="unknown", status=200, error="Cut")
    assert str(cut) == "attempt 3: 1.0 s (200, Cut)"


def test_attempt_is_plain_data():
    attempt = Attempt(number=1, started=0.0, seconds=1.0, outcome="never_sent", error="E")
    assert pickle.loads(pickle.dumps(attempt)) == attempt  # noqa: S301 - our own
    assert hash(attempt)
