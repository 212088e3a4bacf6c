"""What works on a Page, and in plain words why the rest does not and what a person does instead."""

from __future__ import annotations

from connectors.base import Capabilities, Capability, Missing

SCOPES = {
    Capability.READ_COMMENTS: {"pages_read_engagement", "pages_read_user_content"},
    Capability.READ_MENTIONS: {"pages_read_engagement", "pages_read_user_content"},
    Capability.READ_REVIEWS: {"pages_read_user_content"},
    Capability.READ_MESSAGES: {"pages_messaging"},
    Capability.REPLY: {"pages_read_engagement", "pages_manage_engagement"},
    Capability.HIDE: {"pages_manage_engagement"},
    Capability.UNHIDE: {"pages_manage_engagement"},
    Capability.DELETE: {"pages_manage_engagement"},
}
"""The permissions that each capability takes; blocking takes no other than the Page's own token."""

_REVIEW = "Open the review's link and answer or report it there."

CAPABILITIES: Capabilities = {
    Capability.READ_COMMENTS: None,
    Capability.READ_MENTIONS: Missing(
        "Posts elsewhere that tag the Page are read; comments elsewhere that name it are not shown "
        "to programs.",
        "Look at the Page's notifications on Facebook every school day.",
        partly=True,
    ),
    Capability.READ_MESSAGES: Missing(
        "Facebook tells the words of the 20 newest messages of a conversation only.",
        "When more come between two polls, you are told, and read them in the Page's inbox.",
        partly=True,
    ),
    Capability.READ_REVIEWS: None,
    Capability.SEE_OWN_REPLIES: None,
    Capability.SEE_EDITS: Missing(
        "Facebook does not mark edits: they are noticed when a comment is read again.",
        "Open the item's link to see its words of now.",
        partly=True,
    ),
    Capability.SEE_DELETIONS: Missing(
        "Facebook marks no deletions, and what people who blocked the Page wrote vanishes in the same way. "
        "The daily sweep looks up what is missing, and calls deleted only what is proven to be.",
        "Where it says unknown, open the item's link without being signed in as the school.",
        partly=True,
    ),
    Capability.REPLY: Missing(
        "Messages can be answered for 24 hours after the person's last one.",
        "After that, answer in the Page's inbox.",
        partly=True,
    ),
    Capability.HIDE: Missing("Only comments and posts on the Page can be hidden.", _REVIEW, partly=True),
    Capability.UNHIDE: Missing(
        "Only comments and posts on the Page can be shown again.", _REVIEW, partly=True
    ),
    Capability.DELETE: Missing("Only comments and posts on the Page can be deleted.", _REVIEW, partly=True),
    Capability.BLOCK: None,
    Capability.UNBLOCK: None,
    Capability.REPORT: Missing(
        "Facebook takes no reports by program.", "Open the item's link and choose Report comment."
    ),
}


def lacking_without(granted: tuple[str, ...] | None) -> tuple[Capability, ...]:
    """Return what a token with these permissions leaves out; nothing is known of one that says none."""
    if granted is None:
        return ()
    return tuple(able for able, needed in SCOPES.items() if not needed <= set(granted))
