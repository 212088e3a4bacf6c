"""Tests talk to this machine alone."""

from __future__ import annotations

import socket

import pytest
from pytest_socket import SocketConnectBlockedError


def test_no_test_reaches_out_of_this_machine() -> None:
    """A connection to anywhere else fails at once, so no test can depend on the internet."""
    with (
        socket.socket() as outside,
        pytest.warns(UserWarning, match="A test tried"),
        pytest.raises(SocketConnectBlockedError),
    ):
        outside.connect(("192.0.2.1", 443))


def test_this_machine_can_be_reached() -> None:
    """Servers that a test starts on 127.0.0.1 are open to it."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
