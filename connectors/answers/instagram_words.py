"""What works on Instagram, and in plain words why the rest does not and what a person does instead."""

from __future__ import annotations

from connectors.base import Capabilities, Capability, Missing

_COMMENTS = (
    Capability.SEE_OWN_REPLIES,
    Capability.REPLY,
    Capability.HIDE,
    Capability.UNHIDE,
    Capability.DELETE,
)
_NEEDED_FOR = {
    "instagram_basic": (Capability.READ_COMMENTS, Capability.READ_MENTIONS, *_COMMENTS),
    "instagram_manage_comments": _COMMENTS,
    "instagram_manage_messages": (Capability.READ_MESSAGES, Capability.BLOCK, Capability.UNBLOCK),
}
"""What each permission of a Page's token is needed for."""

_BY_HAND = "Open the author's profile from the item's link and choose Block or Restrict there."
_ONLY_MESSAGES = Missing(
    "Instagram lets a program block only who wrote a private message, not who wrote a comment.",
    _BY_HAND,
    partly=True,
)
_NO_BLOCKING = Missing("With Instagram Login nobody can be blocked by program.", _BY_HAND)


def lacking_without(granted: tuple[str, ...] | None) -> tuple[Capability, ...]:
    """Return what a token with these permissions leaves out; nothing is known of one that says none."""
    if granted is None:
        return ()
    lacking = [needed for scope, needed in _NEEDED_FOR.items() if scope not in granted]
    return tuple(dict.fromkeys(each for needed in lacking for each in needed))


def capabilities(*, by_page: bool) -> Capabilities:
    """Return every capability; ``by_page`` says that the token is that of the account's Page."""
    blocking = _ONLY_MESSAGES if by_page else _NO_BLOCKING
    return {
        Capability.READ_COMMENTS: None,
        Capability.READ_MENTIONS: Missing(
            "Instagram lists the photos and videos that tag the account; where somebody only writes the "
            "account's name, it tells programs on the internet alone, which this one is not.",
            "Look at the account's activity on Instagram every school day.",
            partly=True,
        ),
        Capability.READ_MESSAGES: Missing(
            "Instagram shows the 20 newest messages of a conversation, and no request that lay still for 30 "
            "days.",
            "When the status page says that messages were missed, open the account's inbox.",
            partly=True,
        ),
        Capability.READ_REVIEWS: Missing("Instagram has no reviews.", "There is nothing to do."),
        Capability.SEE_OWN_REPLIES: None,
        Capability.SEE_EDITS: Missing(
            "Comments on Instagram cannot be edited; that a caption or message was, it does not say.",
            "Open the item's link to see the words of today.",
            partly=True,
        ),
        Capability.SEE_DELETIONS: Missing(
            "Instagram marks no deletions, and comments of people who blocked the account vanish in the same "
            "way. The daily sweep looks up what is missing, and calls deleted only what is proven to be.",
            "Open the item's link and see whether it is still there.",
            partly=True,
        ),
        Capability.REPLY: Missing(
            "Instagram takes answers to a private message for 24 hours after the person's last one, and none "
            "to a comment that is hidden or was made in a live broadcast.",
            "Open the item's link and answer on Instagram; the next poll recognises the answer.",
            partly=True,
        ),
        Capability.HIDE: None,
        Capability.UNHIDE: None,
        Capability.DELETE: None,
        Capability.BLOCK: blocking,
        Capability.UNBLOCK: blocking,
        Capability.REPORT: Missing(
            "Instagram takes no reports by program.", "Open the item's link and choose Report."
        ),
    }
