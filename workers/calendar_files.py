"""Reading the calendar files that a school keeps: term dates and rotas."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

from sla.term_dates import MOST_BYTES


def content_of(file: Path) -> bytes:
    """Return what is in a calendar file, cut off where it is larger than any school's.

    Raises:
        OSError: it cannot be read, or it is no file: a pipe in its place would be waited for.
    """
    if not stat.S_ISREG(file.stat().st_mode):
        raise OSError(errno.EINVAL, "It is no file")
    with file.open("rb") as opened:
        return opened.read(MOST_BYTES + 1)
