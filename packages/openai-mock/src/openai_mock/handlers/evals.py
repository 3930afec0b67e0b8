"""Evaluations and their runs: rows are answered by this server, and the answers graded.

A run goes from queued to in_progress and completed, a step for each.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, cast

from openai_types.evals import runs as run_types  # whose types take long to load

from openai_mock.described.instances import Maker
from openai_mock.described.resources import made
from openai_mock.files.stored_files import file_for
from openai_mock.posting.outbox import announce
from openai_mock.refusals import Refusal, wrong_state
from openai_mock.replies import JsonReply
from openai_mock.routing.registry import handles
from openai_mock.state.items import Item, add, changed, item_of
from openai_mock.work.grading import Data, grade
from openai_mock.work.jobs import forget, later, step
from openai_mock.work.sampling import SOURCE, Row, Sample, rows_of, sample_of

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.state.store import Document
    from openai_mock.world import World

EVALS = "evals"
NO_ERROR = {"code": "", "message": ""}  # the types have no run without an error
_CAN_BE_CANCELLED = ("queued", "in_progress")
_NOTHING = {"errored": 0, "failed": 0, "passed": 0, "total": 0}


@handles("evals.create")
def create(call: Call, world: World) -> Reply:
    """Make an evaluation; what its rows have to look like is told in a schema."""
    config = dict(call.body["data_source_config"])
    config["schema"] = _schema(config)
    values = {"name": "", "metadata": {}, **call.body, "data_source_config": config}
    return JsonReply(add(world, EVALS, made(call, world, values)).document)


@handles("evals.runs.create")
def create_run(call: Call, world: World) -> Reply:
    """Begin a run."""
    evaluation = item_of(call, world)
    source: Data = call.body["data_source"]
    if source["source"]["type"] == "file_id":
        file_for(world, source["source"]["id"], SOURCE)
    values: dict[str, object] = {
        "name": "",
        "metadata": {},
        **call.body,
        "model": source.get("model") or "",
        "eval_id": evaluation.key,
        "error": NO_ERROR,
        "per_testing_criteria_results": [],
        "result_counts": _NOTHING,
        "status": "queued",
    }
    document = made(call, world, values)
    document["report_url"] = f"https://example.com/evals/{evaluation.key}/runs/{document['id']}"
    run = add(world, evaluation.inside("runs"), document)
    later(world, "evals.runs.proceed", run)
    return JsonReply(run.document)


@handles("evals.runs.cancel")
def cancel_run(call: Call, world: World) -> Reply:
    """Stop a run for good."""
    run = item_of(call, world)
    status = run.document["status"]
    if status not in _CAN_BE_CANCELLED:
        raise wrong_state("eval run", run.key, status, "Only one that runs can be cancelled.")
    forget(world, run)
    announce(world, "eval.run.canceled", run.key, world.clock.now())
    return JsonReply(changed(world, run, status="canceled").document)


@step("evals.runs.proceed")
def _proceed(world: World, run: Item, at: float) -> None:
    if run.document["status"] == "queued":
        run = changed(world, run, status="in_progress")
        later(world, "evals.runs.proceed", run, since=at)
        return
    evaluation = world.store.get(EVALS, run.document["eval_id"]) or {"testing_criteria": []}
    criteria = cast("list[Data]", evaluation["testing_criteria"])
    source = run.document["data_source"]
    try:
        rows = rows_of(world, source["source"])
    except Refusal as refusal:
        error = {"code": refusal.code or "not_found", "message": refusal.message}
        changed(world, run, status="failed", error=error)
        announce(world, "eval.run.failed", run.key, at)
        return
    items = [_graded(world, run, at, number, row, criteria) for number, row in enumerate(rows)]
    for each in items:
        add(world, run.inside("output_items"), each)
    changed(
        world,
        run,
        status="completed",
        result_counts=_counts(items),
        per_testing_criteria_results=[_per_criterion(each["name"], items) for each in criteria],
        per_model_usage=_usage(run.document["model"], items),
    )
    announce(world, "eval.run.succeeded", run.key, at)


def _graded(  # noqa: PLR0917 - what a row is and what is asked of it
    world: World, run: Item, at: float, number: int, row: Row, criteria: list[Data]
) -> Document:
    """One row of a run, answered and graded."""
    sample = sample_of(world, run.document["data_source"], row)
    seen: Data = {**(row.sample or {}), "output_text": sample.text}
    results: list[Data] = []
    for each in () if sample.error else criteria:
        result = grade(each, row.item, seen)
        told = {"name": each["name"], "type": each["type"]}
        results.append({**told, "passed": result.passed, "score": result.score})
    status = "pass" if all(each["passed"] for each in results) else "fail"
    values = {
        "created_at": int(at),
        "datasource_item": row.item,
        "datasource_item_id": number,
        "eval_id": run.document["eval_id"],
        "run_id": run.key,
        "status": "error" if sample.error else status,
        "results": results,
        "sample": _told(run, sample),
    }
    return Maker(world.clock, world.ids).of(run_types.OutputItemRetrieveResponse, values)


def _told(run: Item, sample: Sample) -> Data:
    """A sample as an output item tells it."""
    asked: Data = run.document["data_source"].get("sampling_params") or {}
    return {
        "error": sample.error or NO_ERROR,
        "finish_reason": "" if sample.error else "stop",
        "input": sample.messages,
        "output": [{"role": "assistant", "content": sample.text}],
        "model": run.document["model"],
        "max_completion_tokens": asked.get("max_completion_tokens") or 0,
        "seed": asked.get("seed") or 0,
        "temperature": asked.get("temperature", 1),
        "top_p": asked.get("top_p", 1),
        "usage": sample.usage,
    }


def _counts(items: list[Document]) -> dict[str, int]:
    found = Counter(str(each["status"]) for each in items)
    numbers = {"passed": found["pass"], "failed": found["fail"], "errored": found["error"]}
    return {**numbers, "total": len(items)}


def _per_criterion(name: str, items: list[Document]) -> Data:
    results = [each for item in items for each in item["results"] if each["name"] == name]
    passed = sum(each["passed"] for each in results)
    return {"testing_criteria": name, "passed": passed, "failed": len(results) - passed}


def _usage(model: str, items: list[Document]) -> list[Data]:
    """What the samples of a run took; nothing if no model was asked."""
    usages: list[dict[str, int]] = [each["sample"]["usage"] for each in items]
    if not any(each["total_tokens"] for each in usages):
        return []
    sums = {name: sum(each[name] for each in usages) for name in usages[0]}
    return [{"model_name": model, "invocation_count": len(usages), **sums}]


def _schema(config: dict[str, Any]) -> Data:
    """What rows look like, in JSON Schema."""
    item = config.pop("item_schema", None) or {"type": "object"}
    properties: Data = {"item": item}
    if config["type"] != "custom" or config.pop("include_sample_schema", False):
        properties["sample"] = {"type": "object"}
    return {"type": "object", "properties": properties, "required": list(properties)}
