"""Where an item of a Page is now: asking Facebook for it by id, and proving that it is gone.

Graph answers "gone" and "not shown to you" with the same error, and its lists leave out what people wrote who
blocked the Page. Gone is therefore only what is left out of a list that withholds nothing of its author:

- a comment, when others of the same person are listed under the post, or as many comments as Graph counts;
- a message, when older ones of its conversation are listed, or as many as Graph counts;
- a post of the Page itself, with its comments, when the Page is published and its other posts are shown.

A visitor's post or a review that is not shown may be either, so it stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from connectors.answers import facebook as answers
from connectors.answers import facebook_messages, fields
from connectors.base import BugOrConfig, NotFound, PermissionMissing, Refused, found
from connectors.calls.graph import REFUSALS, Client
from moderation.items import Found, ItemKind, Presence, Reference, Sighting

Answer = Mapping[str, object]

POST_FIELDS = (
    "id,message,story,created_time,updated_time,from,permalink_url,message_tags,is_hidden,is_published"
)
COMMENT_FIELDS = (
    "id,message,created_time,from,parent{id,parent{id}},permalink_url,message_tags,attachment{type},is_hidden"
)
REVIEW_FIELDS = (
    "created_time,has_rating,has_review,rating,recommendation_type,review_text,reviewer{id,name},"
    "open_graph_story{id}"
)

COUNT = "comments.filter(stream).limit(0).summary(true)"
"""How the number of comments under a post is asked for; it counts those too that are not shown to us."""

_COMMENTS = frozenset({ItemKind.COMMENT, ItemKind.REPLY})


class Lookup:
    """Looks for items of one Page at one moment. What it has listed once, it does not list again."""

    def __init__(
        self, client: Client, page: str, now: datetime, references: Iterable[Reference] = ()
    ) -> None:
        self._client = client
        self._page = page
        self._now = now
        self._own_posts = {each.external_id for each in references if self._is_own_post(each)}
        self._comments: dict[str, dict[str, Answer] | None] = {}
        self._reviews: dict[str, Answer] | None = None
        self._shows_posts: bool | None = None

    def where(self, reference: Reference) -> Found:
        """Say where an item is."""
        if reference.kind is ItemKind.REVIEW:
            return self._review(reference)
        try:
            entry = self.node(reference, self.fields_of(reference))
        except (PermissionMissing, Refused, BugOrConfig):  # of this one item, which then costs no other
            return Found(reference.external_id, Presence.UNKNOWN)
        return self._missing(reference) if entry is None else self._shown(reference, entry)

    def node(self, reference: Reference, asked: str) -> Answer | None:
        """Return what Graph shows of an item, ``None`` when it shows nothing under any of its names."""
        return self.first_shown(self.names_of(reference), asked)

    def first_shown(self, names: tuple[str, ...], asked: str) -> Answer | None:
        """Return the first thing that Graph shows under one of these names."""
        for place, name in enumerate(names):
            try:
                return self._client.get(name, {"fields": asked}, self._now)
            except NotFound:
                continue
            except BugOrConfig:
                if place == 0 and asked != facebook_messages.MESSAGE_FIELDS:
                    raise  # a later name may be another kind of thing; old messages are refused as they like
        return None

    def fields_of(self, reference: Reference) -> str:
        """Return the fields to ask for, by the kind of item."""
        if reference.kind is ItemKind.MESSAGE:
            return facebook_messages.MESSAGE_FIELDS
        return COMMENT_FIELDS if reference.kind in _COMMENTS else POST_FIELDS

    def names_of(self, reference: Reference) -> tuple[str, ...]:
        """Return what Graph may call an item: the form that it writes itself first."""
        name = reference.external_id
        match reference.kind:
            case ItemKind.POST:
                return self.posts_names(name)
            case ItemKind.COMMENT | ItemKind.REPLY if reference.post_id:
                return (f"{answers.own_part(reference.post_id)}_{name}", name)
            case _:
                return (name,)

    def posts_names(self, post_id: str) -> tuple[str, ...]:
        """Return what Graph may call a post, photo, video or review."""
        return (post_id,) if "_" in post_id else (f"{self._page}_{post_id}", post_id)

    def read(self, reference: Reference, entry: Answer) -> Sighting:
        """Read what Graph shows of an item. Raises :class:`connectors.answers.fields.FieldError`."""
        match reference.kind:
            case ItemKind.COMMENT | ItemKind.REPLY:
                threads = {reference.parent_id: reference.thread_id} if reference.parent_id else {}
                return answers.comment(entry, self._page, reference.post_id or "", threads)
            case ItemKind.MESSAGE:
                return facebook_messages.message(entry, self._page, reference.thread_id, reference.permalink)
            case ItemKind.MENTION:
                return answers.mention(entry, self._page)
            case _:
                return answers.post(entry, self._page, by_page=reference.author_id == self._page)

    def _shown(self, reference: Reference, entry: Answer) -> Found:
        try:
            return found(reference, self.read(reference, entry))
        except fields.FieldError:
            return Found(reference.external_id, Presence.UNKNOWN)

    def _missing(self, reference: Reference) -> Found:
        match reference.kind:
            case ItemKind.COMMENT | ItemKind.REPLY:
                return self._missing_comment(reference)
            case ItemKind.MESSAGE:
                return self._missing_message(reference)
            case ItemKind.POST if self._is_own_post(reference) and self._posts_are_shown():
                return Found(reference.external_id, Presence.DELETED)
            case _:
                return Found(reference.external_id, Presence.UNKNOWN)

    def _missing_comment(self, reference: Reference) -> Found:
        """Tell from the comments under its post what became of one that Graph does not show."""
        listed = self._comments_under(reference.post_id) if reference.post_id else None
        if listed is not None:
            entry = listed.get(reference.external_id)
            if entry is not None:
                return self._shown(reference, entry)
            gone = self._nothing_is_withheld(reference, listed)
            return Found(reference.external_id, Presence.DELETED if gone else Presence.UNKNOWN)
        under_own = reference.post_id in self._own_posts
        gone_with_post = under_own and self._posts_are_shown() and not self._post_is_shown(reference)
        return Found(reference.external_id, Presence.DELETED if gone_with_post else Presence.UNKNOWN)

    def _is_own_post(self, reference: Reference) -> bool:
        """Say whether it is a post of the Page itself: nobody who wrote it can have blocked the Page."""
        return reference.kind is ItemKind.POST and reference.author_id == self._page

    def _nothing_is_withheld(self, reference: Reference, listed: Mapping[str, Answer]) -> bool:
        """Say whether a list would have shown the item: its author's others are there, or all that count."""
        shown = {answers.author_id(each) for each in listed.values()}
        if listed and reference.author_id is not None and reference.author_id in {*shown, self._page}:
            return True
        try:
            post = self.first_shown(self.posts_names(reference.post_id or ""), f"id,{COUNT}")
        except (PermissionMissing, Refused, BugOrConfig):
            return False
        return post is not None and answers.number_of_comments(post) == len(listed)

    def _post_is_shown(self, reference: Reference) -> bool:
        """Say whether Graph shows the post that a comment is under."""
        return self.first_shown(self.posts_names(reference.post_id or ""), "id") is not None

    def _comments_under(self, post_id: str) -> dict[str, Answer] | None:
        """Return all comments under a post by id, ``None`` when Graph does not show them."""
        if post_id not in self._comments:
            self._comments[post_id] = self._list_comments(post_id)
        return self._comments[post_id]

    def _list_comments(self, post_id: str) -> dict[str, Answer] | None:
        asked = {"filter": "stream", "live_filter": "no_filter", "fields": COMMENT_FIELDS, "limit": 100}
        for name in self.posts_names(post_id):
            try:
                listed = [each for page in self._listing(name, "comments", asked) for each in page]
            except REFUSALS:
                continue
            return {answers.id_of_broken(each) or "": each for each in fields.mappings_in(listed)}
        return None

    def _listing(self, name: str, edge: str, asked: Mapping[str, object]) -> Iterator[list[object]]:
        return self._client.listing(name, edge, asked, self._now)

    def _missing_message(self, reference: Reference) -> Found:
        """Tell from the ids of its conversation: Graph lists those of all messages, not only the newest.

        A list that does not reach back to the message says nothing.
        """
        try:
            asked = {"fields": "id,created_time", "limit": 100}
            pages = list(self._listing(reference.thread_id, "messages", asked))
        except REFUSALS:  # of a conversation that is gone, any
            return Found(reference.external_id, Presence.UNKNOWN)
        listed = [each for page in pages for each in page]
        if reference.external_id in map(fields.known_identifier, listed):
            return Found(reference.external_id, Presence.PRESENT)
        sent, times = reference.created_at, map(facebook_messages.sent_at, listed)
        reaches = sent is not None and any(time is not None and time <= sent for time in times)
        gone = bool(listed) and (reaches or self._messages_in(reference.thread_id) == len(listed))
        return Found(reference.external_id, Presence.DELETED if gone else Presence.UNKNOWN)

    def _messages_in(self, conversation: str) -> int | None:
        """Return how many messages Graph counts in a conversation, ``None`` when it does not say."""
        try:
            told = self._client.get(conversation, {"fields": "id,message_count"}, self._now)
        except REFUSALS:
            return None
        return facebook_messages.count(told)

    def _review(self, reference: Reference) -> Found:
        if self._reviews is None:
            asked = {"fields": REVIEW_FIELDS, "limit": 50}
            try:
                listed = [each for page in self._listing(self._page, "ratings", asked) for each in page]
            except REFUSALS:
                listed = []
            self._reviews = {
                answers.id_of_broken_review(each) or "": each for each in fields.mappings_in(listed)
            }
        entry = self._reviews.get(reference.external_id)
        try:
            if entry is None:
                return Found(reference.external_id, Presence.UNKNOWN)
            return found(reference, answers.review(entry, self._page))
        except fields.FieldError:
            return Found(reference.external_id, Presence.UNKNOWN)

    def _posts_are_shown(self) -> bool:
        """Say whether the Page is there for everybody and Graph shows its posts to us."""
        if self._shows_posts is None:
            try:
                page = self._client.get(self._page, {"fields": "id,is_published"}, self._now)
                posts = self._client.edge(
                    self._page, "published_posts", {"fields": "id", "limit": 1}, self._now
                )
            except REFUSALS:
                self._shows_posts = False
            else:
                self._shows_posts = page.get("is_published") is True and bool(posts.get("data"))
        return self._shows_posts
