"""The containers: every lane has its workers, and nobody is given more than is needed."""

from __future__ import annotations

import argparse
import importlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from moderation.tasks import Lane

OURS = "socialduty:"
ALARMS = (Lane.ALERTS, Lane.URGENT, Lane.TEXTS, Lane.MAIL)
"""Everything between an alarm and whoever it is for."""


@pytest.fixture(scope="module")
def compose(root: Path) -> dict[str, Any]:
    """Return docker-compose.yml with its anchors filled in."""
    content: dict[str, Any] = yaml.safe_load((root / "docker-compose.yml").read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the services by name."""
    found: dict[str, dict[str, Any]] = compose["services"]
    return found


@pytest.fixture(scope="module")
def ours(services: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the services that run our own image."""
    return {name: service for name, service in services.items() if service["image"].startswith(OURS)}


@pytest.fixture(scope="module")
def dockerfile(root: Path) -> str:
    """Return the Dockerfile."""
    return (root / "Dockerfile").read_text(encoding="utf-8")


def _arguments(service: dict[str, Any]) -> argparse.Namespace:
    """Read a service's command as our command line would; a wrong one ends the test."""
    name, *words = service["command"]
    parser = argparse.ArgumentParser()
    importlib.import_module(f"workers.commands.{name}").arguments(parser)
    return parser.parse_args(words)


def test_every_command_is_one_of_ours(ours: dict[str, dict[str, Any]]) -> None:
    """The containers start commands that exist, with arguments that these take."""
    for service in ours.values():
        _arguments(service)


def test_every_lane_has_a_worker(ours: dict[str, dict[str, Any]]) -> None:
    """No lane's work lies undone, and alerts have a worker to themselves."""
    lanes = [_arguments(service).lanes for service in ours.values() if service["command"][0] == "work"]
    assert {name for chosen in lanes for name in chosen} == {str(lane) for lane in Lane}
    assert [str(lane) for lane in ALARMS] in lanes


def test_the_tables_are_made_before_anybody_looks_at_them(ours: dict[str, dict[str, Any]]) -> None:
    """``migrate`` runs once, after the database is up and before every loop."""
    assert ours["migrate"]["restart"] == "no"
    assert ours["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    loops = [service for service in ours.values() if service["command"][0] not in {"migrate", "practice"}]
    assert len(loops) >= 4
    for service in loops:
        assert service["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_nobody_is_given_more_than_is_needed(services: dict[str, dict[str, Any]]) -> None:
    """Each container is an ordinary user without capabilities, on a root folder that it cannot write."""
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["read_only"] is True, name
        assert service["tmpfs"], name
        assert service["user"] not in {"root", "0", "0:0"}, name
        assert not {"privileged", "cap_add", "pid", "ipc"} & set(service), name


def test_every_image_is_pinned(services: dict[str, dict[str, Any]], dockerfile: str) -> None:
    """No tag moves by itself from one major version to another."""
    images = [service["image"] for service in services.values()]
    images += re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    assert len(images) > 5
    assert [image for image in images if not re.search(r":v?\d", image)] == []


def test_ports_are_open_to_this_host_only(services: dict[str, dict[str, Any]]) -> None:
    """What is published listens on 127.0.0.1; the database and Redis are not published at all."""
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert all(port.startswith("127.0.0.1:") for published in ports.values() for port in published)
    assert not {"postgres", "redis"} & set(ports)


def test_the_database_and_redis_have_no_way_out(
    compose: dict[str, Any], services: dict[str, dict[str, Any]]
) -> None:
    """They stand on a network of their own that leads nowhere."""
    assert services["postgres"]["networks"] == services["redis"]["networks"] == ["inside"]
    assert compose["networks"]["inside"]["internal"] is True


def test_redis_keeps_what_it_was_given(services: dict[str, dict[str, Any]]) -> None:
    """Redis writes down every message and throws none away to make room."""
    command = services["redis"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_secrets_are_files(root: Path, compose: dict[str, Any], services: dict[str, dict[str, Any]]) -> None:
    """Passwords and tokens stand in no environment and in no file that git keeps."""
    assert all(secret["file"].startswith("./secrets/") for secret in compose["secrets"].values())
    assert "/secrets/" in (root / ".gitignore").read_text(encoding="utf-8").split()
    for name, service in services.items():
        settings = service.get("environment", {})
        secret = re.compile(r"PASSWORD|SECRET|TOKEN|KEY")
        assert [key for key in settings if secret.search(key) and not key.endswith("_FILE")] == [], name
        assert set(service.get("secrets", ())) <= set(compose["secrets"]), name


def test_every_service_says_whether_it_is_well(services: dict[str, dict[str, Any]]) -> None:
    """Whatever stays up has a health check that needs no shell; only the practice platforms go without."""
    for name in set(services) - {"migrate", "practice"}:
        assert services[name]["healthcheck"]["test"][0] == "CMD", name


def test_a_health_check_asks_for_the_loop_that_the_service_is(ours: dict[str, dict[str, Any]]) -> None:
    """The loop's name is the command, for workers with the lanes they were given."""
    for name in set(ours) - {"migrate", "practice"}:
        command, *words = ours[name]["command"]
        loop = "-".join([command, *words[1:]]) if command == "work" else command
        assert ours[name]["healthcheck"]["test"] == ["CMD", "socialduty", "status", "--loop", loop], name


def test_the_time_to_stop_is_longer_than_a_loop_needs(ours: dict[str, dict[str, Any]]) -> None:
    """A loop ends within 25 seconds of SIGTERM; nobody kills it before."""
    for name in set(ours) - {"practice"}:
        assert int(ours[name]["stop_grace_period"].removesuffix("s")) > 25, name


def test_the_settings_of_the_rehearsal_fit_the_containers(
    root: Path, compose: dict[str, Any], services: dict[str, dict[str, Any]]
) -> None:
    """config/compose.toml names the hosts, folders and secrets that docker-compose.yml provides."""
    settings = tomllib.loads((root / "config" / "compose.toml").read_text(encoding="utf-8"))
    secrets = {f"/run/secrets/{name}" for name in compose["secrets"]}
    assert settings["database_url_file"] in secrets
    assert re.fullmatch(r"redis://redis:6379/\d", settings["redis_url"])
    assert settings["email"]["host"] in services
    targets = [mount.split(":")[1] for mount in services["work"]["volumes"] if not mount.startswith("$")]
    assert settings["data_folder"] in targets
    assert all(str(account["base_url"]).endswith(":8765") for account in settings["accounts"])
    assert services["practice"]["command"] == ["practice", "--port", "8765"]


def test_the_image_is_an_ordinary_user_with_locked_wheels(dockerfile: str) -> None:
    """The image installs what the lock file pins, and drops root before anything of ours runs."""
    assert "--require-hashes" in dockerfile
    assert "--only-binary :all:" in dockerfile
    last = dockerfile.rsplit("FROM ", 1)[1]
    assert last.index("USER ") < last.index("ENTRYPOINT ")
    assert re.search(r"^USER (?!0|root)", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
