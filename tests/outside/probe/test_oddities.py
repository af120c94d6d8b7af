# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""relay_probe and what no mail server does: floods, silence, drips, other protocols. Each has a clear outcome, in time."""

import contextlib
import socket
import threading
import time

import pytest
from probed import WISH

from ansible_collections.relaylock.postfix.plugins.module_utils._probe.probe import Wish, probe

DEADLINE = 2.0  # seconds


@contextlib.contextmanager
def server(talk):
    """A server on loopback; *talk* gets each connection. Yields the port."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, dummy = listening.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                talk(connection)
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)


def asked(port, **wish):
    """(what a probe finds, how long it took)."""
    began = time.monotonic()
    found = probe(Wish(**dict(WISH, host="127.0.0.1", port=port, source_address=None, timeout=DEADLINE, **wish)))
    return found, time.monotonic() - began


def obeying(reply):
    """A server that greets, and then says the same to every line."""
    def talk(connection):
        connection.sendall(b"220 mx.example.com\r\n")
        with connection.makefile("rb") as stream:
            for dummy in stream:
                connection.sendall(reply)
    return talk


def silent(connection):
    time.sleep(3 * DEADLINE)


def flood_of_greeting(connection):
    connection.sendall(b"220 " + b"x" * 1000000)


def reply_without_end(connection):
    connection.sendall(b"220 mx.example.com\r\n")
    while True:
        connection.sendall(b"250-more\r\n" * 100)


def drip(connection):
    while True:
        connection.sendall(b"2")
        time.sleep(0.05)


def other_protocol(connection):
    connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
    time.sleep(0.2)


def garbage(connection):
    connection.sendall(b"\xff\x00\xfe\r\n" * 3)
    time.sleep(0.2)


@pytest.mark.parametrize("talk, note", [
    (silent, "time"), (flood_of_greeting, "more than"), (reply_without_end, "more than"), (drip, "time"), (other_protocol, "SMTP"),
    (garbage, "SMTP"), (lambda connection: None, "closed"), (lambda connection: connection.sendall(b"554 No\r\n"), "554 No")],
    ids=["silent", "flood", "endless", "drip", "ssh", "garbage", "hangs up", "554"])
def test_no_verdict_and_no_hang(talk, note):
    with server(talk) as port:
        found, taken = asked(port)
    assert found["verdict"] in ("unreachable", "unknown")
    assert any(note in text for text in found["notes"]), found["notes"]
    assert taken < DEADLINE + 1
    assert sum(map(len, found["transcript"])) < 100000


def test_who_accepts_everything_is_no_relay():
    with server(obeying(b"250 sure\r\n")) as port:
        found, dummy = asked(port)
    assert found["verdict"] == "unknown"
    assert "answers for everyone" in found["notes"][0]


def test_who_refuses_every_sender_is_not_closed():
    def talk(connection):
        connection.sendall(b"220 mx.example.com\r\n")
        with connection.makefile("rb") as stream:
            for line in stream:
                connection.sendall(b"553 no\r\n" if line.upper().startswith(b"MAIL") else b"250 ok\r\n")
    with server(talk) as port:
        assert asked(port)[0]["verdict"] == "unknown"


def test_who_is_too_slow_for_every_form_is_not_closed():
    """A tarpit: what was not asked is not refused."""
    def talk(connection):
        connection.sendall(b"220 mx.example.com\r\n")
        with connection.makefile("rb") as stream:
            for line in stream:
                time.sleep(0.3 if line.upper().startswith(b"RCPT") else 0)
                connection.sendall(b"554 no\r\n" if line.upper().startswith(b"RCPT") else b"250 ok\r\n")
    with server(talk) as port:
        found, taken = asked(port)
    assert found["verdict"] == "unknown"
    assert "not_asked" in {one["outcome"] for one in found["attempts"]}
    assert taken < DEADLINE + 1


def test_a_witness_cannot_say_more_than_its_address():
    with server(obeying(b"250 sure\r\n")) as port:
        found, dummy = asked(port, witnesses=[{"sender": "a@b", "recipient": "x@y>\r\nDATA\r\n."}, {"sender": "\xe4@b", "recipient": "x@y"}])
    assert [one["outcome"] for one in found["attempts"] if one["recipient"].startswith("x@y")] == ["untested", "untested"]
    assert not any("DATA" in line for line in found["transcript"])
