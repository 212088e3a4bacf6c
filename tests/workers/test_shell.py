"""What every command says on stderr: never the text of an error, for it may quote people."""

from __future__ import annotations

import logging

import pytest

from workers.shell import log_to_stderr


def test_an_error_that_a_library_logs_is_named_and_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    """Libraries log whole tracebacks; the words of an exception, and of its message, stay out of ours."""
    before = logging.getLogger().handlers[:]
    try:
        log_to_stderr("warning")
        try:
            raise ValueError("words of a parent")
        except ValueError:
            logging.getLogger("some.library").exception("could not handle %s", "a name")
        said = capsys.readouterr().err
    finally:
        logging.getLogger().handlers[:] = before
    assert "some.library" in said
    assert "ValueError" in said
    assert "words of a parent" not in said
    assert "a name" not in said
