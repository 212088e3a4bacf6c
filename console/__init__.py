"""Where moderators work."""
