import pytest
from openai_mock.answers import thread_objects
from openai_mock.refusals import Refusal
from openai_mock.settings import DEFAULT_JOB_STEP_SECONDS
from openai_mock.state.clock import Clock
from openai_mock.work import runs
from openai_mock.work.jobs import catch_up
from openai_mock.world import World

ALL_SECONDS = 2 * DEFAULT_JOB_STEP_SECONDS


@pytest.fixture
def world() -> World:
    clock = Clock()
    clock.freeze(at=100.7)
    return World(clock=clock)


def begun(world: World, key: str = "run_1") -> None:
    assistant = thread_objects.assistant({"model": "gpt-5.5"}, key="asst_1", created=1)
    run = thread_objects.run({}, assistant, key=key, thread_id="thread_1", created=100)
    runs.begin(run, world)


def test_run_is_over_at_the_moment_at_which_it_was(world: World):
    begun(world)
    world.clock.advance(1000)
    catch_up(world)
    run = world.store.get(runs.runs_of("thread_1"), "run_1")
    assert run
    assert (run["status"], run["completed_at"]) == ("completed", int(100.7 + ALL_SECONDS))


def test_idle_is_a_thread_whose_runs_are_over(world: World):
    runs.check_idle("thread_1", world, "touch")
    begun(world)
    with pytest.raises(Refusal, match="Can't touch thread_1 while a run run_1 is active"):
        runs.check_idle("thread_1", world, "touch")
    world.clock.advance(ALL_SECONDS)
    catch_up(world)
    runs.check_idle("thread_1", world, "touch")
