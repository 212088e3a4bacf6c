"""A Facebook Page, through facebook-sdk: its posts, what visitors post on it, and all comments under both.

Graph has no list of new comments, so a poll lists the posts, and reads again the comments of every post
that is recent or whose time or number of comments changed. facebook-sdk is of 2018: :class:`Graph` gives
it today's version, its own host, timeouts and errors that can be told apart.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field

from connectors import transport
from connectors.answers import facebook as answers
from connectors.answers import fields
from connectors.base import (
    TIMEOUT,
    BadResponse,
    BugOrConfig,
    Capabilities,
    Capability,
    ConnectorContext,
    Missing,
    NotFound,
    Page,
    PermissionMissing,
    State,
    completed,
    watermark,
)
from moderation.items import Rejected

with warnings.catch_warnings():
    # The SDK has an invalid escape in a pattern. Python warns when it first compiles the file, and where
    # warnings are errors the import itself would fail; the pattern is one that we never use.
    warnings.simplefilter("ignore")
    import facebook

GRAPH = "https://graph.facebook.com"

EDGES = {"page_posts": "published_posts", "visitor_posts": "feed"}
"""The streams, and where Graph lists the posts of each. The feed has both; of it we take the visitors'."""

_POST_FIELDS = (
    "id,message,story,created_time,updated_time,from,permalink_url,message_tags,"
    "comments.filter(stream).limit(0).summary(true)"
)
_COMMENT_FIELDS = "id,message,created_time,from,parent{id},permalink_url,message_tags,attachment{type}"

Answer = Mapping[str, object]


class Options(BaseModel):
    """The settings of a Facebook Page."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    api_version: str = Field(
        default="26.0", pattern=r"^\d{1,3}\.\d{1,2}$", description="The version of Facebook's Graph to speak."
    )
    overlap_hours: float = Field(
        default=48,
        ge=0.1,
        le=720,
        description="Posts that moved within these hours before the last complete poll are read again.",
    )
    first_poll_days: int = Field(
        default=30, ge=1, le=365, description="The very first poll reads the comments of posts this recent."
    )
    post_days: int = Field(
        default=365, ge=1, description="Age of a post, in days, up to which new comments on it are noticed."
    )
    max_pages: int = Field(default=500, ge=1, description="Pages after which a listing counts as endless.")


class Graph(facebook.GraphAPI):  # type: ignore[misc] # the SDK has no types
    """facebook-sdk on today's Graph. Everything in it calls :meth:`request`, which is ours."""

    def __init__(self, token: str, api_version: str, base_url: str | None = None) -> None:
        super().__init__(access_token=token, timeout=TIMEOUT, session=transport.open_session(base_url))
        self.version = f"v{api_version}"  # its constructor knows versions up to 3.1 only
        self._base = (base_url or GRAPH).rstrip("/")

    def __repr__(self) -> str:
        return f"Graph({self.version})"

    def request(
        self,
        path: str,
        args: Mapping[str, object] | None = None,
        post_args: Mapping[str, object] | None = None,
        files: Any = None,
        method: str | None = None,
    ) -> dict[str, object]:
        """Send one request and return the JSON object.

        Raises :class:`connectors.transport.StatusError` with status, headers and Graph's error for an
        error, whatever the HTTP status and the content type say.
        """
        token = {"access_token": self.access_token}
        response = self.session.request(
            "POST" if post_args is not None else method or "GET",
            f"{self._base}/{path.lstrip('/')}",
            params={**(args or {}), **(token if post_args is None else {})},
            data=None if post_args is None else {**post_args, **token},
            files=files,
            timeout=self.timeout,
            allow_redirects=False,
        )
        answer = transport.json_answer(response, "Facebook")
        if answer.get("error"):
            raise transport.StatusError(response.status_code, response.headers, answer)
        return answer


class Connector:
    """One Page. Needs the Page's own token with pages_read_engagement and pages_read_user_content."""

    platform: ClassVar[str] = "facebook"

    def __init__(self, options: Options, context: ConnectorContext) -> None:
        self._options = options
        self._page = context.identity.external_id
        self._graph = Graph(context.token, options.api_version, context.base_url)

    def capabilities(self) -> Capabilities:
        """Reading works; acts are done by hand on Facebook in this version."""
        unbuilt = "This version reads Facebook and does not write to it yet."
        return {
            Capability.READ_COMMENTS: None,
            Capability.READ_MENTIONS: Missing(
                "Posts elsewhere that tag the Page are not read yet.",
                "Look at the Page's notifications on Facebook every school day.",
            ),
            Capability.READ_MESSAGES: Missing(
                "The Page's inbox is not read yet.", "Look into the Page's inbox every school day."
            ),
            Capability.SEE_OWN_REPLIES: None,
            Capability.REPLY: Missing(
                unbuilt, "Open the item's link and reply as the Page; the next poll recognises the reply."
            ),
            Capability.HIDE: Missing(unbuilt, "Open the item's link and choose Hide comment."),
            Capability.DELETE: Missing(unbuilt, "Open the item's link and choose Delete."),
            Capability.BLOCK: Missing(unbuilt, "Open the item's link and choose Block from Page."),
            Capability.REPORT: Missing(
                "Facebook takes no reports by program.", "Open the item's link and choose Report comment."
            ),
        }

    def streams(self) -> tuple[str, ...]:
        """Name the Page's own posts and what visitors posted, each with the comments under them."""
        return tuple(EDGES)

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        """Read one stream: 1. prove whose token it is, 2. list posts, 3. read comments that may be new."""
        if stream not in EDGES:
            raise BugOrConfig(f"Facebook has no stream of this name; it has {', '.join(EDGES)}.")
        self._prove_page(now)
        known = state.get("posts")
        known = known if isinstance(known, Mapping) else None
        since = watermark(
            state,
            now,
            timedelta(hours=self._options.overlap_hours),
            timedelta(days=self._options.first_poll_days),
        )
        by_page = stream == "page_posts"
        read = partial(answers.post, page=self._page, by_page=by_page)
        listed: dict[str, list[object]] = {}
        for listing in self._posts(stream, now):
            posts = [post for post in listing if by_page or answers.author_id(post) != self._page]
            yield Page(*fields.sort_out(posts, read, answers.id_of_broken))
            for post in fields.mappings_in(posts):
                post_id = fields.known_identifier(post)
                if post_id is None:
                    continue  # it waits for a person already
                mark = answers.mark(post)
                if answers.moved_since(post, since) or (known is not None and known.get(post_id) != mark):
                    yield from self._comments(post_id, now)
                listed[post_id] = mark
        yield Page(cursor=completed(now, posts=listed))

    def _prove_page(self, now: datetime) -> None:
        """Make sure that the token is the Page's own: with a person's, Graph just lists nothing."""
        answer = self._ask("me", None, {"fields": "id"}, now)
        owner = fields.known_identifier(answer)
        if owner is None:
            raise BadResponse("Facebook did not say whose token this is. The next poll tries again.")
        if owner != self._page:
            raise PermissionMissing(
                "The token is not the Page's own, so Facebook would show no comments. Put the Page access "
                "token (not a person's) in the account's token file, and see that the Page id in the "
                "settings is right."
            )

    def _posts(self, stream: str, now: datetime) -> Iterator[list[object]]:
        """Yield the posts, newest first, until all of an answer's are older than we look."""
        horizon = now - timedelta(days=self._options.post_days)
        for posts in self._listing(self._page, EDGES[stream], {"fields": _POST_FIELDS, "limit": "50"}, now):
            yield posts
            if posts and not any(answers.moved_since(post, horizon) for post in posts):
                return

    def _comments(self, post_id: str, now: datetime) -> Iterator[Page]:
        """Yield all comments under a post, at every level, in the order of time."""
        asked = {
            "filter": "stream",
            "order": "chronological",
            "fields": _COMMENT_FIELDS,
            "limit": "100",
        }
        threads: dict[str, str] = {}
        read = partial(answers.comment, page=self._page, post_id=post_id, threads=threads)
        try:
            for comments in self._listing(post_id, "comments", asked, now):
                yield Page(*fields.sort_out(comments, read, answers.id_of_broken))
        except NotFound:
            gone = "comments: Facebook lists this post and does not show the comments under it"
            yield Page(rejected=(Rejected(answers.own_part(post_id), gone),))

    def _listing(self, of: str, edge: str, asked: Mapping[str, str], now: datetime) -> Iterator[list[object]]:
        """Yield the entries of every answer. Only an absent ``paging.next`` is the end."""
        seen: set[str] = set()
        parameters = dict(asked)
        while True:
            answer = self._ask(of, edge, parameters, now)
            entries = answer.get("data")
            if not isinstance(entries, list):
                raise BadResponse(
                    "Facebook answered with something else than a list. The next poll tries again."
                )
            yield entries
            query = transport.next_page("Facebook", answers.next_query(answer), seen, self._options.max_pages)
            if query is None:
                return
            parameters = {**asked, **dict(parse_qsl(query))}

    def _ask(self, of: str, edge: str | None, parameters: Mapping[str, str], now: datetime) -> Answer:
        def call() -> dict[str, object]:
            if edge is None:
                answer: dict[str, object] = self._graph.get_object(of, **parameters)
            else:
                answer = self._graph.get_connections(of, edge, **parameters)
            return answer

        return transport.ask("Facebook", call, lambda refusal: answers.problem(refusal, now))
