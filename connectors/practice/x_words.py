"""The two vocabularies of X, and how posts and users are written in either.

X renamed its wire words in 2026: ``tweet.fields`` became ``post.fields`` and so on, between the
versions 2.166 and 2.167 of its own API description. The practice server speaks both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from connectors.practice.wire import Json
from connectors.practice.world import Account, Node

SHORT_TEXT = 280
"""Characters in ``text``; what is longer is cut there and stands whole in the note."""

_JOINED = "2016-09-01T08:00:00.000Z"
EDITABLE = timedelta(hours=1)
EDITS = 5
"""How long, and how often, a post that answers nothing may be edited."""


class Vocabulary(StrEnum):
    """A version of X's API description, as far as its words go."""

    TWEETS = "2.166"
    POSTS = "2.167"


@dataclass(frozen=True, slots=True)
class Words:
    """One vocabulary: what its parameters, fields and values are called, and which ones there are."""

    fields_parameter: str
    history: str
    references: str
    reference_expansion: str
    included: str
    note: str
    reposts: str
    problems: str
    post_fields: frozenset[str]
    expansions: frozenset[str]
    user_fields: frozenset[str]


_SHARED_FIELDS = frozenset(
    {
        "article",
        "attachments",
        "card_uri",
        "community_id",
        "context_annotations",
        "conversation_id",
        "created_at",
        "display_text_range",
        "edit_controls",
        "entities",
        "geo",
        "id",
        "lang",
        "matched_media_notes",
        "media_metadata",
        "non_public_metrics",
        "note_request_suggestions",
        "organic_metrics",
        "paid_partnership",
        "possibly_sensitive",
        "promoted_metrics",
        "public_metrics",
        "reply_settings",
        "scopes",
        "source",
        "suggested_source_links",
        "suggested_source_links_with_counts",
        "text",
        "withheld",
    }
)
_SHARED_EXPANSIONS = frozenset(
    {
        "article.cover_media",
        "article.media_entities",
        "attachments.media_keys",
        "attachments.media_source_tweet",
        "attachments.poll_ids",
        "author_id",
        "entities.mentions.username",
        "geo.place_id",
        "in_reply_to_user_id",
    }
)
_SHARED_USER_FIELDS = frozenset(
    {
        "confirmed_email",
        "connection_status",
        "created_at",
        "description",
        "entities",
        "id",
        "is_identity_verified",
        "location",
        "name",
        "parody",
        "profile_banner_url",
        "profile_image_url",
        "protected",
        "public_metrics",
        "receives_your_dm",
        "subscription",
        "subscription_type",
        "url",
        "username",
        "verified",
        "verified_followers_count",
        "verified_type",
        "withheld",
    }
)

WORDS = {
    Vocabulary.TWEETS: Words(
        fields_parameter="tweet.fields",
        history="edit_history_tweet_ids",
        references="referenced_tweets",
        reference_expansion="referenced_tweets.id",
        included="tweets",
        note="note_tweet",
        reposts="retweet_count",
        problems="https://api.twitter.com/2/problems/",
        post_fields=_SHARED_FIELDS
        | {"author_id", "edit_history_tweet_ids", "in_reply_to_user_id", "note_tweet", "referenced_tweets"},
        expansions=_SHARED_EXPANSIONS
        | {"edit_history_tweet_ids", "entities.note.mentions.username", "referenced_tweets.id"}
        | {"referenced_tweets.id.attachments.media_keys", "referenced_tweets.id.author_id"},
        user_fields=_SHARED_USER_FIELDS | {"affiliation", "most_recent_tweet_id", "pinned_tweet_id"},
    ),
    Vocabulary.POSTS: Words(
        fields_parameter="post.fields",
        history="edit_history_post_ids",
        references="referenced_posts",
        reference_expansion="referenced_posts",
        included="posts",
        note="note_post",
        reposts="repost_count",
        problems="https://api.x.com/2/problems/",
        post_fields=_SHARED_FIELDS | {"article_title", "note_post"},
        expansions=_SHARED_EXPANSIONS | {"edit_history_post_ids", "referenced_posts", "username"},
        user_fields=_SHARED_USER_FIELDS | {"subscribes_to_you"},
    ),
}


@dataclass(frozen=True, slots=True)
class Selection:
    """What a request wants to see. Field and expansion names are those of the older vocabulary."""

    words: Words
    post_fields: frozenset[str] = frozenset()
    expansions: frozenset[str] = frozenset()
    user_fields: frozenset[str] = frozenset()

    @property
    def shown(self) -> frozenset[str]:
        """The fields to write: those asked for, and those that an expansion brings along."""
        brought = {
            "author_id": {"author_id"},
            "in_reply_to_user_id": {"in_reply_to_user_id"},
            "referenced_tweets.id": {"referenced_tweets"},
            "referenced_tweets.id.author_id": {"referenced_tweets"},
            "entities.mentions.username": {"entities"},
        }
        return self.post_fields.union(*(brought.get(name, set()) for name in self.expansions))


def older_names(names: Iterable[str]) -> frozenset[str]:
    """Return field and expansion names in the words of the older vocabulary."""
    renamed = {
        "note_post": "note_tweet",
        "edit_history_post_ids": "edit_history_tweet_ids",
        "referenced_posts": "referenced_tweets.id",
    }
    return frozenset(renamed.get(name, name) for name in names)


def user(account: Account, fields: frozenset[str]) -> Json:
    """Write a user: id, name and handle always, of the rest what was asked for and is known."""
    known = {"created_at": _JOINED, "protected": False, "verified": False, "verified_type": "none"}
    basics = {"id": account.id, "name": account.name, "username": account.handle}
    return basics | {name: value for name, value in known.items() if name in fields}


@dataclass(frozen=True, slots=True)
class Counts:
    """How often a post was answered and quoted."""

    replies: int = 0
    quotes: int = 0


def post(
    node: Node, selection: Selection, version: str | None = None, counts: Counts | None = None
) -> dict[str, Json]:
    """Write a post: id, text and edit history always, of the rest what was asked for and is there.

    ``version`` is one of its ids, the newest without; each version keeps its own words.
    """
    words, shown = selection.words, selection.shown
    name = version or node.id
    whole, at = node.words_of(name)
    is_long = len(whole) > SHORT_TEXT
    text = whole[: SHORT_TEXT - 1] + "…" if is_long else whole
    written: dict[str, Json] = {"id": name, "text": text, words.history: list(node.ids)}
    facts = _facts(node, at) | {"public_metrics": _metrics(counts or Counts(), words)}
    written |= {each: value for each, value in facts.items() if each in shown}
    if "entities" in shown and node.mentions:
        written["entities"] = {"mentions": _mentions(node, text)}
    if "referenced_tweets" in shown and (references := referenced(node)):
        written[words.references] = [{"type": kind, "id": each} for each, (kind, _) in references.items()]
    if "note_tweet" in shown and is_long:
        entities = {"entities": {"mentions": _mentions(node, whole)}} if node.mentions else {}
        written[words.note] = {"text": whole} | entities
    return written


def referenced(node: Node) -> dict[str, tuple[str, Node]]:
    """Return what a post answers and quotes, by the id that it had then, with the kind of reference."""
    named = {"replied_to": node.parent, "quoted": node.quoted}
    return {other.id_at(node.order): (kind, other) for kind, other in named.items() if other is not None}


def _metrics(counts: Counts, words: Words) -> Json:
    nothing = dict.fromkeys([words.reposts, "like_count", "bookmark_count", "impression_count"], 0)
    return nothing | {"reply_count": counts.replies, "quote_count": counts.quotes}


def _facts(node: Node, at: datetime) -> dict[str, Json]:
    facts: dict[str, Json] = {
        "author_id": node.author.id,
        "conversation_id": node.post.first_id,
        "created_at": wire_time(at),
        "edit_controls": {
            "edits_remaining": max(0, EDITS + 1 - len(node.ids)),
            "is_edit_eligible": node.parent is None,
            "editable_until": wire_time(node.at + EDITABLE),
        },
        "lang": "en",
        "possibly_sensitive": False,
        "reply_settings": "everyone",
    }
    if node.parent is not None:
        facts["in_reply_to_user_id"] = node.parent.author.id
    return facts


def wire_time(at: datetime) -> str:
    """Write a time as X does: UTC with milliseconds and a ``Z``."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _mentions(node: Node, text: str) -> list[Json]:
    """Write who is named; somebody whose handle does not stand in the text gets a span of no width."""
    return [_mention(account, text) for account in node.mentions]


def _mention(account: Account, text: str) -> Json:
    found = re.search(f"@{account.handle}\\b", text, re.IGNORECASE | re.ASCII)
    start, end = found.span() if found else (0, 0)
    return {"start": start, "end": end, "username": account.handle, "id": account.id}
