"""Fine-tuning jobs: from validating_files to queued, running and a model that answers.

A job takes a step for each status, and one for each of its last three epochs, after which there is
a checkpoint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_types.fine_tuning import FineTuningJobEvent
from openai_types.fine_tuning.jobs import FineTuningJobCheckpoint

from openai_mock.checking.limits import check_range
from openai_mock.described.instances import Maker
from openai_mock.described.resources import made
from openai_mock.files.stored_files import FILES, content_of, file_for, make_file
from openai_mock.handlers.models import COLLECTION as MODELS
from openai_mock.models import check_text_model
from openai_mock.posting.outbox import announce
from openai_mock.refusals import Refusal, wrong_state
from openai_mock.replies import JsonReply
from openai_mock.routing.registry import handles
from openai_mock.state.items import Item, add, changed, item_of
from openai_mock.work.jobs import forget, later, step
from openai_mock.work.training import (
    AUTO,
    checkpoints_of,
    complaint,
    metrics_at,
    results,
    settled,
    tokens_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.world import World

JOBS = "fine_tuning/jobs"
ORGANIZATION = "openai-mock"
LONGEST_SUFFIX = 64
MOST_EPOCHS = 50
_COMPLETION_MODELS = ("babbage-002", "davinci-002")
_NOT_YET = ("error", "estimated_finish", "fine_tuned_model", "finished_at", "trained_tokens")
_GOES_ON = ("validating_files", "queued", "running", "paused")
_CAN_PAUSE = ("queued", "running")


@handles("fine_tuning.jobs.create")
def create(call: Call, world: World) -> Reply:
    """Begin a job."""
    body = call.body
    _check_model(body["model"])
    for name in ("training_file", "validation_file"):
        if body.get(name) is not None:
            file_for(world, body[name], name, "fine-tune")
    suffix = _checked_suffix(body)
    document = made(call, world, _described(body))
    if body.get("seed") is None:
        document["seed"] = int(document["id"][-7:], 16)
    job = add(world, JOBS, document)
    add(world, job.inside("plan"), {"id": job.key, "model": _name(job, suffix)})
    _tell(world, job, world.clock.now(), f"Created fine-tuning job {job.key}")
    later(world, "fine_tuning.proceed", job)
    return JsonReply(job.document)


def _checked_suffix(body: Mapping[str, Any]) -> str:
    suffix: str = body.get("suffix") or ""
    if len(suffix) > LONGEST_SUFFIX:
        message = f"The suffix has {len(suffix)} characters. Send at most {LONGEST_SUFFIX}."
        raise Refusal(message, code="string_above_max_length", param="suffix")
    return suffix


def _described(body: Mapping[str, Any]) -> dict[str, object]:
    """What a new job says, from what was sent."""
    method: dict[str, Any] = body.get("method") or {"type": "supervised"}
    chosen: dict[str, Any] = method.get(method["type"]) or {}
    asked: dict[str, Any] = chosen.get("hyperparameters") or {}
    asked = {**asked, **(body.get("hyperparameters") or {})}
    if isinstance(asked.get("n_epochs"), int):
        check_range("hyperparameters.n_epochs", asked["n_epochs"], 1, MOST_EPOCHS)
    unsettled = dict.fromkeys(("n_epochs", "batch_size", "learning_rate_multiplier"), AUTO)
    return {
        **dict.fromkeys(_NOT_YET),
        "validation_file": None,
        "metadata": None,
        "integrations": [],
        **body,
        "method": method,
        "hyperparameters": {**unsettled, **asked},
        "organization_id": f"org-{ORGANIZATION}",
        "result_files": [],
        "status": "validating_files",
    }


@handles("fine_tuning.jobs.cancel")
def cancel(call: Call, world: World) -> Reply:
    """Stop a job for good."""
    job = _job(call, world, _GOES_ON, "Only a job that is not over can be cancelled.")
    forget(world, job)
    _tell(world, job, world.clock.now(), "The job was cancelled")
    now = world.clock.seconds()
    ended = changed(world, job, status="cancelled", finished_at=now, estimated_finish=None)
    announce(world, "fine_tuning.job.cancelled", job.key, now)
    return JsonReply(ended.document)


@handles("fine_tuning.jobs.pause")
def pause(call: Call, world: World) -> Reply:
    """Stop a job until it is resumed."""
    job = _job(call, world, _CAN_PAUSE, "Only a job that is queued or running can be paused.")
    forget(world, job)
    _tell(world, job, world.clock.now(), "The job was paused")
    return JsonReply(changed(world, job, status="paused", estimated_finish=None).document)


@handles("fine_tuning.jobs.resume")
def resume(call: Call, world: World) -> Reply:
    """Let a paused job go on: it waits in the queue again, and keeps its checkpoints."""
    job = _job(call, world, ("paused",), "Only a paused job can be resumed.")
    _tell(world, job, world.clock.now(), "The job was resumed")
    job = changed(world, job, status="queued")
    later(world, "fine_tuning.proceed", job)
    return JsonReply(job.document)


@step("fine_tuning.proceed")
def _proceed(world: World, job: Item, at: float) -> None:
    status = job.document["status"]
    if status == "validating_files":
        job = _validate(world, job, at)
    elif status == "queued":
        _tell(world, job, at, "The job was started")
        job = changed(world, job, status="running")
    else:
        job = _train(world, job, at)
    if job.document["status"] not in _GOES_ON:
        announce(world, f"fine_tuning.job.{job.document['status']}", job.key, at)
        return
    if job.document["status"] == "running":
        left = len(_epochs_left(world, job))
        finish = int(at + left * world.settings.job_step_seconds)
        job = changed(world, job, estimated_finish=finish)
    later(world, "fine_tuning.proceed", job, since=at)


def _validate(world: World, job: Item, at: float) -> Item:
    method = (job.document.get("method") or {"type": "supervised"})["type"]
    for name in ("training_file", "validation_file"):
        if job.document.get(name) is None:
            continue
        wrong = complaint(_content(world, job, name), method)
        if wrong:
            error = {"code": f"invalid_{name}", "message": wrong, "param": name}
            _tell(world, job, at, f"The {name} is invalid: {wrong}", level="error")
            return changed(world, job, status="failed", error=error, finished_at=int(at))
    _tell(world, job, at, "The files are valid; the job is queued")
    chosen = settled(job.document["hyperparameters"])
    return changed(world, job, status="queued", hyperparameters=chosen)


def _train(world: World, job: Item, at: float) -> Item:
    """Let a job reach its next checkpoint, and its end with the last."""
    name = _plan(world, job).get("model") or _name(job, "")
    left = _epochs_left(world, job)
    if not left:  # the store was given a job again that was over
        return _succeed(world, job, at, name)
    epoch, *others = left
    validated = job.document.get("validation_file") is not None
    metrics = metrics_at(epoch, validated=validated)
    message = f"Epoch {epoch}/{_epochs(job)}: training loss={metrics['train_loss']}"
    _tell(world, job, at, message, data=metrics)
    values = {
        "created_at": int(at),
        "fine_tuning_job_id": job.key,
        "fine_tuned_model_checkpoint": f"{name}:ckpt-step-{epoch}" if others else name,
        "metrics": metrics,
        "step_number": epoch,
    }
    maker = Maker(world.clock, world.ids)
    document = {
        **maker.of(FineTuningJobCheckpoint, values),
        "id": world.ids.new("ftckpt_"),
    }
    add(world, job.inside("checkpoints"), document)
    return job if others else _succeed(world, job, at, name)


def _succeed(world: World, job: Item, at: float, name: str) -> Item:
    model = {"id": name, "object": "model", "created": int(at), "owned_by": ORGANIZATION}
    add(world, MODELS, model)
    epochs = _epochs(job)
    table = results(epochs, validated=job.document.get("validation_file") is not None)
    file = make_file(world, "step_metrics.csv", table, "fine-tune-results", at=at)
    _tell(world, job, at, f"Created the fine-tuned model {name}")
    _tell(world, job, at, "The job has succeeded")
    return changed(
        world,
        job,
        status="succeeded",
        fine_tuned_model=name,
        finished_at=int(at),
        estimated_finish=None,
        result_files=[file.key],
        trained_tokens=tokens_of(_content(world, job, "training_file"), epochs),
    )


def _epochs_left(world: World, job: Item) -> list[int]:
    done = len(world.store.list(job.inside("checkpoints")).keys)
    return list(checkpoints_of(_epochs(job)))[done:]


def _epochs(job: Item) -> int:
    found = settled(job.document["hyperparameters"])["n_epochs"]
    return found if isinstance(found, int) else 1


def _content(world: World, job: Item, name: str) -> bytes:
    key = job.document[name]
    document = world.store.get(FILES, key)
    return b"" if document is None else content_of(world, Item(FILES, key, document))


def _plan(world: World, job: Item) -> dict[str, Any]:
    return world.store.get(job.inside("plan"), job.key) or {}


def _tell(
    world: World,
    job: Item,
    at: float,
    message: str,
    *,
    level: str = "info",
    data: Mapping[str, float] | None = None,
) -> None:
    """Add to the events of a job.

    Args:
        world: Keeps it.
        job: The job.
        at: When it happened.
        message: What happened.
        level: How bad it is.
        data: Metrics, if it is about them.
    """
    values = {
        "created_at": int(at),
        "level": level,
        "message": message,
        "type": "message" if data is None else "metrics",
        "data": dict(data or {}),
    }
    document = Maker(world.clock, world.ids).of(FineTuningJobEvent, values)
    add(world, job.inside("events"), document)


def _job(call: Call, world: World, states: tuple[str, ...], remedy: str) -> Item:
    job = item_of(call, world)
    if job.document["status"] not in states:
        raise wrong_state("fine-tuning job", job.key, job.document["status"], remedy)
    return job


def _name(job: Item, suffix: str) -> str:
    """What the model will be called; of a tuned one, it begins with what that was made of."""
    model: str = job.document["model"]
    base = model.split(":")[1] if model.startswith("ft:") else model
    return f"ft:{base}:{ORGANIZATION}:{suffix}:{job.key[-8:]}"


def _check_model(model: str) -> None:
    if model not in _COMPLETION_MODELS:
        check_text_model(model)
