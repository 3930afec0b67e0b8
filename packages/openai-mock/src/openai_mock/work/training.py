"""Training as it is told: whether files can be trained on, and how a model gets better.

Nothing is trained: the loss falls by the same numbers each time. Knows no store and no time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_mock.files.stored_files import lines_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

AUTO = "auto"
_EPOCHS = 3
_DEFAULTS: Mapping[str, object] = {
    "n_epochs": _EPOCHS,
    "batch_size": 1,
    "learning_rate_multiplier": 1.0,
}
_BYTES_OF_A_TOKEN = 4
KEPT_CHECKPOINTS = 3
# What a line of a training file may have, by the method.
_FIELDS: Mapping[str, Sequence[set[str]]] = {
    "supervised": ({"messages"}, {"prompt", "completion"}),
    "dpo": ({"input", "preferred_output", "non_preferred_output"},),
    "reinforcement": ({"messages"},),
}


def complaint(content: bytes, method: str) -> str | None:
    """Why nothing can be learned from a file; None if something can.

    Args:
        content: Its bytes.
        method: The method of the job.
    """
    lines = list(lines_of(content))
    if not lines:
        return "The file has no examples. Write one in JSON on each line."
    wanted = _FIELDS.get(method, _FIELDS["supervised"])
    for number, value in lines:
        if value is None:
            return f"Line {number} is no object in JSON."
        if not any(each <= value.keys() for each in wanted):
            shown = " or ".join(", ".join(sorted(each)) for each in wanted)
            return f"Line {number} needs the keys {shown}."
    return None


def settled(hyperparameters: Mapping[str, Any]) -> dict[str, object]:
    """Hyperparameters with a value instead of each `auto`."""
    given = {name: value for name, value in hyperparameters.items() if value not in (AUTO, None)}
    return {**_DEFAULTS, **given}


def tokens_of(content: bytes, epochs: int) -> int:
    """How many tokens are trained on."""
    return max(1, len(content) // _BYTES_OF_A_TOKEN) * epochs


def checkpoints_of(epochs: int) -> range:
    """The epochs after which there is a checkpoint: the last ones."""
    return range(max(1, epochs - KEPT_CHECKPOINTS + 1), epochs + 1)


def metrics_at(epoch: int, *, validated: bool) -> dict[str, float]:
    """How good a model is after an epoch.

    Args:
        epoch: The number of the epoch, from 1.
        validated: Whether there is a validation file.
    """
    loss = round(1 / (epoch + 1), 4)
    accuracy = round(1 - loss / 2, 4)
    metrics = {"step": float(epoch), "train_loss": loss, "train_mean_token_accuracy": accuracy}
    if validated:
        for name in ("valid", "full_valid"):
            metrics |= {f"{name}_loss": loss, f"{name}_mean_token_accuracy": accuracy}
    return metrics


def results(epochs: int, *, validated: bool) -> bytes:
    """The file of results, in CSV."""
    rows = [metrics_at(epoch, validated=validated) for epoch in range(1, epochs + 1)]
    lines = [",".join(rows[0]), *(",".join(str(each) for each in row.values()) for row in rows)]
    return "\n".join([*lines, ""]).encode()
