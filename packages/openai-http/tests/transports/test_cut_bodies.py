from openai_http.bodies.uploads import Form
from openai_http.messages import Request
from openai_http.transports.cut_bodies import cut


def test_small_bodies_are_sent_at_once():
    assert cut(Request("POST", "http://h", {}, b"{}")) == ({}, None)
    assert cut(Request("GET", "http://h", {})) == ({}, None)


def test_large_bodies_are_cut():
    content = bytes(range(256)) * 1000
    headers, pieces = cut(Request("POST", "http://h", {}, content))
    assert headers == {"content-length": "256000"}
    assert pieces is not None
    each = [*pieces]
    assert len(each) > 1
    assert b"".join(each) == content


def test_forms_are_cut_whatever_their_size():
    headers, pieces = cut(Request("POST", "http://h", {}, form=Form((("a", "b"),), ())))
    assert headers["content-type"].startswith("multipart/form-data; boundary=")
    assert pieces is not None
    assert len(b"".join(pieces)) == int(headers["content-length"])
