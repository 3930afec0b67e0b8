from openai_mock.state.ids import Identifiers


def test_ids_differ_but_are_the_same_in_every_run():
    first, second = Identifiers(), Identifiers()
    made = [first.new("resp_") for _ in range(100)]
    assert len(set(made)) == 100
    assert made == [second.new("resp_") for _ in range(100)]
    assert all(each.startswith("resp_") and len(each) == 37 for each in made)
