"""Whatever calls do, no limit is passed, nobody waits in vain and nothing is lost."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from openai_http.connections.limits import Limits
from openai_http.connections.pooling import Ledger, Turn

MOST, KEPT, EXPIRY = 3, 2, 10.0


class Calls(RuleBasedStateMachine):
    """Calls come, end, fail and give up in any order; time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger[int](Limits(MOST, KEPT, EXPIRY))
        self.now = 0.0
        self.made = 0
        self.open: set[int] = set()
        self.active: list[tuple[Turn[int], int]] = []
        self.waiting: list[Turn[int]] = []

    def _begin(self, turn: Turn[int]) -> None:
        connection = turn.connection
        if connection is None:
            self.made += 1
            connection = self.made
            self.open.add(connection)
        assert connection in self.open
        assert connection not in [used for _, used in self.active]
        self.active.append((turn, connection))

    def _woken(self) -> None:
        while self.waiting and self.waiting[0].granted:
            self._begin(self.waiting.pop(0))

    def _close_surplus(self) -> None:
        for connection in self.ledger.surplus(self.now):
            self.open.remove(connection)

    @rule()
    def call(self) -> None:
        turn = self.ledger.ask()
        if turn.granted:
            self._begin(turn)
        else:
            self.waiting.append(turn)

    @precondition(lambda self: self.active)
    @rule(whole=st.booleans(), data=st.data())
    def end(self, whole: bool, data: st.DataObject) -> None:
        _, connection = self.active.pop(data.draw(st.integers(0, len(self.active) - 1)))
        if not whole:
            self.open.remove(connection)
        self.ledger.give_back(connection if whole else None, self.now)
        self._woken()
        self._close_surplus()

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def give_up(self, data: st.DataObject) -> None:
        turn = self.waiting.pop(data.draw(st.integers(0, len(self.waiting) - 1)))
        self.ledger.give_up(turn, self.now)

    @rule(seconds=st.floats(0, 20))
    def let_time_pass(self, seconds: float) -> None:
        self.now += seconds
        self._close_surplus()

    @invariant()
    def counts_are_right(self) -> None:
        stats = self.ledger.stats()
        assert stats.open == len(self.open) <= MOST
        assert stats.in_use == len(self.active)
        assert stats.waiting == len(self.waiting)
        assert stats.idle is not None
        assert stats.idle <= KEPT

    @invariant()
    def nobody_waits_for_what_is_free(self) -> None:
        assert not self.waiting or len(self.active) == MOST


TestCalls = Calls.TestCase


def test_connection_that_was_used_last_is_used_next():
    ledger = Ledger[str](Limits())
    for _ in range(2):
        ledger.ask()
    ledger.give_back("old", 0.0)
    ledger.give_back("new", 1.0)
    assert ledger.ask().connection == "new"
    assert ledger.surplus(5.5) == ["old"]


def test_turn_that_was_granted_too_late_goes_to_the_next():
    ledger = Ledger[str](Limits(1))
    ledger.ask()
    late, next_one = ledger.ask(), ledger.ask()
    woken: list[str] = []
    next_one.wake = lambda: woken.append("next")
    ledger.give_back("a", 0.0)
    assert late.granted
    ledger.give_up(late, 0.0)
    assert (next_one.connection, woken) == ("a", ["next"])


def test_taking_all_idle_connections_leaves_none():
    ledger = Ledger[str](Limits(None, None, None))
    ledger.ask()
    ledger.give_back("a", 0.0)
    assert ledger.surplus(1e9) == []
    assert ledger.take_idle() == ["a"]
    assert ledger.stats().open == 0
