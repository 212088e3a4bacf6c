"""Every command of the shell is one module of the same shape."""

from __future__ import annotations

import argparse
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from workers import cli, commands

NAMES = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))


@pytest.fixture(params=NAMES)
def command(request: pytest.FixtureRequest) -> ModuleType:
    """Return each command's module in turn."""
    return importlib.import_module(f"workers.commands.{request.param}")


def test_the_command_line_offers_every_command() -> None:
    """A module in workers/commands is a command, and a command is a module there."""
    assert {name.replace("-", "_") for name in cli.COMMANDS} == set(NAMES)


def test_a_command_says_in_one_sentence_what_it_does(command: ModuleType) -> None:
    """HELP is one sentence for the list of commands."""
    assert re.fullmatch(r"[A-Z0-9][^\n]{5,110}\.", command.HELP), command.HELP
    assert command.__doc__


def test_a_command_takes_arguments_and_runs(command: ModuleType) -> None:
    """arguments(parser) and run(args) are all that the command line needs to know."""
    assert list(inspect.signature(command.arguments).parameters) == ["parser"]
    assert list(inspect.signature(command.run).parameters) == ["args"]
    assert inspect.signature(command.run).return_annotation == "int"


def test_every_argument_of_a_command_has_its_help(command: ModuleType) -> None:
    """Whoever asks ``socialduty COMMAND --help`` learns what each word means."""
    parser = argparse.ArgumentParser()
    command.arguments(parser)
    assert [action.dest for action in parser._actions if not action.help] == []


def test_asking_for_help_loads_no_heavy_library(root: Path) -> None:
    """The command line answers at once: what a command needs is imported when it runs."""
    code = (
        "import contextlib, io, sys\n"
        "from workers.cli import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        "    main(['--help'])\n"
        "print(sorted({'pandas', 'googleapiclient', 'tweepy', 'facebook', 'typst'} & set(sys.modules)))"
    )
    said = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=root, capture_output=True, text=True, timeout=60, check=True
    )
    assert said.stdout.strip() == "[]"
