"""What a model answers about a text: one number for each output, in one fixed order.

The linear model and the encoder share this order, so that their answers can be blended column by column.
"""

from __future__ import annotations

from moderation.assessment import Intent, Label, Route, Severity, Target

ABUSE = 0
"""The column that says whether the author is abusive."""

STEPS: tuple[Severity, ...] = (Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)
"""Severity is asked as four questions: at least low, at least medium (urgent), at least high, critical."""

LABELS: tuple[Label, ...] = tuple(Label)
INTENTS: tuple[Intent, ...] = tuple(Intent)
ROUTES: tuple[Route, ...] = tuple(Route)
TARGETS: tuple[Target, ...] = tuple(Target)

SEVERITY_AT = slice(1, 1 + len(STEPS))
LABELS_AT = slice(SEVERITY_AT.stop, SEVERITY_AT.stop + len(LABELS))
INTENT_AT = slice(LABELS_AT.stop, LABELS_AT.stop + len(INTENTS))
ROUTE_AT = slice(INTENT_AT.stop, INTENT_AT.stop + len(ROUTES))
TARGET_AT = slice(ROUTE_AT.stop, ROUTE_AT.stop + len(TARGETS))

URGENT = SEVERITY_AT.start + STEPS.index(Severity.MEDIUM)
"""The column that says whether a person has to act the same working day."""

WIDTH = TARGET_AT.stop
"""How many numbers a model gives for one text."""

CHOICES: tuple[slice, ...] = (INTENT_AT, ROUTE_AT, TARGET_AT)
"""The columns of which one is chosen; all others are questions with yes or no."""

YES_OR_NO = INTENT_AT.start
"""The first columns, up to here, are questions with yes or no."""
