from openai_mock.recorder.headers import first, passed_on


def test_what_is_for_one_hop_is_not_passed_on():
    headers = [
        (b"Connection", b"keep-alive, X-Mine"),
        (b"x-mine", b"1"),
        (b"Keep-Alive", b"timeout=5"),
        (b"Transfer-Encoding", b"chunked"),
        (b"Host", b"localhost"),
        (b"Authorization", b"Bearer k"),
        (b"X-Twice", b"1"),
        (b"x-twice", b"2"),
    ]
    assert passed_on(headers, ("host",)) == [
        (b"authorization", b"Bearer k"),
        (b"x-twice", b"1"),
        (b"x-twice", b"2"),
    ]


def test_first_header_of_a_name():
    headers = [(b"A", b" 1 "), (b"a", b"2")]
    assert first(headers, "a") == "1"
    assert first(headers, "b") == ""
