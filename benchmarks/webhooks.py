"""Time webhooks: verified and read, beside the official package; imported, beside pydantic.

`python -m benchmarks.webhooks`. The imports are whole processes, in a clean environment that has
openai-webhooks and what it requires, one of each in turn.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterable

from benchmarks.__main__ import Timing, in_turn
from benchmarks.weight import environment, weigh

SECRET = "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ=="  # noqa: S105 - made up
BODY = (
    b'{"object":"event","id":"evt_685343a1381c819085d44c354e1b330e","type":"response.completed",'
    b'"created_at":1750287018,"data":{"id":"resp_abc123"}}'
)
REPEAT = 50  # webhooks a run
PYDANTIC = "import pydantic"
A_MODEL = "import pydantic\nclass Empty(pydantic.BaseModel): a: int"
FIRST_EVENT = f"""
from openai_webhooks import Webhook, sign
Webhook({SECRET!r}).unwrap({BODY!r}, sign({BODY!r}, secret={SECRET!r}))
"""
# What is compared: a program of ours and one with pydantic alone.
PROCESSES = {
    "import openai_webhooks / pydantic": ("import openai_webhooks", PYDANTIC),
    "import Webhook and sign / pydantic": (
        "from openai_webhooks import Webhook, sign\nWebhook('secret')",
        PYDANTIC,
    ),
    "first event read / one model of pydantic": (FIRST_EVENT, A_MODEL),
}


def request_headers() -> dict[str, str]:
    """The headers of a genuine request of now, and those that are always there."""
    from openai_webhooks import sign

    usual = {
        "host": "example.com",
        "accept": "*/*",
        "content-type": "application/json",
        "content-length": str(len(BODY)),
        "user-agent": "OpenAI/1.0",
        "x-forwarded-for": "192.0.2.1",
        "x-forwarded-proto": "https",
    }
    return {**usual, **sign(BODY, secret=SECRET, timestamp=int(time.time()))}


def measure(runs: int) -> Iterable[Timing]:
    """Both packages, in turn."""
    import openai
    import openai_http
    from openai_webhooks import Webhook

    headers = request_headers()
    official = openai.OpenAI(api_key="none", webhook_secret=SECRET).webhooks
    client = openai_http.OpenAI(api_key="none", webhook_secret=SECRET).webhooks
    webhook = Webhook(SECRET)

    def theirs() -> None:
        for _ in range(REPEAT):
            official.unwrap(BODY, headers)

    def ours() -> None:
        for _ in range(REPEAT):
            webhook.unwrap(BODY, headers)

    def ours_of_the_client() -> None:
        for _ in range(REPEAT):
            client.unwrap(BODY, headers)

    # The processor's time: nothing is waited for, and what else the machine does is left out.
    rows = {"Webhook.unwrap": ours, "client.webhooks.unwrap": ours_of_the_client}
    for name, action in rows.items():
        yield in_turn(f"{name} x {REPEAT}", runs * 20, theirs, action, clock=time.process_time)


def main() -> None:
    """Print both tables, a line as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.webhooks", description=__doc__)
    parser.add_argument("--runs", type=int, default=21, help="of each (default: %(default)s)")
    options = parser.parse_args()
    print(f"{'median milliseconds a run':<44} {'official':>9} {'ours':>9} {'ratio':>7}")
    for timing in measure(options.runs):
        print(timing.row(), flush=True)
    python = environment("openai_webhooks")
    print(f"{'median milliseconds of a process':<44} {'pydantic':>9} {'ours':>9} {'ratio':>7}")
    for name, (ours, alone) in PROCESSES.items():
        timing = Timing(name, [], [])
        for _ in range(options.runs):
            for code, seconds in ((alone, timing.official), (ours, timing.ours)):
                seconds.append(weigh(python, code, runs=1).seconds)
        print(timing.row(), flush=True)
    empty = statistics.median(weigh(python, "pass", 1).seconds for _ in range(options.runs))
    print(f"{'an empty program, part of each of them':<44} {empty * 1e3:>9.2f}")


if __name__ == "__main__":
    main()
