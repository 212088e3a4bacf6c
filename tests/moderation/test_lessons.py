"""What judgements teach: lines that the training can read, and figures without anybody's words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from moderation.abuse.training.corpus import FOLDER
from moderation.assessment import Assessment, Intent, Label, Route, Severity, Target
from moderation.items import AccountName, Author, ItemId, ItemKind, StoredItem
from moderation.judgements import Correction, Judgement, Mark, completed, in_force
from moderation.lessons import URGENT, Tally, by_version, lesson, tallies
from tests.fakes import assessment

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SAID = replace(
    assessment(Severity.HIGH, Route.SLT), abuse=0.9, labels=(Label.THREAT,), intent=Intent.COMPLAINT
)
ITEM = StoredItem(
    id=ItemId(12),
    account=AccountName("oakfield-x"),
    platform="x",
    thread=1,
    external_id="77",
    kind=ItemKind.REPLY,
    parent_id=None,
    author=Author("kerry-walsh", "Kerry Walsh"),
    is_own=False,
    text="newer words",
    version=2,
    created_at=NOW,
    first_seen_at=NOW,
    earliest_possible_at=None,
    permalink="",
    mentions=(),
    names_school=False,
    case=None,
)


def judgement(
    mark: Mark | None, by: str = "ada", said: Assessment = SAID, item: int = 12, **right: object
) -> Judgement:
    """Return what somebody said of the first wording of an item."""
    found, correction = completed(said, mark, Correction(**right))  # type: ignore[arg-type]
    return Judgement(
        ItemId(item), 1, found, said, correction, "a secret reason", by, NOW + timedelta(minutes=item)
    )


def test_a_line_has_everything_that_a_message_of_the_corpus_has() -> None:
    """The training reads both alike."""
    with next(iter(sorted(FOLDER.glob("*.jsonl")))).open(encoding="utf-8") as corpus:
        wanted = set(json.loads(corpus.readline()))
    line = lesson(ITEM, "this queue will kill me", [judgement(Mark.FALSE_ALARM)], "a1")
    assert wanted <= set(line)
    assert (line["text"], line["platform"], line["kind"], line["role"]) == (
        "this queue will kill me",
        "x",
        "reply",
        "unknown",
    )
    assert (line["abuse"], line["severity"], line["labels"]) == (False, "none", [])


def test_a_line_tells_a_persons_word_from_what_nobody_contested() -> None:
    """What was not corrected stands as it was said, and is no lesson."""
    line = lesson(ITEM, "words", [judgement(Mark.FALSE_ALARM)], "a1")
    assert line["known"] == ["severity", "labels", "abuse"]
    assert (line["intent"], line["route"], line["target"]) == ("complaint", "slt", "unknown")
    assert line["said"]["severity"] == "high"
    assert (line["mark"], line["model"]) == ("false_alarm", "told-1")


def test_a_desk_that_nobody_named_is_not_taught() -> None:
    """A severe miss goes to the safeguarding lead in a hurry; that is no answer about its desk."""
    line = lesson(ITEM, "words", [judgement(Mark.MISSED, said=assessment(), severity=Severity.HIGH)], "a1")
    assert (line["route"], line["known"]) == ("moderator", ["severity"])


def test_no_line_names_a_person() -> None:
    """Neither who wrote it nor who judged it: what stands for the author is made up for the file."""
    line = lesson(ITEM, "words", [judgement(Mark.RIGHT, by="miriam")], "a1")
    for name in ("kerry", "Kerry", "miriam", "secret"):
        assert name not in json.dumps(line)
    assert line["batch"] == "feedback-a1"


def test_the_newest_judgement_of_a_person_counts() -> None:
    """Whoever errs judges again; where people differ, the newest is believed and the line says so."""
    first, second = judgement(Mark.FALSE_ALARM), judgement(Mark.RIGHT)
    assert in_force([first, second]) == [second]
    between = judgement(Mark.RIGHT, by="dee")
    assert in_force([first, between, second]) == [between, second]
    [both] = by_version([first, judgement(Mark.RIGHT, by="dee")])
    line = lesson(ITEM, "words", both, "a1")
    assert (line["mark"], line["people"], line["agreed"]) == ("right", 2, False)
    [again] = by_version([judgement(Mark.RIGHT, by="dee"), second])
    assert lesson(ITEM, "words", again, "a1")["agreed"]


def test_people_agree_when_no_two_answers_of_theirs_differ() -> None:
    """Labels, desk and whom it is about count as much as the severity; what one left open does not."""
    first = judgement(None, labels=(Label.INSULT, Label.BULLYING), route=Route.DSL)
    for right, agreed in (
        ({"labels": (Label.BULLYING, Label.INSULT)}, True),
        ({"target": Target.CHILD}, True),
        ({"labels": (Label.INSULT,)}, False),
        ({"route": Route.HEADTEACHER}, False),
        ({"labels": (Label.INSULT, Label.BULLYING), "route": Route.DSL, "abuse": False}, True),
    ):
        both = [first, judgement(None, by="dee", **right)]
        assert lesson(ITEM, "words", both, "a1")["agreed"] == agreed, right


def test_figures_count_errors_of_urgency_and_of_each_label() -> None:
    """By what was said and what is right, whatever the mark was called."""
    bullying = (Label.BULLYING,)
    judged = [
        judgement(Mark.FALSE_ALARM, item=1),
        judgement(None, item=2, labels=(Label.INSULT,)),
        judgement(Mark.MISSED, item=3, said=assessment(), labels=bullying),
        judgement(Mark.RIGHT, item=4),
    ]
    said = [(SAID.severity, SAID.labels)] * 8 + [(Severity.NONE, ())] * 92
    found = {each.what: each for each in tallies(judged, said)}
    assert found == {
        URGENT: Tally(URGENT, 8, 3, 1, 1),
        "threat": Tally("threat", 8, 3, 2, 0),
        "insult": Tally("insult", 0, 0, 0, 1),
        "bullying": Tally("bullying", 0, 0, 0, 1),
    }
    assert found[URGENT].false_alarm_share == pytest.approx(1 / 8)
    assert found[URGENT].missed_share == pytest.approx(1 / 8)
    assert (found["insult"].false_alarm_share, found["insult"].missed_share) == (None, 1.0)


def test_without_any_judgement_nothing_is_claimed() -> None:
    """No items, no shares."""
    assert tallies([], []) == [Tally(URGENT, 0, 0, 0, 0)]
    assert tallies([], [])[0].missed_share is None


def test_target_is_taught_when_a_person_names_it() -> None:
    """Whom it is about is an answer like the others."""
    line = lesson(ITEM, "words", [judgement(None, target=Target.CHILD)], "a1")
    assert (line["target"], line["known"]) == ("child", ["target"])
