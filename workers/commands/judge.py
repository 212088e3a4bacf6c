"""``judge``: a person says whether scoring was right about an item."""

from __future__ import annotations

import argparse
import sys

from moderation.assessment import Intent, Label, Route, Severity, Target
from moderation.judgements import Correction, Mark
from workers.shell import Trouble, desk_for, person_from, reason, settings_from

HELP = "Say that an item was a false alarm, was missed, or what would have been right about it."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        HELP
        + " `items` lists the items with their numbers. What you say is worse than scoring said is told at "
        "once to whoever has to know. A desk that you name with --route takes the case over; what is the "
        "safeguarding lead's or the governors' only they give away. What you say is less changes no case: "
        "close it when it is done. Judge again to take something back: the newest judgement of a person "
        "counts."
    )
    parser.add_argument("item", type=_number, help="the number of the item, as `items` shows it")
    parser.add_argument("--as", dest="person", required=True, metavar="PERSON", help="your short name")
    mark = parser.add_mutually_exclusive_group()
    for each, words in (
        (Mark.FALSE_ALARM, "it is harmless: none, no labels, no abuse"),
        (Mark.MISSED, "it is medium or worse, and that was not said; --severity says how severe"),
        (Mark.RIGHT, "what was said of it is right"),
    ):
        name = f"--{str(each).replace('_', '-')}"
        mark.add_argument(name, dest="mark", action="store_const", const=each, help=words)
    parser.add_argument("--severity", choices=[each.word for each in Severity], help="how urgent it is")
    parser.add_argument(
        "--labels", type=_labels, help='all labels that are right, with commas between; "" for none'
    )
    parser.add_argument("--intent", choices=[str(each) for each in Intent], help="what the author wants")
    parser.add_argument("--route", choices=[str(each) for each in Route], help="whose desk it belongs on")
    parser.add_argument("--target", choices=[str(each) for each in Target], help="whom it is about")
    parser.add_argument("--abuse", choices=["yes", "no"], help="whether the author is being abusive")
    parser.add_argument(
        "--why", type=reason, default="", help="your reason, for the record, not for the case's history"
    )


def _labels(words: str) -> tuple[Label, ...]:
    names = [name.strip() for name in words.split(",") if name.strip()]
    unknown = [name for name in names if name not in set(Label)]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]} is no label: use {', '.join(Label)}")
    return tuple(label for label in Label if label in names)


def _number(words: str) -> int:
    """Return an item's number. Whatever no database could hold is the number of no item."""
    if not words.isascii() or not words.isdigit() or len(words) > _LONGEST_NUMBER:
        raise argparse.ArgumentTypeError("an item has a number: see `socialduty items`")
    return int(words)


_LONGEST_NUMBER = 18


def run(args: argparse.Namespace) -> int:
    """Record the judgement; 1 when it does not fit the item, or is not that person's to give."""
    from sqlalchemy.exc import NoResultFound

    from moderation.feedback import MayNotJudge, Says, judge
    from moderation.items import ItemId
    from moderation.judgements import NotFitting

    says = Says(args.mark, _correction(args), args.why)
    person = person_from(settings_from(args), args.person)
    with desk_for(args, works=False) as desk:
        try:
            judged = judge(desk.ports, ItemId(args.item), person, says)
        except NoResultFound:
            raise Trouble(f"there is no item {args.item}: see `socialduty items`") from None
        except (NotFitting, MayNotJudge) as refused:
            raise Trouble(f"Item {args.item}: {refused}.", exit_code=1) from None
    mark = str(judged.judgement.mark).replace("_", " ")
    print(f"Item {args.item} is recorded as {mark}.", file=sys.stderr)
    if judged.case is not None and judged.tells:
        print(f"Case {judged.case.reference} tells who has to know.", file=sys.stderr)
    elif judged.case is not None:
        print(f"Case {judged.case.reference} has it in its history and stays as it is.", file=sys.stderr)
    return 0


def _correction(args: argparse.Namespace) -> Correction:
    return Correction(
        severity=None if args.severity is None else Severity[args.severity.upper()],
        labels=args.labels,
        intent=None if args.intent is None else Intent(args.intent),
        route=None if args.route is None else Route(args.route),
        target=None if args.target is None else Target(args.target),
        abuse=None if args.abuse is None else args.abuse == "yes",
    )
