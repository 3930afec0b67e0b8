import httpx


def test_models_that_answer_are_listed_and_found(client: httpx.Client):
    listed = client.get("/models").json()["data"]
    names = [each["id"] for each in listed]
    assert {"gpt-5.5", "gpt-realtime"} <= {*names}
    assert client.get("/models/gpt-5.5").json() in listed


def test_unknown_model_is_not_found(client: httpx.Client):
    answer = client.get("/models/gpt-imaginary")
    error = answer.json()["error"]
    assert (answer.status_code, error["param"], error["code"]) == (404, "model", "model_not_found")


def test_model_that_no_job_has_made_is_not_removed(client: httpx.Client):
    answer = client.delete("/models/gpt-5.5")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "model_not_found")
    assert client.get("/models/gpt-5.5").status_code == 200
