import pytest
from openai_mock.answers.refused import refusing
from openai_mock.content.errors import ContentError, MediaFormatError, SchemaError
from openai_mock.refusals import Refusal


@pytest.mark.parametrize(
    ("error", "param", "told", "code"),
    [
        (SchemaError("no", place="a.b"), "text.format", "text.format", "invalid_json_schema"),
        (
            SchemaError("no", place="tools[0].parameters"),
            None,
            "tools[0].parameters",
            "invalid_function_parameters",
        ),
        (MediaFormatError("no", place="size"), None, "size", "invalid_value"),
        (ContentError("no"), None, None, "invalid_value"),
    ],
)
def test_error_becomes_a_refusal_of_a_parameter(
    error: ContentError, param: str | None, told: str | None, code: str
):
    with pytest.raises(Refusal, match="no") as caught, refusing(param):
        raise error
    assert (caught.value.param, caught.value.code, caught.value.status) == (told, code, 400)
    assert caught.value.__cause__ is error


def test_what_can_be_made_is_not_refused():
    with refusing("text"):
        made = 1
    assert made == 1
