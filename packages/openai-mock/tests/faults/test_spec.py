import pytest
from openai_mock import MockServerError, faults
from openai_mock.faults.spec import described, parsed


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("cut:100", ["cut(after_bytes=100)"]),
        ("cut:after_events=3", ["cut(after_events=3)"]),
        ("no-done", ["no_done()"]),
        (" comments:2,ping + bom ", ["comments(2, 'ping')", "bom()"]),
        ("error:429,message=Slow down", [faults.error(429, message="Slow down").name]),
        ("", []),
    ],
)
def test_words_name_faults(words: str, names: list[str]):
    assert [each.name for each in parsed(words)] == names


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("cutt:1", "Did you mean 'cut'"),
        ("zzz", "There are: "),
        ("cut:abc", "integer"),
        ("cut:1,2", "not both"),
        ("html:1,2,3", "html"),
        ("delay", "seconds"),
        ("drip:sice=1", "sice"),
    ],
)
def test_what_is_wrong_with_words_is_told(words: str, told: str):
    with pytest.raises(MockServerError, match=told):
        parsed(words)


def test_every_fault_is_described():
    lines = list(described())
    assert [line.partition(":")[0].split()[0] for line in lines] == [
        each for each in faults.__all__ if each != "Fault"
    ]
    assert all("  " in line and line.endswith(".") for line in lines)
