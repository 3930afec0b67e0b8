import pytest
from openai_mock.checking.limits import check_limits, check_pairs
from openai_mock.refusals import Refusal


@pytest.mark.parametrize(
    "request_",
    [
        *({}, {"n": None}, {"n": 1, "temperature": 0, "top_p": 1.0, "messages": [1]}),
        *({"stop": ["a"] * 4}, {"stop": "aaaaa"}),
    ],
)
def test_what_is_within_the_limits_passes(request_: dict[str, object]):
    check_limits(request_)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("n", 0, "integer_below_min_value"),
        ("n", 129, "integer_above_max_value"),
        ("temperature", 2.1, "decimal_above_max_value"),
        ("top_p", -0.1, "decimal_below_min_value"),
        ("max_output_tokens", 10**400, "integer_above_max_value"),
        ("messages", [], "empty_array"),
        ("stop", ["a"] * 5, "array_above_max_length"),
    ],
)
def test_what_is_not_is_refused(name: str, value: object, code: str):
    with pytest.raises(Refusal, match=f"'{name}'") as caught:
        check_limits({name: value})
    assert (caught.value.status, caught.value.code, caught.value.param) == (400, code, name)


@pytest.mark.parametrize("name", ["metadata", "attributes"])
@pytest.mark.parametrize(
    ("pairs", "code", "inside"),
    [
        ({str(n): "v" for n in range(17)}, "object_above_max_properties", ""),
        ({"k" * 65: "v"}, "string_above_max_length", ""),
        ({"k": "v" * 513}, "string_above_max_length", ".k"),
    ],
)
def test_pairs_are_few_and_short(name: str, pairs: dict[str, str], code: str, inside: str):
    with pytest.raises(Refusal, match=f"'{name}{inside}'") as caught:
        check_pairs({name: pairs})
    assert (caught.value.code, caught.value.param) == (code, f"{name}{inside}")


@pytest.mark.parametrize("pairs", [None, {}, {"k" * 64: "v" * 512}, {str(n): n for n in range(16)}])
def test_pairs_within_the_limits_pass(pairs: object):
    check_pairs({"metadata": pairs, "attributes": pairs})


@pytest.mark.parametrize(
    ("request_", "param"),
    [
        ({"input": "x" * 10_485_761}, "input"),
        ({"messages": [{"content": "x"}, {"content": "x" * 10_485_761}]}, "messages[1].content"),
    ],
    ids=["input", "messages"],
)
def test_texts_have_a_greatest_length(request_: dict[str, object], param: str):
    with pytest.raises(Refusal, match="maximum length 10485760") as caught:
        check_limits(request_)
    assert (caught.value.code, caught.value.param) == ("string_above_max_length", param)
