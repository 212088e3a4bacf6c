"""What people of the invented school are to be told of its cases, in words that a test can compare."""

from __future__ import annotations

from moderation.tasks import TaskKind
from store import tables
from tests.worlds import World


def climbing(world: World) -> list[tuple[str, str]]:
    """Return of everything that somebody has to look at how fast it climbs, and the item that began it."""
    items, opened = _names(world), {row.id: row.opening_item for row in world.rows(tables.cases)}
    return [(row.lane, items[opened[row.lead]]) for row in world.rows(tables.escalations)]


def tellings(world: World) -> list[tuple[str, str]]:
    """Let what is due climb, and return step and item of everything that is to be told, in order.

    Of what is not about an item it is step and reason.
    """
    world.work(TaskKind.CLIMB)
    items, opened = _names(world), {row.id: row.opening_item for row in world.rows(tables.cases)}
    leads = {row.id: row.lead for row in world.rows(tables.escalations)}
    told = []
    for row in world.rows(tables.alerts):
        about = row.occasion.partition(":")[0]
        if row.subject_kind == "escalation":
            about = items[opened[leads[int(row.subject)]]]
        elif row.subject_kind == "case":
            about = items[int(about)]
        told.append((row.step, about))
    return told


def _names(world: World) -> dict[int, str]:
    return {row.id: row.external_id for row in world.rows(tables.items)}
