import openai_webhooks


def test_all_is_importable_and_listed():
    for name in openai_webhooks.__all__:
        assert getattr(openai_webhooks, name) is not None
    assert set(openai_webhooks.__all__) <= set(dir(openai_webhooks))
