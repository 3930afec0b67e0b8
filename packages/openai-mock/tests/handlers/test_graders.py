from .conftest import Api

GRADER = {
    "type": "string_check",
    "name": "same",
    "operation": "eq",
    "input": "{{sample.output_text}}",
    "reference": "{{item.answer}}",
}
URL = "/fine_tuning/alpha/graders"


def test_grader_is_run(api: Api):
    body = {"grader": GRADER, "model_sample": "yes", "item": {"answer": "yes"}}
    result = api.post(f"{URL}/run", body)
    assert (result["reward"], result["metadata"]["scores"]) == (1, {"same": 1})
    assert not any(result["metadata"]["errors"].values())
    assert api.post(f"{URL}/run", {**body, "model_sample": "no"})["reward"] == 0


def test_grader_sees_json_in_a_sample(api: Api):
    grader = {**GRADER, "input": "{{sample.output_json.a}}"}
    body = {"grader": grader, "model_sample": '{"a": "yes"}', "item": {"answer": "yes"}}
    assert api.post(f"{URL}/run", body)["reward"] == 1
    broken = api.post(f"{URL}/run", {**body, "model_sample": "yes"})
    assert broken["metadata"]["errors"]["invalid_variable_error"]


def test_grader_is_looked_at(api: Api):
    assert api.post(f"{URL}/validate", {"grader": GRADER}) == {"grader": GRADER}
    refusal = api.refused("post", f"{URL}/validate", {"grader": {**GRADER, "operation": "is"}})
    assert refusal.status == 400
