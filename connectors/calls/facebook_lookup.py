"""Where an item of a Page is now: asking Facebook for it by id, and proving that it is gone.

Graph answers "gone" and "not shown to you" with the same error. Gone is therefore only what is left out of a
list that Graph does show: of the comments under its post, of the messages of its conversation, of the
reviews; a post, when the Page is published and its other posts are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from connectors.answers import facebook as answers
from connectors.answers import facebook_messages, fields
from connectors.base import BugOrConfig, NotFound, PermissionMissing, Refused, found
from connectors.calls.graph import Client
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

_COMMENTS = frozenset({ItemKind.COMMENT, ItemKind.REPLY})


class Lookup:
    """Looks for items of one Page at one moment. What it has listed once, it does not list again."""

    def __init__(self, client: Client, page: str, now: datetime) -> None:
        self._client = client
        self._page = page
        self._now = now
        self._comments: dict[str, dict[str, Answer] | None] = {}
        self._reviews: dict[str, Answer] | None = None
        self._shows_posts: bool | None = None

    def where(self, reference: Reference) -> Found:
        """Say where an item is."""
        if reference.kind is ItemKind.REVIEW:
            return self._review(reference)
        entry = self.node(reference, self.fields_of(reference))
        if entry is not None:
            return self._shown(reference, entry)
        match reference.kind:
            case ItemKind.COMMENT | ItemKind.REPLY:
                return self._missing_comment(reference)
            case ItemKind.MESSAGE:
                return self._missing_message(reference)
            case ItemKind.POST if self._posts_are_shown():
                return Found(reference.external_id, Presence.DELETED)
            case _:
                return Found(reference.external_id, Presence.UNKNOWN)

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

    def _missing_comment(self, reference: Reference) -> Found:
        """Tell from the comments under its post what became of one that Graph does not show."""
        listed = self._comments_under(reference.post_id) if reference.post_id else None
        if listed is not None:
            entry = listed.get(reference.external_id)
            if entry is not None:
                return self._shown(reference, entry)
            return Found(reference.external_id, Presence.DELETED)
        elsewhere = reference.post_id is None or "_" in reference.post_id
        gone_with_post = not elsewhere and self._posts_are_shown() and not self._post_is_shown(reference)
        return Found(reference.external_id, Presence.DELETED if gone_with_post else Presence.UNKNOWN)

    def _post_is_shown(self, reference: Reference) -> bool:
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
            except (NotFound, PermissionMissing, BugOrConfig):
                continue
            return {answers.id_of_broken(each) or "": each for each in fields.mappings_in(listed)}
        return None

    def _listing(self, name: str, edge: str, asked: Mapping[str, object]) -> Iterator[list[object]]:
        return self._client.listing(name, edge, asked, self._now)

    def _missing_message(self, reference: Reference) -> Found:
        """Tell from the ids of its conversation: Graph lists those of all messages, not only the newest."""
        try:
            asked = {"fields": "id", "limit": 100}
            pages = list(self._listing(reference.thread_id, "messages", asked))
        except (NotFound, PermissionMissing, Refused):
            return Found(reference.external_id, Presence.UNKNOWN)
        ids = {fields.known_identifier(each) for page in pages for each in page}
        if reference.external_id in ids:
            return Found(reference.external_id, Presence.PRESENT)
        return Found(reference.external_id, Presence.DELETED if ids else Presence.UNKNOWN)

    def _review(self, reference: Reference) -> Found:
        if self._reviews is None:
            asked = {"fields": REVIEW_FIELDS, "limit": 50}
            listed = [each for page in self._listing(self._page, "ratings", asked) for each in page]
            self._reviews = {
                answers.id_of_broken_review(each) or "": each for each in fields.mappings_in(listed)
            }
        entry = self._reviews.get(reference.external_id)
        if entry is None:
            still = not self._reviews or self.first_shown((reference.external_id,), "id") is not None
            return Found(reference.external_id, Presence.UNKNOWN if still else Presence.DELETED)
        try:
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
            except (NotFound, PermissionMissing):
                self._shows_posts = False
            else:
                self._shows_posts = page.get("is_published") is True and bool(posts.get("data"))
        return self._shows_posts
