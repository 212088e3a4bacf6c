"""Counting stays quick enough to do anew for every message, whatever else changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.clock_speed import Measured, against_businesstimedelta, against_closed_forms


@pytest.mark.parametrize("compared", [against_closed_forms, against_businesstimedelta])
def test_the_clock_is_not_far_from_its_promised_speed(
    compared: Callable[..., Iterator[Measured]],
) -> None:
    """Half of what ``tests/clock_speed.py`` asks for, so that only a real slip is noticed, on any machine."""
    for figure in compared(receipts=200, rounds=9):
        assert figure.value >= figure.promised / 2, str(figure)
