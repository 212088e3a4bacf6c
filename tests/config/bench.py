"""A settings file that works, to be bent by the tests."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from config.settings import Settings, SettingsError, parse

Bent = Callable[[dict[str, Any]], object]

WORKING: dict[str, Any] = {
    "schools": [{"id": "oakfield", "name": "Oakfield Academy", "nation": "ENG"}],
    "people": [
        {
            "name": "priya",
            "full_name": "Priya Raman",
            "email": "p.raman@oakfield.example",
            "roles": ["moderator"],
        },
        {
            "name": "tom",
            "full_name": "Tom Ashdown",
            "email": "t.ashdown@oakfield.example",
            "roles": ["moderator"],
        },
        {
            "name": "miriam",
            "full_name": "Miriam Osei",
            "email": "m.osei@oakfield.example",
            "roles": ["dsl", "slt"],
        },
        {
            "name": "gareth",
            "full_name": "Gareth Pryce",
            "email": "g.pryce@oakfield.example",
            "roles": ["deputy_dsl"],
        },
        {
            "name": "helen",
            "full_name": "Helen Marchetti",
            "email": "head@oakfield.example",
            "roles": ["headteacher"],
        },
        {
            "name": "dev",
            "full_name": "Dev Chaudhary",
            "email": "it@oakfield.example",
            "roles": ["network_manager"],
        },
    ],
    "accounts": [
        {
            "name": "oakfield-x",
            "platform": "x",
            "school": "oakfield",
            "external_id": "7700900100",
            "approved_by": "Helen Marchetti",
            "approved_on": "2026-09-07",
            "staff": ["priya", "tom"],
            "go_live": "2026-11-16T00:00:00Z",
            "base_url": "http://127.0.0.1:8765",
        }
    ],
}

FULL: dict[str, Any] = {
    **WORKING,
    "data_folder": "data",
    "database_url": "postgresql://db/socialduty",
    "redis_url": "redis://redis:6379/0",
    "log_level": "info",
    "schools": [
        {
            **WORKING["schools"][0],
            "cover_days": ["2026-12-30"],
            "policy_version": "2",
            "target": {
                "hours": 24,
                "mode": "pause",
                "weekend": [5, 6],
                "floor": False,
                "next_day_time": "23:59:59",
            },
            "staffed_hours": {"start": "08:00", "end": "17:00"},
        }
    ],
    "people": [
        {
            **WORKING["people"][0],
            "phone": "07700 900101",
            "known_as": ["Miss Priya"],
            "hours": {"friday": ["08:00", "12:30"]},
            "away": [{"first": "2027-02-15", "last": "2027-02-19"}],
        },
        *WORKING["people"][1:],
    ],
    "rota": [
        {
            "person": "miriam",
            "school": "oakfield",
            "weekdays": ["monday"],
            "start": "17:00",
            "end": "08:00",
            "first": "2026-09-01",
            "last": "2027-07-21",
        },
        {"person": "gareth", "second": True},
    ],
    "sms": {"provider": "outbox", "fallback": "none"},
    "alerts": {"public_url": "https://sm.oakfield.example", "link_hours": 72, "heartbeat_at": "08:00"},
    "escalation": {
        "severe": [
            {"after_minutes": 0, "who": ["dsl", "on_duty"], "every_minutes": 15, "repeats": 3},
            {"after_minutes": 60, "who": ["slt"], "every_minutes": 60},
        ]
    },
    "scoring": {"mode": "linear"},
    "email": {
        "transport": "smtp",
        "host": "mail",
        "port": 1025,
        "security": "none",
        "plain_hosts": ["mail"],
        "sender": "socialduty@oakfield.example",
    },
    "report": {"folder": "reports", "send_at": "07:00", "weekday": 0},
    "console": {"host": "127.0.0.1", "port": 8080},
}
"""The same with nearly every setting in it."""


def toml(value: object) -> str:
    """Write a value as TOML, tables inline."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case date() | datetime() | time():
            return value.isoformat()
        case list():
            return "[" + ", ".join(toml(one) for one in value) + "]"
        case dict():
            return "{" + ", ".join(f"{toml(str(key))} = {toml(one)}" for key, one in value.items()) + "}"
        case _:
            return json.dumps(str(value), ensure_ascii=False)


def text_of(tables: dict[str, Any]) -> str:
    """Write a whole file."""
    return "\n".join(f"{toml(key)} = {toml(value)}" for key, value in tables.items())


class Bench:
    """Bends the working settings and reads them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, bend: Bent = lambda tables: None, *, secrets: bool = True) -> Settings:
        tables = copy.deepcopy(WORKING)
        bend(tables)
        return parse(text_of(tables), self.folder, secrets=secrets)

    def problems(self, bend: Bent) -> dict[str, str]:
        """Return every problem that the bent file has: key to what and remedy."""
        with pytest.raises(SettingsError) as caught:
            self.read(bend)
        found: dict[str, str] = {}
        for problem in caught.value.problems:
            found[problem.key] = f"{found.get(problem.key, '')} {problem.what} {problem.remedy}".strip()
        return found

    def warnings(self, bend: Bent = lambda tables: None) -> dict[str, str]:
        return {warning.key: warning.what for warning in self.read(bend).warnings}

    def file(self, name: str, content: str | bytes, mode: int = 0o600) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(mode)
        return path

    def bent(self, chance: Random, value: object) -> dict[str, Any]:
        """Return the working tables with ``value`` in a place that ``chance`` picks, at any depth."""
        tables: Any = copy.deepcopy(FULL)
        table = tables
        while True:
            key = chance.choice(list(table) if isinstance(table, dict) else range(len(table)))
            inner = table[key]
            if not isinstance(inner, dict | list) or not inner or chance.random() < 0.2:
                table[key] = value
                return dict(tables)
            table = inner
