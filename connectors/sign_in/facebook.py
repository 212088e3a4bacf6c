"""Signing in to a Facebook Page: who manages it allows the school's app, and the Page's token is kept."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from connectors.sign_in import base
from connectors.sign_in.base import Answers, Grant, NotRenewed, Opening, Question, SignInContext
from connectors.sign_in.graph import FacebookLogin

_READ = ("pages_show_list", "pages_read_engagement", "pages_read_user_content")
_MESSAGES = ("pages_messaging", "pages_manage_metadata")
_ACT = ("pages_manage_engagement",)


class SignIn(NotRenewed):
    """One Page. Its token has no end, but dies with the person's password or role, and is then made anew."""

    platform: ClassVar[str] = "facebook"

    def __init__(self, context: SignInContext) -> None:
        self._context = context
        self._login = FacebookLogin(context.base_url, context.options, "Facebook")

    def scopes(self) -> tuple[str, ...]:
        """Reading the Page always; its inbox unless it is left out; acting only where the account may."""
        messages = _MESSAGES if self._context.reads_messages else ()
        return (*_READ, *messages, *(_ACT if self._context.may_act else ()))

    def questions(self) -> tuple[Question, ...]:
        """Return what the school's app is known by."""
        return self._login.questions()

    def open(self, answers: Answers, now: datetime) -> Opening:
        """Return Facebook's page."""
        return self._login.open(answers, self.scopes())

    def finish(self, opening: Opening, answers: Answers, now: datetime) -> Grant:
        """Go from the code to the token of the Page that the register names."""
        return self._login.grant(
            self._login.page_token(opening, answers, self._context.identity.external_id, now)
        )

    def token(self, secret: str) -> str:
        """Return the Page's token alone."""
        return base.kept_in(secret).get("access_token", "")

    def revoke(self, secret: str, now: datetime) -> bool:
        """Only the person can: Facebook takes no such word from a Page's token."""
        return False
