from hypothesis import given
from hypothesis import strategies as st
from openai_stream.accumulators.event_numbers import EventNumbers


@given(st.lists(st.integers(0, 12), max_size=30))
def test_each_number_is_new_once(sent: list[int]):
    numbers, seen = EventNumbers(), set[int]()
    for number in sent:
        assert numbers.is_new(number, "delta") is (number not in seen)
        seen.add(number)
        assert numbers.last == max(seen)


def test_numbers_without_a_gap_cost_no_memory():
    numbers = EventNumbers()

    assert all(numbers.is_new(number, "delta") for number in range(5, 1000))
    assert all(numbers.is_new(number, "delta") for number in range(2000, 3000))

    assert (len(numbers._runs), len(numbers._late)) == (1, 0)
    assert not numbers.is_new(999, "delta")
    assert numbers.is_new(1000, "delta")
    assert not numbers.is_new(2000, "delta")


def test_numbers_of_a_server_that_does_not_count_are_ignored():
    numbers = EventNumbers()

    assert numbers.is_new(0, "response.created")
    assert numbers.is_new(0, "response.in_progress")
    assert numbers.is_new(0, "response.output_text.delta")
    assert numbers.is_new(0, "response.output_text.delta")
    assert numbers.last is None


def test_what_has_no_number_is_new():
    numbers = EventNumbers()

    assert numbers.is_new(None, "delta")
    assert numbers.is_new("7", "delta")
    assert numbers.last is None
