"""The reference itself: it says of a history what the source's own table was at its end."""

from __future__ import annotations

import random
from typing import Optional, Sequence

from changes_reference import Change, outcome
from hypothesis import given, settings
from hypothesis import strategies as st
from shrinking import shrunk
from source_histories import Source, history

SEEDS = st.integers(min_value=0, max_value=2**32)


@settings(max_examples=300, deadline=None)
@given(SEEDS)
def test_a_history_comes_to_what_its_source_holds(seed: int) -> None:
    changes, rows = history(random.Random(seed))
    assert outcome(changes) == rows


@settings(max_examples=300, deadline=None)
@given(SEEDS, SEEDS)
def test_neither_order_nor_repetition_of_delivery_matters(seed: int, other: int) -> None:
    changes, rows = history(random.Random(seed))
    shuffler = random.Random(other)
    delivered = [*changes, *shuffler.sample(changes, len(changes) // 2)]
    shuffler.shuffle(delivered)
    assert outcome(delivered) == rows


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("IUD"), st.integers(0, 3), st.text("ab", max_size=2)), max_size=30))
def test_each_change_takes_effect_on_what_the_ones_before_it_left(steps: list[tuple[str, int, str]]) -> None:
    source = Source()
    expected: dict[int, Optional[str]] = {}
    for op, key, value in steps:
        if op == "D" and key in expected:
            source.delete(key)
            del expected[key]
        elif op != "D":
            source.put(key, value)
            expected[key] = value
    assert outcome(source.changes) == expected


def test_an_older_change_does_not_bring_a_deleted_row_back() -> None:
    deleted = [Change("I", 1, "a", 1, 1), Change("D", 1, None, 3, 3)]
    assert outcome([*deleted, Change("U", 1, "b", 2, 2)]) == {}


def test_what_a_whole_reload_no_longer_has_is_gone_and_one_that_is_under_way_takes_nothing() -> None:
    before = [Change("I", 1, "a", 0), Change("I", 2, "b", 0), Change("U", 1, "c", 1, 1)]
    reload = [Change("I", 1, "d", 5)]
    assert outcome([*before, *reload]) == {1: "d", 2: "b"}
    assert outcome([*before, *reload, Change("I", 3, "e", 6, 2)]) == {1: "d", 3: "e"}


def as_they_come(changes: Sequence[Change]) -> dict[int, Optional[str]]:
    """A job with a defect: it takes a source's changes in the order of their arrival."""
    rows: dict[int, Optional[str]] = {}
    for change in changes:
        if change.op == "D":
            rows.pop(change.key, None)
        else:
            rows[change.key] = change.value
    return rows


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_a_history_that_a_defect_gets_wrong_is_shrunk_to_what_is_enough(seed: int) -> None:
    chance = random.Random(seed)
    changes, _ = history(chance)
    chance.shuffle(changes)

    def fails(some: Sequence[Change]) -> bool:
        return as_they_come(some) != outcome(some)

    if fails(changes):
        least = shrunk(changes, fails, tries=1_000)
        assert fails(least)
        assert len(least) <= 5
        assert not any(fails([*least[:index], *least[index + 1 :]]) for index in range(len(least)))
