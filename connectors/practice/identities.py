"""Who the practice platforms are about, and the words that open them.

The school is invented. Connectors never import this module: they are given the same values by the
settings, exactly as they would be given those of a real account.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Platform(StrEnum):
    """A platform that the practice server speaks for."""

    FACEBOOK = "facebook"
    X = "x"
    YOUTUBE = "youtube"
    INSTAGRAM = "instagram"


SCHOOL = "school"
"""The author key that means the school itself, in every content file."""

HIDDEN = "hidden"
"""The author key of somebody whom the platform does not name (a private profile, a closed account)."""

SCHOOL_NAME = "Oakfield Academy"
SCHOOL_HANDLE = "OakfieldAcademy"

X_USER_ID = "7700900100"
FACEBOOK_PAGE_ID = "104500770090010"
INSTAGRAM_ACCOUNT_ID = "17841400770090010"
YOUTUBE_CHANNEL_ID = "UCOakfieldAcademyPractice"
YOUTUBE_UPLOADS_ID = "UUOakfieldAcademyPractice"
"""The playlist that holds every video of the channel, as on YouTube."""

ACCOUNT_IDS = {
    Platform.FACEBOOK: FACEBOOK_PAGE_ID,
    Platform.X: X_USER_ID,
    Platform.YOUTUBE: YOUTUBE_CHANNEL_ID,
    Platform.INSTAGRAM: INSTAGRAM_ACCOUNT_ID,
}

BASE_PATHS = {
    Platform.FACEBOOK: "",
    Platform.X: "",
    Platform.YOUTUBE: "",
    Platform.INSTAGRAM: "/instagram",
}
"""What follows the server's address in a platform's base URL. Facebook and Instagram speak the same Graph
API at the same paths, so Instagram has a base path of its own."""

TOKEN = "practice-token"  # noqa: S105 - opens nothing but the practice server
"""Access token on every practice platform, and the refresh token for Google's ``/token``."""

EXPIRED_TOKEN = "expired-token"  # noqa: S105 - opens nothing at all
"""A token that every practice platform answers as expired."""

USER_TOKEN = "user-token"  # noqa: S105 - opens nothing but the practice server
"""A Facebook user's token where the Page's belongs: comments then come back empty, with status 200."""

WEEK_START = datetime(2026, 11, 16, tzinfo=UTC)
WEEK = timedelta(days=7)
"""The sample week. Lines of a content file that do not say when they arrive are spread over it."""
