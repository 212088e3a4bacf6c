"""Connecting an account: the questions of its platform's sign-in, asked at a terminal without a browser.

1. Questions are asked, or taken from a file of answers; secrets are typed unseen.
2. The person opens an address anywhere, allows the access and pastes what the browser shows.
3. The platform says whose token that is. One of another account is refused, and nothing is stored.
4. The connector proves that the token is the right kind; then it is stored encrypted.
"""

from __future__ import annotations

import getpass
import os
import re
import stat
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from config import tables
from config.settings import Settings
from connectors.base import Capability, ConnectorError, NeedsPerson, Pausing, Proof, Unsure
from connectors.sign_in.base import Grant, Opening, Question, SignIn
from moderation.items import AccountName
from moderation.tasks import TaskKind
from workers.bootstrap import connector_with, sign_in_of
from workers.desk import Desk
from workers.shell import Trouble
from workers.tokens import AccountTokens

Say = Callable[[str], None]

ACTS = frozenset(
    {
        Capability.REPLY,
        Capability.HIDE,
        Capability.UNHIDE,
        Capability.DELETE,
        Capability.BLOCK,
        Capability.UNBLOCK,
        Capability.REPORT,
    }
)
"""What is only asked for where the account may act."""


def say(words: str) -> None:
    """Tell the person something, where it is in nobody's way: stdout is for results."""
    sys.stderr.write(f"{words}\n")


@dataclass(slots=True)
class Asking:
    """Asks a person at the terminal. What ``answers`` already hold is not asked."""

    answers: Mapping[str, str] = field(default_factory=dict, repr=False)
    typed: Callable[[], str] = input
    unseen: Callable[[str], str] = getpass.getpass
    say: Say = say

    def __call__(self, questions: Sequence[Question]) -> dict[str, str]:
        """Return an answer to each question.

        Raises:
            Trouble: nobody is there to answer.
        """
        return {question.name: self._one(question) for question in questions}

    def _one(self, question: Question) -> str:
        told = self.answers.get(question.name, "").strip()
        if told or (question.optional and question.name in self.answers):
            return told
        default = f" [{question.default}]" if question.default else ""
        for _ in range(3):
            answer = self._read(question, f"{question.words}{default}: ").strip() or question.default
            if answer or question.optional:
                return answer
            self.say("This has to be answered.")
        raise Trouble("No answer came. Nothing was stored.", exit_code=1)

    def _read(self, question: Question, prompt: str) -> str:
        try:
            if question.secret:
                return self.unseen(prompt)
            sys.stderr.write(prompt)
            sys.stderr.flush()
            return self.typed()
        except EOFError:
            raise Trouble("No answer came. Nothing was stored.", exit_code=1) from None


def answers_from(path: Path) -> dict[str, str]:
    """Read answers from a TOML file of mode 600, by the names of the questions.

    Raises:
        Trouble: it cannot be read, others can read it too, or it holds something else than texts.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            told = tomllib.load(file)
    except (OSError, ValueError):
        raise Trouble(f'{path} cannot be read as answers: write lines such as client_id = "..."') from None
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Trouble(f"other users can read {path}: chmod 600 it")
    if not all(isinstance(value, str) for value in told.values()):
        raise Trouble(f"{path} holds something else than texts in quotes")
    return told


def connect(desk: Desk, settings: Settings, name: str, by: str, ask: Asking) -> list[str]:
    """Sign an account in and store its token. Returns what there is to know about it, in sentences.

    Raises:
        Trouble: it could not be done; nothing was stored.
    """
    account = account_named(settings, name)
    sign_in = _sign_in(account)
    tokens = stored_tokens(desk)
    try:
        tokens.key.prepare()
        grant = _signed_in(sign_in, ask, desk.store.now)
        _require_owner(grant, account)
        proof, remark = _proven(account, sign_in.token(grant.secret), desk.store.now())
    except ConnectorError as error:
        raise Trouble(f"{_in_words(error)} Nothing was stored.", exit_code=1) from None
    tokens.connect(name, grant, by)
    with desk.store.begin() as unit:
        unit.watching.prove_again(
            [AccountName(name)]
        )  # or warnings of the old one's end would go on for a day
        unit.tasks.hurry(TaskKind.POLL_ACCOUNT, [name], desk.store.now())
    return [*_summary(account, grant, sign_in, proof), *remark, *grant.remarks]


def disconnect(desk: Desk, settings: Settings, name: str) -> list[str]:
    """Have an account's token ended by its platform, and forget it. Returns what there is to know.

    An account that has left the register may still have one: then only the platform is not told.

    Raises:
        Trouble: no token is stored.
    """
    tokens = stored_tokens(desk)
    if not tokens.has(name):
        account_named(settings, name)
        raise Trouble(f"no token is stored for {name}", exit_code=1)
    account = next((each for each in settings.accounts if each.name == name), None)
    said = _revoked(tokens, account, name, desk.store.now())
    tokens.disconnect(name)
    return [f"{name}: the stored token is deleted. The account is not read any more.", said]


def account_named(settings: Settings, name: str) -> tables.Account:
    """Return an account of the register. Raises Trouble when there is none of that name."""
    known = {account.name: account for account in settings.accounts}
    if name not in known:
        raise Trouble(f"no account is called {name!r}: use one of {', '.join(sorted(known)) or 'none'}")
    return known[name]


def stored_tokens(desk: Desk) -> AccountTokens:
    """Return the desk's stored tokens. Raises Trouble when it has none."""
    if not isinstance(desk.tokens, AccountTokens):
        raise Trouble("this desk stores no tokens")
    return desk.tokens


def _sign_in(account: tables.Account) -> SignIn:
    try:
        sign_in = sign_in_of(account)
    except ConnectorError as error:
        raise Trouble(str(error)) from None
    if sign_in is None:
        raise Trouble(f"{account.name} needs no token: there is nothing to connect", exit_code=1)
    if account.token_file is not None:
        raise Trouble(
            f"{account.name} has a token_file in the settings, which counts before a stored token: take that "
            "line out first"
        )
    return sign_in


def _signed_in(sign_in: SignIn, ask: Asking, now: Callable[[], datetime]) -> Grant:
    answers = ask(sign_in.questions())
    opening = sign_in.open(answers, now())
    _show(opening, ask.say)
    return sign_in.finish(opening, {**answers, **ask(opening.questions)}, now())


def _show(opening: Opening, tell: Say) -> None:
    for number, step in enumerate(opening.steps, 1):
        tell(f"{number}. {step}")
        if number == 1 and opening.address is not None:
            tell(f"\n{opening.address}\n")


def _require_owner(grant: Grant, account: tables.Account) -> None:
    if grant.external_id != account.external_id:
        raise NeedsPerson(
            f"That is the token of another account (id {grant.external_id}); {account.name} has the id "
            f"{account.external_id}. Sign in as the school's own account, or correct external_id in the "
            "settings."
        )


def _proven(account: tables.Account, token: str, now: datetime) -> tuple[Proof | None, list[str]]:
    """Let the connector prove the token. Trouble that passes is no reason to throw the token away.

    Raises:
        NeedsPerson: it is not of the right kind.
    """
    connector = connector_with(account, token)
    if not hasattr(connector, "prove"):
        return None, []
    try:
        return connector.prove(now), []
    except NeedsPerson:
        raise
    except ConnectorError as error:
        return None, [f"It could not be proven now ({error.reason}); the next poll does it."]


def _in_words(error: ConnectorError) -> str:
    """Return what an error says to somebody who signs in: nothing of polls, which try again by themselves."""
    if isinstance(error, Unsure):
        return (
            "The platform's answer was lost, or it was none. What the browser showed is "
            "good for one use: begin again. If this goes on, see whether a filter of your network stands in "
            "the way."
        )
    if isinstance(error, Pausing):
        told = [each for each in re.split(r"(?<=\.) ", str(error)) if "next poll" not in each]
        return " ".join((*told, "Connect the account again a little later."))
    return str(error)


def _summary(account: tables.Account, grant: Grant, sign_in: SignIn, proof: Proof | None) -> Iterator[str]:
    yield f"{account.name} is connected. Its token is stored encrypted, and the next poll uses it."
    scopes = grant.scopes or (proof.scopes if proof is not None else None) or ()
    yield f"It may: {', '.join(scopes) or 'the platform does not say'}."
    missing = [scope for scope in sign_in.scopes() if scopes and scope not in scopes]
    if missing:
        yield f"Not granted, though asked for: {', '.join(missing)}. Connect again and allow them."
    if not account.may_act:
        yield "It is used for reading only: may_act is off in the settings."
    lacking = [
        str(each).replace("_", " ")
        for each in (proof.lacking if proof is not None else ())
        if account.may_act or each not in ACTS
    ]
    if lacking:
        yield f"So this will not work: {', '.join(lacking)}."
    ends = grant.expires_at or (proof.expires_at if proof is not None else None)
    if grant.renew_before is not None:
        yield f"It ends on {ends:%d %B %Y at %H:%M} UTC and is renewed before that by itself."
    elif ends is not None and sign_in.lives_on_use:
        yield f"It lives on with every use; unused it would end on {ends:%d %B %Y}."
    elif ends is not None:
        yield f"It ends on {ends:%d %B %Y}: connect the account again before then."
    else:
        yield "The platform names no end; a changed password or a lost role can end it."


def _revoked(tokens: AccountTokens, account: tables.Account | None, name: str, now: datetime) -> str:
    """Tell the platform, and return what became of that. Whatever it says, the token is forgotten here."""
    by_hand = (
        "Take the app's access away on the platform too: in the account's settings, under connected apps."
    )
    try:
        sign_in = None if account is None else sign_in_of(account)
        secret = tokens.secret(name)
        if secret is not None and sign_in is not None and sign_in.revoke(secret, now):
            return "The platform has ended it too."
    except ConnectorError as error:
        return f"The platform could not be told ({error.reason}). {by_hand}"
    return by_hand
