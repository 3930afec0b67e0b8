import csv
import io
import json

import pytest
from openai_mock.work.training import (
    checkpoints_of,
    complaint,
    metrics_at,
    results,
    settled,
    tokens_of,
)


@pytest.mark.parametrize(
    ("method", "line", "told"),
    [
        ("supervised", {"messages": []}, None),
        ("supervised", {"prompt": "a", "completion": "b"}, None),
        ("supervised", {"prompt": "a"}, "messages or completion, prompt"),
        ("dpo", {"messages": []}, "non_preferred_output"),
        ("dpo", {"input": {}, "preferred_output": [], "non_preferred_output": []}, None),
        ("reinforcement", {"messages": [], "answer": 1}, None),
    ],
)
def test_lines_of_a_training_file(method: str, line: object, told: str | None):
    content = b'{"messages": [], "input": 1, "preferred_output": 1, "non_preferred_output": 1}\n'
    found = complaint(content + json.dumps(line).encode(), method)
    assert found is None if told is None else "Line 2" in str(found) and told in str(found)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"nothing", b"[1]"])
def test_file_without_examples(content: bytes):
    assert complaint(content, "supervised")


def test_what_is_automatic_gets_a_value():
    chosen = settled({"n_epochs": "auto", "batch_size": 8, "beta": 0.1})
    assert chosen == {"n_epochs": 3, "batch_size": 8, "learning_rate_multiplier": 1.0, "beta": 0.1}


def test_last_epochs_have_checkpoints():
    assert [list(checkpoints_of(n)) for n in (1, 3, 10)] == [[1], [1, 2, 3], [8, 9, 10]]


def test_model_gets_better_with_every_epoch():
    losses = [metrics_at(epoch, validated=True)["valid_loss"] for epoch in range(1, 20)]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] < 1


@pytest.mark.parametrize("validated", [True, False])
def test_results_are_a_table(validated: bool):
    rows = list(csv.DictReader(io.StringIO(results(4, validated=validated).decode())))
    assert [row["step"] for row in rows] == ["1.0", "2.0", "3.0", "4.0"]
    assert ("valid_loss" in rows[0]) is validated


def test_tokens_are_counted_for_each_epoch():
    assert (tokens_of(b"x" * 40, 3), tokens_of(b"", 2)) == (30, 2)
