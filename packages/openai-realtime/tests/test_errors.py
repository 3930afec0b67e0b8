import pickle

import pytest
from openai_realtime import RealtimeClosedError, RealtimeConnectionError, RealtimeError
from openai_types.errors import OpenAIError


@pytest.mark.parametrize("kind", [RealtimeConnectionError, RealtimeClosedError])
def test_error_is_a_realtime_error_and_an_openai_error(kind: type[Exception]):
    assert issubclass(kind, RealtimeError)
    assert issubclass(RealtimeError, OpenAIError)


def test_connection_error_survives_pickling():
    error = RealtimeConnectionError("refused", status_code=401, body=b"{}")
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (str(copied), copied.status_code, copied.body) == ("refused", 401, b"{}")


def test_closed_error_survives_pickling():
    error = RealtimeClosedError("closed", code=1006, session_id="sess_1", events=["event"])
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (str(copied), copied.code, copied.reason) == ("closed", 1006, "")
    assert (copied.normal, copied.session_id, copied.events) == (False, "sess_1", ["event"])


def test_closed_error_keeps_its_own_list_of_events():
    events: list[object] = ["event"]
    error = RealtimeClosedError("closed", code=1006, events=events)
    events.clear()
    assert error.events == ["event"]
