import openai_stream


def test_all_is_importable_and_listed():
    for name in openai_stream.__all__:
        assert getattr(openai_stream, name) is not None
    assert set(openai_stream.__all__) <= set(dir(openai_stream))
