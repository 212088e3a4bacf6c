#!/usr/bin/env python3
"""Set socialduty up once, then run it.

    python3 run.py                  the demo: one week of a school, on practice platforms
    python3 run.py test [...]       the tests; what follows goes to pytest
    python3 run.py COMMAND [...]    the same as: socialduty COMMAND [...]

1. Look whether this Python is new enough. (An old one must be able to read this file, hence its old syntax.)
2. Look whether .venv is what the lock file asks for. Its stamp says so, and the stamp is written last.
3. If it is not, make it: an environment without pip, filled by the machine's own pip, which knows the proxy
   and the certificates here, with exactly the locked wheels; then put this folder on its path.
4. Become that environment's Python and run the command in the folder where the person stands.

Standard library only. Nothing is written outside this folder, and nothing to stdout.
"""

import errno
import hashlib
import json
import os
import re
import sys

OLDEST = (3, 11)
OLDEST_PIP = (22, 3)  # The first that can fill an environment which it does not live in

HERE = os.path.dirname(os.path.realpath(__file__))
VENV = os.path.join(HERE, ".venv")
STAMP = os.path.join(VENV, "stamp.json")
PYTHON = os.path.join(VENV, *(["Scripts", "python.exe"] if os.name == "nt" else ["bin", "python"]))
BASE = getattr(sys, "_base_executable", None) or sys.executable
INTERPRETER = "%s %s" % (sys.version.split()[0], os.path.realpath(BASE))

TO_RUN = os.path.join(HERE, "requirements.lock")
TO_TEST = os.path.join(HERE, "tests", "requirements.lock")  # Holds all that TO_RUN holds

EVERY_TEST = ["--numprocesses", "auto", "--maxprocesses", "8", "--dist", "loadfile"]
COMMAND = "import sys; sys.argv[0] = 'socialduty'; from workers.cli import main; sys.exit(main())"

# Where another project's settings would send Python to look, or pip to install
ASTRAY = ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "PIP_CONSTRAINT")

NO_PIP = "pip is missing or older than %d.%d (Debian and Ubuntu: apt-get install python3-pip)" % OLDEST_PIP
FAULTS = (  # What the words of pip and of the system mean; the first that fits is told
    (r"No space left|Disk quota exceeded|not enough space on the disk", "the disk is full"),
    (r"Permission denied|Operation not permitted|Read-only file system", "%s cannot be written" % VENV),
    (r"DO NOT MATCH THE HASHES", "a package that arrived is not the one that was locked"),
    (r"CERTIFICATE_VERIFY_FAILED", "the package index shows a certificate that pip does not trust"),
    (r"ProxyError|Proxy Authentication", "the proxy refuses the way to the package index"),
    (r"Retrying \(Retry|Max retries exceeded|timed out|Connection", "the package index cannot be reached"),
    (r"No matching distribution", "the package index has no locked wheel for this Python and machine"),
    (r"No module named '?(pip|ensurepip)|ensurepip is disabled", NO_PIP),
)


class SetUpError(Exception):
    """pip could not do it; the text is what it said."""


def main(arguments):
    """Set up if need be and run the command; the exit code, where this process did not become the command."""
    if sys.version_info < OLDEST:
        return stop("Python %d.%d or newer is needed, this is %s" % (OLDEST + (INTERPRETER,)))
    testing = arguments[:1] == ["test"]
    try:
        prepare(TO_TEST if testing else TO_RUN)
    except (SetUpError, OSError, ValueError, ImportError) as error:
        return stop(meaning(str(error)))
    except KeyboardInterrupt:
        return stop("it was interrupted; the same command starts it again")
    if testing:
        os.chdir(HERE)
        return become(["-m", "pytest"] + (arguments[1:] or EVERY_TEST))
    return become(["-c", COMMAND] + (arguments or ["demo"]))


def prepare(lock):
    """Make the environment fulfil a lock file, unless it does already."""
    if digest(lock) in fulfilled():
        return
    os.makedirs(VENV, exist_ok=True)
    with open(os.path.join(VENV, "lock"), "a") as turn:
        wait_for(turn)
        if digest(lock) not in fulfilled():  # else another run has just done it
            set_up(lock)


def digest(path):
    """SHA-256 of a file's bytes."""
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def fulfilled():
    """Digests of the lock files that the environment fulfils: none when unfinished or not made here."""
    try:
        with open(STAMP) as file:
            stamp = json.load(file)
    except (OSError, ValueError):
        return []
    ours = stamp["interpreter"] == INTERPRETER and stamp["folder"] == HERE and os.path.exists(PYTHON)
    return stamp["locks"] if ours else []


def wait_for(turn):
    """Return when this run alone holds the open lock file, which the system frees however its holder ends."""
    os.set_inheritable(turn.fileno(), True)  # Should we be killed, our pip still holds it
    if not taken(turn):
        import time

        say("Another run is setting up in this folder. Waiting for it.")
        while not taken(turn):
            time.sleep(0.1)


def taken(turn):
    """Try to take the lock file; False while another process holds it."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(turn.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EAGAIN, errno.EACCES):
            raise
        return False
    return True


def set_up(lock):
    """Build the environment, or add what the tests need to it; the stamp goes first and comes back last."""
    import sysconfig
    import venv

    say("Setting up in %s: once, a minute or two." % VENV)
    only_tests_lack = fulfilled() == [digest(TO_RUN)]
    if os.path.exists(STAMP):
        os.remove(STAMP)
    if not only_tests_lack:
        clear()
        venv.EnvBuilder(symlinks=os.name != "nt", with_pip=False).create(VENV)
    install(lock)
    packages = sysconfig.get_path("purelib", "venv", {"base": VENV, "platbase": VENV})
    with open(os.path.join(packages, "socialduty.pth"), "w") as path:
        path.write(os.path.relpath(HERE, packages) + "\n")
    with open(STAMP + ".part", "w") as stamp:
        locks = sorted({digest(TO_RUN), digest(lock)})
        json.dump({"locks": locks, "interpreter": INTERPRETER, "folder": HERE}, stamp)
    os.replace(STAMP + ".part", STAMP)
    say("Ready.")


def clear():
    """Empty the environment's folder, all but the lock file that we hold."""
    import shutil

    for name in os.listdir(VENV):
        path = os.path.join(VENV, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif name != "lock":
            os.remove(path)


def install(lock):
    """Fill the environment with the locked wheels, by this machine's pip or else the one inside Python."""
    import subprocess

    def told(*command):
        out = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.run(command, env=environment(), cwd=HERE, close_fds=False, check=False, **out)

    pip = [BASE, "-m", "pip", "--python", PYTHON]
    version = re.match(r"pip (\d+)\.(\d+)", words(told(BASE, "-m", "pip", "--version")))
    if not version or tuple(int(part) for part in version.groups()) < OLDEST_PIP:
        told(PYTHON, "-m", "ensurepip")
        pip = [PYTHON, "-m", "pip"]
    options = ["--no-input", "--no-cache-dir", "--disable-pip-version-check", "--progress-bar", "off"]
    exact = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", lock]
    result = told(*(pip + ["install"] + options + exact))
    if result.returncode:
        raise SetUpError(words(result))


def words(result):
    """What a program said."""
    return result.stdout.decode("utf-8", "replace")


def environment():
    """This process's variables, without what could lead Python or pip astray."""
    kept = {name: value for name, value in os.environ.items() if name not in ASTRAY}
    kept.update(PYTHONSAFEPATH="1", PIP_USER="0")  # A stranger's config/ in the current folder is not ours
    return kept


def meaning(talk):
    """What the words of a fault mean for a person; the last of them themselves, where they are new to us."""
    for pattern, sentence in FAULTS:
        if re.search(pattern, talk):
            return sentence
    return (talk.strip().splitlines() or ["pip gave no reason"])[-1]


def become(arguments):
    """Run the environment's Python in place of this one, so that signals and the exit code are its own."""
    sys.stderr.flush()
    if os.name == "nt":  # Where exec would give the prompt back before the command has ended
        import subprocess

        return subprocess.call([PYTHON] + arguments, env=environment())
    return os.execve(PYTHON, [PYTHON] + arguments, environment())


def say(sentence):
    """Tell the person, without mixing with what the command prints."""
    sys.stderr.write(sentence + "\n")


def stop(reason):
    """Say in one line why set-up cannot go on and where help stands; the exit code for it."""
    say('Set-up stopped: %s. See README.md, section "If set-up stops".' % reason)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
