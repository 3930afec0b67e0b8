import logging

import pytest

from .deliveries import REFUSED_REQUESTS, Application, Case, refused_requests


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture(params=REFUSED_REQUESTS)
def case(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Case:
    caplog.set_level(logging.WARNING, "openai_webhooks")
    return refused_requests()[request.param]
