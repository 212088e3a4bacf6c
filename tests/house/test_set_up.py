"""run.py: one command from a fresh checkout to a running program, and one clear line where that cannot be.

Each test has a small project of its own beside a folder with one wheel, so nothing is fetched from anywhere.
"""

from __future__ import annotations

import ast
import errno
import hashlib
import importlib.util
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

CLI = """
import json, os, sys
import pebble
def main():
    print(json.dumps({"said": sys.argv, "in": os.getcwd(), "by": sys.prefix, "pebble": pebble.WORD}))
    return 3
"""

PYTEST = "import json, os, sys; print(json.dumps({'said': sys.argv, 'in': os.getcwd()}))"


@dataclass(frozen=True, slots=True)
class Project:
    """A copy of run.py with a program of a few lines and lock files of one or two wheels."""

    folder: Path
    wheels: Path
    home: Path

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run ``python3 run.py`` from another folder, as somebody with nothing of their own set."""
        return subprocess.run(
            self.command(*words),
            cwd=self.home,
            env=self.environment(**variables),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def command(self, *words: str) -> list[str]:
        """Return the words of the shell."""
        return [sys.executable, str(self.folder / "run.py"), *words]

    def environment(self, **variables: str) -> dict[str, str]:
        """Return the variables of the shell, in which pip knows our wheels and nothing else."""
        kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TMPDIR") if name in os.environ}
        ours = {
            "HOME": str(self.home),
            "PATH": os.defpath,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": self.wheels.as_uri(),
        }
        return {name: value for name, value in (kept | ours | variables).items() if value}

    def lock(self, name: str, *pins: str) -> None:
        """Write a lock file that pins these wheels."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(f"{pin}\n" for pin in pins), encoding="utf-8")

    @property
    def stamp(self) -> Path:
        """The file that says that set-up is complete."""
        return self.folder / ".venv" / "stamp.json"


def _wheel(folder: Path, name: str, module: str, code: str) -> str:
    """Write a wheel of one module into ``folder`` and return the line that pins it."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    about = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(module, code)
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(
            f"{about}/RECORD", f"{module},,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n"
        )
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


@pytest.fixture
def project(root: Path) -> Iterator[Project]:
    """Return a project that was never set up, in a folder with a space in its name."""
    with tempfile.TemporaryDirectory() as name:
        top = Path(name).resolve()
        top.chmod(0o755)
        made = Project(top / "a school" / "socialduty", top / "wheels", top / "home")
        for folder in (made.folder / "workers", made.wheels, made.home):
            folder.mkdir(parents=True)
        shutil.copy(root / "run.py", made.folder)
        (made.folder / "workers" / "__init__.py").touch()
        (made.folder / "workers" / "cli.py").write_text(CLI, encoding="utf-8")
        to_run = _wheel(made.wheels, "pebble", "pebble.py", "WORD = 'from the wheel'")
        to_test = _wheel(made.wheels, "pytest", "pytest.py", PYTEST)
        made.lock("requirements.lock", to_run)
        made.lock("tests/requirements.lock", to_run, to_test)
        yield made


@pytest.fixture
def run_py(root: Path) -> ModuleType:
    """Return run.py as a module."""
    spec = importlib.util.spec_from_file_location("run_py_under_test", root / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _stopped(result: subprocess.CompletedProcess[str]) -> str:
    """Return the one line with which set-up stopped, after the line that it began."""
    assert result.returncode == 2, result.stdout + result.stderr
    assert result.stdout == ""
    lines = [line for line in result.stderr.splitlines() if not line.startswith("Setting up in ")]
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("Set-up stopped: ")
    assert lines[0].endswith('See README.md, section "If set-up stops".')
    return lines[0]


def test_the_first_run_sets_up_and_becomes_the_command(project: Project) -> None:
    """One command: wheels in, program found, words and exit code passed through, stdout the program's own."""
    result = project.run("cases", "--json")
    assert result.returncode == 3, result.stderr
    assert json.loads(result.stdout) == {
        "said": ["socialduty", "cases", "--json"],
        "in": str(project.home),
        "by": str(project.folder / ".venv"),
        "pebble": "from the wheel",
    }
    assert "Setting up in" in result.stderr


def test_without_words_it_is_the_demo(project: Project) -> None:
    """``python3 run.py`` shows the demo."""
    assert json.loads(project.run().stdout)["said"] == ["socialduty", "demo"]


def test_the_second_run_installs_nothing(project: Project) -> None:
    """A complete environment is used as it is, without a word and without the index."""
    project.run()
    shutil.rmtree(project.wheels)
    result = project.run()
    assert result.returncode == 3
    assert result.stderr == ""


def test_the_tests_add_to_what_is_there_and_both_stay(project: Project) -> None:
    """``run.py test`` adds what the tests lack and runs in the project's folder; commands start at once."""
    project.run()
    result = project.run("test", "-q", "tests/house")
    said = json.loads(result.stdout)
    assert said["said"][1:] == ["-q", "tests/house"]
    assert said["in"] == str(project.folder)
    assert project.run().stderr == ""
    assert project.run("test").stderr == ""


def test_a_first_run_of_the_tests_is_enough_for_the_commands(project: Project) -> None:
    """The tests' lock holds what runs, so nothing is installed a second time."""
    assert project.run("test").returncode == 0
    assert project.run().stderr == ""


def test_a_changed_lock_is_installed_afresh(project: Project) -> None:
    """New pins replace the environment; nothing of the old one is left."""
    project.run()
    stray = project.folder / ".venv" / "stray"
    stray.touch()
    lock = project.folder / "requirements.lock"
    lock.write_text(lock.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert "Setting up in" in project.run().stderr
    assert not stray.exists()


def test_a_moved_project_is_set_up_where_it_is(project: Project) -> None:
    """The stamp holds for one folder: a copy does not run the original's code."""
    project.run()
    copy = Project(project.folder.with_name("copy"), project.wheels, project.home)
    shutil.copytree(project.folder, copy.folder, symlinks=True)
    result = copy.run()
    assert "Setting up in" in result.stderr
    assert json.loads(result.stdout)["by"] == str(copy.folder / ".venv")


def test_two_first_runs_at_once_do_not_disturb_each_other(project: Project) -> None:
    """One sets up, the others wait for it, all of them run."""
    runs = [
        subprocess.Popen(
            project.command("poll"),
            cwd=project.home,
            env=project.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    said = [run.communicate(timeout=120) for run in runs]
    assert [run.returncode for run in runs] == [3, 3, 3], said
    assert sum(errors.count("Setting up in") for _, errors in said) == 1


def test_a_set_up_that_broke_off_is_done_again(project: Project) -> None:
    """An incomplete environment has no stamp, and the next run does not believe it."""
    (project.wheels / "pebble-1.0-py3-none-any.whl").rename(project.wheels / "gone")
    assert "no locked wheel" in _stopped(project.run())
    assert not project.stamp.exists()
    (project.wheels / "gone").rename(project.wheels / "pebble-1.0-py3-none-any.whl")
    assert project.run().returncode == 3
    assert project.stamp.exists()


def test_other_projects_on_the_path_do_not_lead_it_astray(project: Project) -> None:
    """Folders called like ours, another environment and pip's other targets change nothing."""
    for name in ("workers", "config", "pebble"):
        (project.home / name).mkdir()
        (project.home / name / "__init__.py").write_text("raise SystemExit('astray')", encoding="utf-8")
    elsewhere = str(project.home / "elsewhere")
    result = project.run(
        PYTHONPATH=str(project.home),
        VIRTUAL_ENV=elsewhere,
        PIP_USER="1",
        PIP_TARGET=elsewhere,
        PIP_PREFIX=elsewhere,
        PIP_REQUIRE_VIRTUALENV="1",
    )
    assert json.loads(result.stdout)["pebble"] == "from the wheel", result.stderr
    assert not Path(elsewhere).exists()


def test_nothing_is_left_outside_the_environment(project: Project) -> None:
    """Set-up writes to .venv alone: no cache in the person's home, no file beside the sources."""

    def files() -> set[str]:
        top = project.home.parent
        return {path.relative_to(top).as_posix() for path in top.rglob("*") if ".venv" not in path.parts}

    before = files()
    project.run(PYTHONDONTWRITEBYTECODE="1")
    assert files() == before


def test_an_index_out_of_reach_is_one_line(project: Project) -> None:
    """Without a network the person reads what is wrong, not a traceback."""
    result = project.run(
        PIP_NO_INDEX="", PIP_FIND_LINKS="", PIP_INDEX_URL="http://127.0.0.1:9/", PIP_RETRIES="1"
    )
    assert "the package index cannot be reached" in _stopped(result)
    assert not project.stamp.exists()


def test_a_wheel_that_was_changed_is_refused(project: Project) -> None:
    """What was locked is what is installed."""
    with zipfile.ZipFile(project.wheels / "pebble-1.0-py3-none-any.whl", "a") as wheel:
        wheel.writestr("more.py", "")
    assert "not the one that was locked" in _stopped(project.run())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_folder_that_cannot_be_written_is_one_line(project: Project) -> None:
    """A checkout that belongs to somebody else says so."""
    project.folder.chmod(stat.S_IRUSR | stat.S_IXUSR | stat.S_IROTH | stat.S_IXOTH)
    other: dict[str, object] = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}
    try:
        result = subprocess.run(  # type: ignore[call-overload]
            [_base_python(), *project.command()[1:]],
            cwd="/",
            env=project.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            **other,
        )
    except PermissionError:
        pytest.skip("this Python lies in a folder that only root may enter")
    finally:
        project.folder.chmod(0o755)
    assert f"{project.folder / '.venv'} cannot be written" in _stopped(result)


def _base_python() -> str:
    return str(Path(getattr(sys, "_base_executable", sys.executable)).resolve())


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "disk is full",
        ),
        ("OSError: [Errno 122] Disk quota exceeded", "disk is full"),
        ("ERROR: [Errno 13] Permission denied: '/x'", "cannot be written"),
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'",
            "cannot be reached",
        ),
        ("WARNING: Retrying (Retry(total=0)) SSLError(CERTIFICATE_VERIFY_FAILED)", "does not trust"),
        ("WARNING: Retrying (Retry(total=0)) ProxyError('Cannot connect to proxy.')", "proxy"),
        ("ReadTimeoutError: Read timed out.", "cannot be reached"),
        ("/usr/bin/python3: No module named ensurepip\n/x/python: No module named pip", "pip is missing"),
        ("ensurepip is disabled in Debian/Ubuntu for the system python.", "pip is missing"),
    ],
)
def test_pips_words_become_one_sentence(run_py: ModuleType, words: str, meaning: str) -> None:
    """Each way in which pip fails is told in words that lead to a remedy."""
    assert meaning in run_py.meaning(words)


def test_words_that_nobody_foresaw_are_shown(run_py: ModuleType) -> None:
    """What we cannot explain we do not hide: the last line is usually the one that says it."""
    assert run_py.meaning("Collecting pebble\nERROR: kowalski\n") == "ERROR: kowalski"
    assert run_py.meaning("") == "pip gave no reason"


def test_our_own_writing_fails_in_the_same_words(run_py: ModuleType) -> None:
    """A disk that is full, or not ours, is told alike whether pip or run.py ran into it."""
    for code, sentence in ((errno.ENOSPC, "the disk is full"), (errno.EROFS, "cannot be written")):
        assert sentence in run_py.meaning(str(OSError(code, os.strerror(code), "stamp.json")))


def test_without_pip_the_one_inside_python_is_taken(
    run_py: ModuleType, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Python without pip still sets up if it carries one; otherwise the line says what to install."""
    bare = project.home / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True, timeout=60)
    python = str(bare / ("Scripts" if os.name == "nt" else "bin") / "python")
    for name, place in {"HERE": project.folder, "VENV": bare, "BASE": python, "PYTHON": python}.items():
        monkeypatch.setattr(run_py, name, str(place))
    for name in os.environ:
        monkeypatch.delenv(name)
    for name, value in project.environment().items():
        monkeypatch.setenv(name, value)
    if importlib.util.find_spec("ensurepip"):
        run_py.install(str(project.folder / "requirements.lock"))
        assert list(bare.rglob("pebble.py"))
    else:  # Debian ships it apart
        with pytest.raises(run_py.SetUpError) as stopped:
            run_py.install(str(project.folder / "requirements.lock"))
        assert "pip is missing" in run_py.meaning(str(stopped.value))


def test_an_old_python_can_read_the_file(root: Path) -> None:
    """What Python 2.7 cannot parse is not used, so that even it can say that it is too old."""
    tree = ast.parse((root / "run.py").read_text(encoding="ascii"), feature_version=(3, 4))
    too_new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Nonlocal, ast.Match, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        assert not isinstance(node, too_new), f"line {getattr(node, 'lineno', '?')}"
        match node:
            case ast.FunctionDef(args=args, returns=returns):
                assert [*args.kwonlyargs, *args.posonlyargs] == [], node.name
                assert [argument.arg for argument in args.args if argument.annotation] == [], node.name
                assert returns is None, node.name
            case ast.Raise():
                assert node.cause is None, f"line {node.lineno}"
            case ast.List() | ast.Tuple() | ast.Set() | ast.Dict():
                unpacked = [*getattr(node, "elts", ()), *getattr(node, "keys", ())]
                assert not any(part is None or isinstance(part, ast.Starred) for part in unpacked), (
                    node.lineno
                )


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.9", "3.10"])
def test_an_old_python_says_that_it_is_too_old(version: str, root: Path, tmp_path: Path) -> None:
    """Where such a Python is at hand, it answers with the one line."""
    old = shutil.which(f"python{version}")
    if old is None or subprocess.run([old, "--version"], capture_output=True, check=False).returncode:
        pytest.skip(f"there is no Python {version} here to ask")
    shutil.copy(root / "run.py", tmp_path)
    result = subprocess.run(
        [old, "run.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert f"Python 3.11 or newer is needed, this is {version}" in _stopped(result)
    assert not (tmp_path / ".venv").exists()


def test_a_python_that_is_too_old_changes_nothing(
    run_py: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], project: Project
) -> None:
    """The version is looked at before anything else."""
    monkeypatch.setattr(run_py, "OLDEST", (99, 0))
    assert run_py.main([]) == 2
    assert "Python 99.0 or newer is needed" in capsys.readouterr().err


def test_the_readme_holds_the_section_that_the_line_names(root: Path) -> None:
    """Whoever follows the line finds help."""
    headings = [line.lstrip("# ") for line in (root / "README.md").read_text(encoding="utf-8").splitlines()]
    assert "If set-up stops" in headings
