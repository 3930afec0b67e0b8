import openai_tools


def test_all_is_importable_and_listed():
    for name in openai_tools.__all__:
        assert getattr(openai_tools, name) is not None
    assert set(openai_tools.__all__) <= set(dir(openai_tools))
