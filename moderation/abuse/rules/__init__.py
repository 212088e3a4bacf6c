"""The rules, one file for each thing they look for. Their order lives in ``moderation.abuse.ruleset``."""
