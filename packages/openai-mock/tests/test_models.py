import pytest
from openai_mock.models import check_model, check_realtime_model, check_text_model, known_models
from openai_mock.refusals import Refusal


@pytest.mark.parametrize(
    "model",
    [
        *("gpt-5.5", "gpt-4o", "gpt-5.5-pro", "gpt-4o-2026-01-02", "ft:gpt-4o-2024-08-06:org::abc"),
        *("gpt-audio", "gpt-audio-2025-08-28", "gpt-audio-mini"),
    ],
)
def test_models_of_the_description_their_snapshots_and_fine_tunes_exist(model: str):
    check_text_model(model)


@pytest.mark.parametrize(
    "model", ["gpt-imaginary", "no-such-model", "", "gpt-5.5-", "ft:gpt-imaginary:org", "ft:gpt-4o"]
)
def test_other_models_do_not_exist(model: str):
    with pytest.raises(Refusal, match=f"'{model}' does not exist"):
        check_text_model(model)


def test_realtime_has_models_of_its_own():
    check_realtime_model("gpt-realtime")
    check_realtime_model("gpt-realtime-2025-08-28")
    with pytest.raises(Refusal, match="gpt-realtime"):
        check_text_model("gpt-realtime")
    with pytest.raises(Refusal, match=r"gpt-5\.5"):
        check_realtime_model("gpt-5.5")


@pytest.mark.parametrize(
    "model",
    [
        *("gpt-audio", "gpt-realtime", "text-embedding-3-small", "tts-1", "whisper-1"),
        *("gpt-image-1", "omni-moderation-latest", "sora-2", "gpt-3.5-turbo-instruct"),
    ],
)
def test_models_of_every_kind_are_known(model: str):
    assert model in known_models()


@pytest.mark.parametrize(
    ("operation", "model"),
    [
        *(("embeddings.create", "text-embedding-3-large"), ("audio.speech.create", "tts-1")),
        *(("images.edit", "gpt-image-1"), ("completions.create", "ft:babbage-002:org::abc")),
        *(("images.generate", None), ("responses.input_tokens.count", "any")),
    ],
)
def test_operations_have_models_that_anybody_knows(operation: str, model: str | None):
    check_model(operation, model)


@pytest.mark.parametrize(
    "operation", ["embeddings.create", "images.generate", "audio.translations.create"]
)
def test_operations_have_no_models_that_nobody_knows(operation: str):
    with pytest.raises(Refusal, match="'no-such-model' does not exist"):
        check_model(operation, "no-such-model")
