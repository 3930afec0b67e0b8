from itertools import pairwise
from typing import Any

import pytest


@pytest.fixture
def minimax(like: Any) -> Any:
    return like("minimax")


def test_thoughts_are_in_tags(minimax: Any):
    content = minimax.choice()["message"]["content"]
    assert content.startswith("<think>\n")
    assert content.endswith("</think>\n\nYou wrote: Hi")
    assert "".join(minimax.deltas("content")) == content


def test_thoughts_are_fields_if_asked_for(minimax: Any, turn: Any):
    message = minimax.choice(reasoning_split=True)["message"]
    assert message["content"] == "You wrote: Hi"
    thought = message["reasoning_content"]
    assert message["reasoning_details"][0]["text"] == thought
    assert "".join(minimax.deltas("reasoning_content", reasoning_split=True)) == thought
    back = {each: message[each] for each in ("reasoning_content", "reasoning_details")}
    assert minimax.chat(messages=turn(back))


def test_details_are_increments_or_snapshots(minimax: Any):
    def texts(words: str) -> list[str]:
        details = minimax.deltas("reasoning_details", words, reasoning_split=True)
        return [each[0]["text"] for each in details]

    increments, snapshots = texts("Hi"), texts("[snapshots]")
    assert len("".join(increments)) > len(increments[-1])
    assert all(one != two and two.startswith(one) for one, two in pairwise(snapshots))


@pytest.mark.parametrize(("mark", "opens"), [("unbalanced", 1), ("no_tags", 0)])
def test_tags_can_be_unbalanced_or_absent(minimax: Any, mark: str, opens: int):
    content = minimax.choice(f"[{mark}]")["message"]["content"]
    assert (content.count("<think>"), content.count("</think>")) == (opens, 0)


def test_deltas_have_more_keys_and_empty_usage(minimax: Any):
    chunks = minimax.chunks()
    keys = {"name", "audio_content", "input_sensitive", "output_sensitive"}
    assert all(keys <= each["choices"][0]["delta"].keys() for each in chunks)
    assert chunks[1]["usage"] == {}


@pytest.mark.parametrize("more", [{"temperature": 0}, {"temperature": 1.5}, {"n": 2}])
def test_limits(minimax: Any, more: Any):
    assert minimax.refuses(**more)["error"]["param"] == next(iter(more))
    assert minimax.chat(temperature=1, n=1, max_tokens=5)
