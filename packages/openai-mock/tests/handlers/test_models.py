import httpx


def test_models_that_answer_are_listed_and_found(client: httpx.Client):
    listed = client.get("/models").json()["data"]
    names = [each["id"] for each in listed]
    assert {"gpt-5.5", "gpt-realtime"} <= {*names}
    assert client.get("/models/gpt-5.5").json() in listed


def test_unknown_model_is_not_found(client: httpx.Client):
    answer = client.get("/models/gpt-imaginary")
    assert (answer.status_code, answer.json()["error"]["param"]) == (404, "model")
