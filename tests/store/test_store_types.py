"""Moments in the database: aware in, aware and UTC out, to the microsecond, on every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from store.types import UtcDateTime, database_epoch

LONDON = ZoneInfo("Europe/London")

moments = Table("moments", MetaData(), Column("id", Integer, primary_key=True), Column("at", UtcDateTime))


def kept(engine: Engine, *given: datetime | None) -> list[datetime | None]:
    """Store moments and return what comes back."""
    moments.create(engine)
    try:
        with engine.begin() as connection:
            connection.execute(insert(moments), [{"at": at} for at in given])
            return list(connection.execute(select(moments.c.at).order_by(moments.c.id)).scalars())
    finally:
        moments.drop(engine)


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 17, 9, 0, tzinfo=UTC),
        datetime(2026, 7, 1, 9, 0, tzinfo=LONDON),
        datetime(2026, 11, 17, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=-5, minutes=-30))),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
    ids=["UTC", "summer time", "microseconds", "1970", "the last one"],
)
def test_a_moment_comes_back_as_the_same_moment_in_utc(engine: Engine, at: datetime) -> None:
    """Whatever offset it was given with, and with all six digits of its second."""
    (back,) = kept(engine, at)
    assert back == at
    assert back is not None
    assert back.tzinfo is UTC or back.utcoffset() == timedelta()


def test_both_half_past_ones_of_the_night_when_clocks_go_back_are_kept_apart(engine: Engine) -> None:
    """01:30 on 25 October 2026 happens twice, an hour apart; 01:30 on 29 March never does."""
    twice = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON)
    never = datetime(2026, 3, 29, 1, 30, tzinfo=LONDON)
    assert kept(engine, twice, twice.replace(fold=1), never) == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    ]


def test_moments_sort_as_they_happened(engine: Engine) -> None:
    """The database compares moments, not readings of clocks on walls."""
    first = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON)
    later = [first + timedelta(microseconds=n) for n in (0, 1, 999_999)] + [first.replace(fold=1)]
    moments.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(moments), [{"at": at} for at in reversed(later)])
        found = list(connection.execute(select(moments.c.at).order_by(moments.c.at)).scalars())
    moments.drop(engine)
    assert found == [at.astimezone(UTC) for at in later]


def test_nothing_stays_nothing(engine: Engine) -> None:
    """A moment that is not known is not made up."""
    assert kept(engine, None) == [None]


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    """Guessing would be an hour wrong for seven months of the year."""
    with pytest.raises(StatementError, match="without a zone"):
        kept(engine, datetime(2026, 11, 17, 9, 0))  # noqa: DTZ001 - the point of the test


def test_the_database_clock_counts_seconds_since_1970(engine: Engine) -> None:
    """Leases are counted in it; here it runs on this machine and has to agree with it."""
    with engine.begin() as connection:
        read = connection.execute(select(database_epoch())).scalar_one()
    assert abs(read - datetime.now(UTC).timestamp()) < 2
