"""The folders are the packages: their names are ours alone, their types are promised."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import itertools
import zipfile
from pathlib import Path
from typing import Any

from hatchling.builders.wheel import WheelBuilder


def test_every_room_is_found_in_this_project(root: Path, rooms: tuple[str, ...]) -> None:
    """``import config`` means our config/, whatever else is installed."""
    for room in rooms:
        spec = importlib.util.find_spec(room)
        assert spec is not None, room
        assert spec.origin == str(root / room / "__init__.py")


def test_no_other_distribution_owns_a_name_of_ours(rooms: tuple[str, ...]) -> None:
    """No dependency brings a package called like one of our rooms."""
    owners = importlib.metadata.packages_distributions()
    strangers = {room: set(owners.get(room, ())) - {"socialduty"} for room in rooms}
    assert not any(strangers.values()), strangers


def test_every_room_promises_its_types(root: Path, rooms: tuple[str, ...]) -> None:
    """Each package carries py.typed, so that a type checker elsewhere believes our annotations."""
    assert [room for room in rooms if not (root / room / "py.typed").is_file()] == []


def test_every_folder_with_python_is_a_package(
    root: Path, rooms: tuple[str, ...], our_python: tuple[Path, ...]
) -> None:
    """No folder in a room lacks its __init__.py, which would make it depend on how it is imported."""
    ours = [path for path in our_python if path.relative_to(root).parts[0] in rooms]
    assert [str(path) for path in ours if not (path.parent / "__init__.py").is_file()] == []


def test_every_room_is_known_to_every_tool(
    rooms: tuple[str, ...], pyproject: dict[str, Any], root: Path
) -> None:
    """A new room is packed, checked, linted and put into the image, or this fails."""
    tool = pyproject["tool"]
    assert set(tool["importlinter"]["root_packages"]) == set(rooms)
    assert set(tool["mypy"]["files"]) == {*rooms, "tests"}
    assert set(tool["ruff"]["lint"]["isort"]["known-first-party"]) == {*rooms, "tests"}
    assert {f"/{room}" for room in rooms} < set(tool["hatch"]["build"]["targets"]["sdist"]["include"])
    assert {f"!{room}" for room in rooms} < set((root / ".dockerignore").read_text(encoding="utf-8").split())
    copied = (root / "Dockerfile").read_text(encoding="utf-8").split("cp -r ", 1)[1].split()
    assert set(itertools.takewhile(str.isidentifier, copied)) == set(rooms)


def test_the_wheel_holds_every_file_of_every_room(
    root: Path, tmp_path: Path, rooms: tuple[str, ...], our_files: tuple[Path, ...]
) -> None:
    """Templates, migrations, lists and models travel with the code; what the models learnt from does not."""
    [built] = WheelBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(built) as wheel:
        packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    ours = {path.relative_to(root).as_posix() for path in our_files}
    corpus = {name for name in ours if name.startswith("moderation/abuse/training/corpus/")}
    assert packed == {name for name in ours - corpus if name.split("/", 1)[0] in rooms}
