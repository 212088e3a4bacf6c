"""``drill``: a practice alert to everybody who could be told something urgent, and who answered it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workers.shell import Trouble, desk_for, person_from, settings_from, show

if TYPE_CHECKING:
    from moderation.drills import DrillRow
    from moderation.ports import School
    from workers.desk import Desk

HELP = "Send a marked practice alert to everybody who could be told something urgent, and see who answers."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        HELP
        + " `drill --as PERSON` begins one; it opens no case, and nobody else is told where somebody does "
        "not answer. `drill report [NUMBER]` says who answered and how fast. `drill answered NUMBER --as "
        "PERSON` answers, as the link in the message does."
    )
    parser.add_argument("what", nargs="?", choices=["report", "answered"], help="left out: begin a drill")
    parser.add_argument("number", nargs="?", metavar="NUMBER", help="the drill; report: left out, the newest")
    parser.add_argument("--as", dest="person", metavar="PERSON", help="your short name")
    parser.add_argument("--school", help="the id of the school, where there are several")
    parser.add_argument("--json", action="store_true", help="report: one JSON object per line")


def run(args: argparse.Namespace) -> int:
    """Begin a drill, answer one, or report on one (1 while an answer or a message is missing)."""
    return {None: _begin, "report": _report, "answered": _answered}[args.what](args)


def _begin(args: argparse.Namespace) -> int:
    from moderation.drills import start_drill, taking_part

    if args.person is None:
        raise Trouble("say who begins the drill: drill --as PERSON")
    person = person_from(settings_from(args), args.person)
    with desk_for(args, works=False) as desk:
        school = _school(desk, args.school, person.schools)
        people = taking_part(desk.ports, school, desk.ports.now())
        number = start_drill(desk.ports, school, person.name)
        is_sent = _somebody_sends(desk)
    print(f"Practice alert {number} of {school.name} goes to {len(people)} people, by every way they have.")
    print("Everything they get is marked as practice. No case is opened, and nobody else is told.")
    print(f"See who answered, and how fast: socialduty drill report {number}{_named(args.school)}")
    if not is_sent:
        print("! Nothing sends it at the moment: start 'run'. It goes out as soon as that runs.")
        return 1
    return 0


def _named(school: str | None) -> str:
    return "" if school is None else f" --school {school}"


def _somebody_sends(desk: Desk) -> bool:
    """Say whether a process that sends alerts spoke a moment ago, on whatever host."""
    from store.heartbeats import last_beats
    from workers.health import SILENT_AFTER

    beats = last_beats(desk.store.engine)
    now = desk.ports.now()
    return any(
        loop.startswith(("run", "work")) and now - at <= SILENT_AFTER for (loop, _), at in beats.items()
    )


def _answered(args: argparse.Namespace) -> int:
    from moderation.drills import NoSuchDrill, answer

    if args.number is None or args.person is None:
        raise Trouble("say which drill, and who you are: drill answered NUMBER --as PERSON")
    person = person_from(settings_from(args), args.person)
    with desk_for(args, works=False) as desk:
        school = _school(desk, args.school, person.schools)
        try:
            is_first = answer(desk.ports, school, args.number, person.name, desk.ports.now())
        except NoSuchDrill:
            raise Trouble(f"{person.name} was told of no practice alert {args.number}", exit_code=1) from None
    print("Your answer is recorded." if is_first else "You had answered already: the first answer counts.")
    return 0


def _report(args: argparse.Namespace) -> int:
    from moderation.drills import NoSuchDrill, drill_report, find

    with desk_for(args, works=False) as desk:
        school = _school(desk, args.school, frozenset(desk.ports.schools))
        try:
            with desk.store.begin() as unit:
                drill = find(unit, school, args.number)
                rows = drill_report(unit, school, args.number)
        except NoSuchDrill:
            which = "no practice alert yet" if args.number is None else f"no practice alert {args.number}"
            raise Trouble(f"{school.name} has had {which}: begin one with drill --as PERSON") from None
    title = f"practice alert {drill.number}"
    show([_shown(row, as_json=args.json) for row in rows], as_json=args.json, title=title)
    if not args.json:
        people = {row.person: row.answered_after is not None for row in rows}
        began = f"{drill.began_at:%a %d %b %H:%M} UTC"
        print(f"Begun by {drill.by}, {began}. {sum(people.values())} of {len(people)} people have answered.")
    return 0 if all(row.is_well for row in rows) else 1


def _shown(row: DrillRow, *, as_json: bool) -> dict[str, Any]:
    after = row.answered_after
    return {
        "person": row.person,
        "channel": row.channel,
        "state": str(row.state),
        "handed_at": row.handed_at,
        "answered_after": after if as_json else "not answered" if after is None else _duration(after),
    }


def _duration(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    )


def _school(desk: Desk, name: str | None, among: frozenset[str]) -> School:
    """Return the school that is named, or the only one that it can be. Raises Trouble where it is neither."""
    known = sorted(among & desk.ports.schools.keys())
    if name is None and len(known) == 1:
        return desk.ports.schools[known[0]]
    if name not in known:
        raise Trouble(f"say which school with --school: {', '.join(known)}")
    return desk.ports.schools[name]
