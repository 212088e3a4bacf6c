"""The settings that reading needs on every platform. A platform adds its own, or writes one of these anew."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ReadingOptions(BaseModel):
    """How far back an account is read. A platform that reaches less far, or has to reach further, says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    overlap_hours: float = Field(
        default=2, ge=0.1, le=168, description="Hours before the last complete poll that are read again."
    )
    first_poll_days: int = Field(
        default=30, ge=1, le=365, description="Days that the very first poll reads back."
    )
    sweep_days: int = Field(
        default=7, ge=1, le=90, description="Days that the daily sweep reads again in full."
    )
    max_pages: int = Field(default=500, ge=1, description="Pages after which a listing counts as endless.")
