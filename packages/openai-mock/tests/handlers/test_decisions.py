import httpx


def test_decisions_are_made(client: httpx.Client):
    question = {"type": "predicate", "instructions": "Is it red?"}
    asked = {"model": "gpt-5.5", "input": "It is red.", "questions": [question]}
    answer = client.post("/decisions", json=asked).json()
    assert answer["answers"][0]["probability"] > 0.5
    assert answer["usage"]["total_tokens"] > 0
