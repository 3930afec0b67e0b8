import pytest
from openai_mock.refusals import Refusal
from openai_mock.routing.routes import choose, find, parameters_of, template
from openai_types.catalogue import operations


@pytest.mark.parametrize("name", sorted(operations()))
def test_every_operation_is_found(name: str):
    operation = operations()[name]
    path = template(operation)
    for number, parameter in enumerate(parameters_of(operation)):
        path = path.replace(f"{{{parameter}}}", f"id%20{number}%2F")
    found = find(operation.method, f"/v1{path}")
    assert operation in found.operations
    assert found.values == tuple(f"id {n}/" for n in range(len(parameters_of(operation))))


@pytest.mark.parametrize(
    "path",
    ["/", "/v1", "/v1/", "/files", "/v1/files/", "/v1//content", "/v1/files/a/b", "/v2/files"],
)
def test_unknown_route(path: str):
    with pytest.raises(Refusal, match="Invalid URL") as caught:
        find("GET", path)
    assert caught.value.status == 404


def test_wrong_method_names_those_that_there_are():
    with pytest.raises(Refusal) as caught:
        find("PUT", "/v1/files")
    assert (caught.value.status, caught.value.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    ("method", "path", "query", "accept", "name"),
    [
        ("POST", "/responses", {}, "", "responses.create"),
        ("POST", "/responses", {"beta": "true"}, "", "beta.responses.create"),
        ("POST", "/responses", {"beta": "false"}, "", "responses.create"),
        ("GET", "/files/a/content", {}, "application/binary", "files.content"),
        ("GET", "/files/a/content", {}, "application/json", "files.retrieve_content"),
        ("GET", "/files/a/content", {}, "*/*", "files.content"),
        ("GET", "/videos/characters/c", {}, "", "videos.get_character"),
        ("GET", "/videos/v/content", {}, "", "videos.download_content"),
    ],
)
def test_operation_is_chosen_by_the_request(
    method: str, path: str, query: dict[str, str], accept: str, name: str
):
    assert choose(find(method, f"/v1{path}"), query, accept).name == name
