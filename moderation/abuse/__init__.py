"""Scoring an item for abuse and for risk to a child."""
