import httpx
from openai_types import RequestLike, ResponseLike


def test_objects_of_httpx_fit_the_protocols():
    request: RequestLike = httpx.Request("POST", "http://127.0.0.1/v1/responses")
    response: ResponseLike = httpx.Response(
        200, headers={"X-Request-Id": "req_1"}, request=httpx.Request("GET", "http://127.0.0.1/")
    )
    assert (request.method, str(request.url)) == ("POST", "http://127.0.0.1/v1/responses")
    assert request.headers["HOST"] == "127.0.0.1"
    assert (response.status_code, response.headers["x-request-id"]) == (200, "req_1")
    assert response.request.method == "GET"
