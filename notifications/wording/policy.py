"""What the school's policy asks a person to do next: at most three steps for each kind of case."""

from __future__ import annotations

from moderation.alerts import AlertStep, CaseNotice, Role
from moderation.assessment import Intent, Label, Route, Severity
from notifications.wording.lanes import accuses_over_a_child

MOST_STEPS = 3

STOP = "Stop. Do not open, copy, share, save or print it, and do not ask a child to."
TELL_DSL = "Tell the DSL now."
CALL_999 = "If anyone is in danger call 999 now."

SAFEGUARDING = frozenset({Role.DSL, Role.DEPUTY_DSL})
_KEEP_EVIDENCE = "Keep the evidence, with its date and time, before anything is hidden."
_HATE = (
    "Do not respond or retaliate.",
    _KEEP_EVIDENCE,
    "It may need police advice. A senior member of staff decides and records who decided and why.",
)

_BY_LABEL: tuple[tuple[Label, tuple[str, ...]], ...] = (
    (
        Label.GROOMING,
        (
            "Tell the DSL now, at any hour.",
            "Do not reply to the author, warn them or question the child.",
            "The DSL decides who is told outside the school, and records it.",
        ),
    ),
    (
        Label.THREAT,
        (
            "See that the headteacher or the senior member of staff on duty knows now.",
            "Do not respond or retaliate. Keep the evidence, with its date and time.",
            "It may need police advice. Record who decided and why.",
        ),
    ),
    (
        Label.EXTREMISM,
        (
            "Tell the DSL today. Nothing is referred automatically.",
            "Do not respond or argue.",
            _KEEP_EVIDENCE,
        ),
    ),
    (Label.HATE_RACE, _HATE),
    (Label.HATE_RELIGION, _HATE),
    (Label.HATE_LGBT, _HATE),
    (Label.HATE_DISABILITY, _HATE),
    (Label.HATE_SEX, _HATE),
    (
        Label.BULLYING,
        (
            "Do not respond or retaliate.",
            _KEEP_EVIDENCE,
            "Report it along the same chain as in the anti-bullying policy, and see that the person it is "
            "aimed at has support.",
        ),
    ),
    (
        Label.PERSONAL_DATA,
        (
            "Keep the evidence, then hide it if it says who or where somebody is.",
            "See that the data protection lead knows, and if it is about a child, the DSL.",
            "Do not repeat the details anywhere, this case included.",
        ),
    ),
    (
        Label.IMPERSONATION,
        (
            "Check with the person or office that it claims to be.",
            _KEEP_EVIDENCE,
            "Report the account to the platform and tell a senior member of staff.",
        ),
    ),
    (
        Label.DEFAMATION,
        (
            "Do not argue about it in public.",
            "See that the headteacher knows. If the headteacher is accused: the chair of governors.",
            "Invite the author to talk in person, or point to the complaints procedure.",
        ),
    ),
    (
        Label.INSULT,
        (
            "Do not argue or retaliate. Answer the point, if there is one, not the tone.",
            "Keep the evidence, then ask the author to remove it and invite them to talk in person.",
            "If it is hidden, tell the audience exactly why.",
        ),
    ),
    (
        Label.PROFANITY,
        (
            "Answer the point, not the language.",
            "If the words break the community rules, keep the evidence, hide it and say exactly why.",
        ),
    ),
    (
        Label.SPAM,
        (
            "Do not open its links.",
            "Check that it really is spam. Only a person decides that.",
            "Hide it or report it to the platform, then close the case as spam.",
        ),
    ),
)

_BY_INTENT: dict[Intent, tuple[str, ...]] = {
    Intent.JOURNALIST: (
        "Follow the media policy before anyone replies.",
        "See that the media lead and the headteacher know.",
        "Until they agree a line, say nothing about the matter in public or in private.",
    ),
    Intent.DISCLOSURE: (
        "Tell the DSL now, at any hour. The DSL leads.",
        "Do not ask for details in public and do not promise to keep it secret.",
        "A person answers it kindly. The DSL agrees the words first.",
    ),
    Intent.COMPLAINT: (
        "Answer it, even if only to say that it has arrived.",
        "Offer to talk in person, or point to the complaints procedure.",
        "Do not hide it: criticism is not abuse.",
    ),
    Intent.QUERY: (
        "Answer it, or say when the answer will come.",
        "Take personal matters out of the public thread.",
    ),
    Intent.PRAISE: ("Thank the author, or record that no reply is needed.",),
    Intent.COMMENT: ("Answer it, or record that no reply is needed.",),
    Intent.REACTION: ("Look at it, and record that no reply is needed if that is so.",),
    Intent.SPAM: dict(_BY_LABEL)[Label.SPAM],
    Intent.CONTACT_ATTEMPT: (
        "See that the headteacher knows: the policy asks for it.",
        "Do not accept or answer from a personal account.",
        "Answer, if at all, from the school's account.",
    ),
}


_LEADING: tuple[tuple[Label | Intent, tuple[str, ...]], ...] = (
    (
        Label.GROOMING,
        (
            "Find out which child it is and see that they are safe now.",
            "Do not reply to the author or warn them. Do not question the child about it in writing.",
            "Decide now on police, CEOP and local authority, and record who decided and why.",
        ),
    ),
    (
        Intent.DISCLOSURE,
        (
            "Find out who needs help and whether they are safe now.",
            "Do not ask for details in public and do not promise to keep it secret.",
            "Answer it kindly, or agree who does and the words.",
        ),
    ),
    (
        Label.EXTREMISM,
        (
            "Consider Prevent. Nothing is referred automatically: you decide and record why.",
            "Do not respond or argue.",
            _KEEP_EVIDENCE,
        ),
    ),
)
"""Steps for who leads on safeguarding, where they differ from everybody else's."""

_ALLEGATION_LEADING = (
    "See that the child is safe now. If it may be a crime, call the police: 999 in an emergency, else 101.",
    "Follow your procedure for allegations against adults: headteacher or chair of governors, and LADO.",
    "Say nothing to whoever is accused before that is agreed. If there is an image, do not view it to check.",
)
_ALLEGATION = (
    "Tell the DSL or the deputy now: they lead. If they are accused, the headteacher; if that is the "
    "headteacher, the chair of governors.",
    "Do not reply, and say nothing to whoever is accused.",
    _KEEP_EVIDENCE,
)
"""Steps where an adult is accused and a child may be at risk: for who leads, and for everybody else."""


_BY_STEP = {
    AlertStep.EDITED: (
        "Read it beside our answer.",
        "If the answer no longer fits, reply once more from the school's account.",
        "If it has become abusive, treat it as abuse.",
    ),
    AlertStep.HIDDEN_THERE: (
        "If a colleague hid it: close the case with the reason, for example abuse_handled.",
        "If nobody did, the platform's own filter has: show it again there, or answer it. The clock runs on.",
    ),
    AlertStep.APPROVAL_NAMED: (
        "If you agreed, there is nothing to do.",
        "If you did not, tell the headteacher and the safeguarding lead at once: it may be done already.",
    ),
    AlertStep.NOT_DONE: (
        "See what became of it: socialduty cases, then the number of the case.",
        "Look on the platform before you order it again, or do it there by hand.",
    ),
    AlertStep.STAFF_ACCOUNT: (
        "If somebody was waiting for an answer, give it from the school's account: the clock runs on.",
        "Speak with the colleague. Nobody answers for the school from a personal account.",
    ),
}
"""Steps for what is told for another reason than what the author wants."""


def next_steps(notice: CaseNotice) -> tuple[str, ...]:
    """Return at most :data:`MOST_STEPS` steps for the reader of ``notice``, the most pressing first."""
    steps = _steps(notice)
    if notice.uncertain and not _is_child_at_risk(notice):
        steps = ("Look at it yourself: the system could not judge it safely.", *steps)
    return steps[:MOST_STEPS]


def _steps(notice: CaseNotice) -> tuple[str, ...]:
    if notice.ordered and notice.step in _BY_STEP:
        return _BY_STEP[notice.step]  # it is about the order, whatever the case is about
    reader_leads = notice.because in SAFEGUARDING
    if grave := _grave_steps(notice, reader_leads):
        return grave
    if notice.step in _BY_STEP and not notice.labels:
        return _BY_STEP[notice.step]
    if reader_leads and (leading := _leading_steps(notice)):
        return leading
    return _policy_steps(notice)


def _grave_steps(notice: CaseNotice, reader_leads: bool) -> tuple[str, ...]:
    if accuses_over_a_child(notice):
        return _ALLEGATION_LEADING if reader_leads else _ALLEGATION
    if Label.SEXUAL in notice.labels:
        return _sealed_steps(reader_leads)
    if Label.SELF_HARM in notice.labels or notice.severity is Severity.CRITICAL:
        return _danger_steps(reader_leads)
    return ()


def _policy_steps(notice: CaseNotice) -> tuple[str, ...]:
    if notice.intent is Intent.DISCLOSURE:
        return _BY_INTENT[Intent.DISCLOSURE]
    if notice.intent is Intent.JOURNALIST or notice.route is Route.MEDIA:
        return _BY_INTENT[Intent.JOURNALIST]
    for label, steps in _BY_LABEL:
        # A complaint with a rude word in it is still a complaint.
        if label in notice.labels and not (label is Label.PROFANITY and notice.intent is Intent.COMPLAINT):
            return steps
    return _BY_INTENT[notice.intent]


def _leading_steps(notice: CaseNotice) -> tuple[str, ...]:
    about = {*notice.labels, notice.intent}
    return next((steps for what, steps in _LEADING if what in about), ())


def _sealed_steps(reader_leads: bool) -> tuple[str, ...]:
    if reader_leads:
        return (
            "Follow your procedure for nude and semi-nude images. Do not view it to check.",
            "If an adult is sharing a child's image, call the police: 999 in an emergency, else 101.",
            "Record when it was reported, to whom and why.",
        )
    return (
        "Leave it exactly as it is. Do not reply.",
        "Tell the DSL or the deputy now. They take it from here.",
        "If an adult is sharing a child's image, call the police urgently: 999, or 101.",
    )


def _danger_steps(reader_leads: bool) -> tuple[str, ...]:
    if reader_leads:
        return (
            "Find out who is at risk and see that somebody is with them.",
            "Decide now on police, family and local authority. Data protection law allows sharing.",
            "Agree who answers, and the words. Nobody else replies.",
        )
    return (
        "Tell the DSL or the deputy now, at any hour. Speak to them: a message is not enough.",
        "Do not reply until the DSL has agreed the words.",
        _KEEP_EVIDENCE,
    )


def _is_child_at_risk(notice: CaseNotice) -> bool:
    return (
        notice.severity is Severity.CRITICAL
        or notice.intent is Intent.DISCLOSURE
        or bool({Label.SEXUAL, Label.SELF_HARM, Label.GROOMING} & set(notice.labels))
    )
