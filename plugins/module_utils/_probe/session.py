# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One SMTP connection that cannot hold up or flood who asks: every wait ends at a deadline, every reply is bounded."""

import smtplib
import socket
import ssl
import time

from .forms import literal

HERE = "here"             # in place of a name for HELO: the address that the connection comes from
LONGEST_LINE = 8192       # octets; RFC 5321 allows 512
LONGEST_REPLY = 65536     # octets of all lines of a reply
SHOWN = 500               # characters of a line in the transcript
PATIENCE = 20.0           # seconds for one reply, where the deadline leaves that much


class Flood(smtplib.SMTPServerDisconnected):
    """A reply that does not end."""


class Session(smtplib.SMTP):
    """smtplib's client with a deadline and a memory.

    :param str tls: none, starttls or implicit
    :param context: ssl.SSLContext
    :param float deadline: on the clock of time.monotonic()
    :param list transcript: where lines of the dialogue are added
    """

    def __init__(self, helo, tls, context, deadline, source, transcript):
        self.tls, self.context, self.deadline, self.transcript = tls, context, deadline, transcript
        self.greeting, self._left = None, b""
        self.sock = None  # smtplib of Python 3.6 has none before it connects, and cannot close what did not
        # Without a name smtplib asks the DNS for one; an address literal serves as well (RFC 5321, section 4.1.3).
        smtplib.SMTP.__init__(self, local_hostname=helo or HERE, timeout=PATIENCE, source_address=(source, 0) if source else None)

    def remaining(self):
        """Return the seconds that one reply may still take. :raises socket.timeout: where there are none"""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise socket.timeout("the time for this probe is over")
        return min(left, PATIENCE)

    def open(self, address, port, name):
        """Connect, and hear the greeting. :returns: (code, text). :raises OSError, smtplib.SMTPException: where there is none"""
        self._host = name  # whose certificate is expected
        self.transcript.append("-- {0} port {1}".format(address, port))
        self.sock = self._get_socket(address, port, self.remaining())
        if self.local_hostname == HERE:
            self.local_hostname = literal(self.sock.getsockname()[0])
        if self.tls == "implicit":
            self.sock = self.context.wrap_socket(self.sock, server_hostname=name)
        self.greeting = self.getreply()
        return self.greeting

    def greet(self):
        """Say EHLO, or HELO to who does not know it, and start TLS if that is wished. :returns: (code, text) of the last reply"""
        reply = self.ehlo()
        if reply[0] != 250:
            reply = self.helo()
        if self.tls == "starttls":
            self.sock.settimeout(self.remaining())
            self._left = b""
            reply = self.docmd("STARTTLS")
            if reply[0] == 220:
                # What was sent ahead of the handshake would be taken for an answer within it.
                self._left = b""
                self.sock = self.context.wrap_socket(self.sock, server_hostname=self._host)
                reply = self.ehlo()
        return reply

    def pipelines(self):
        """Tell whether the server takes several commands at once (RFC 2920)."""
        return self.has_extn("pipelining")

    def say(self, *commands):
        """Return [(code, text)], the replies to commands that are said at once, or one by one until one is refused where the server wants that."""
        replies = []
        if self.pipelines():
            self.send("".join(command + "\r\n" for command in commands))
            replies = [self.getreply() for dummy in commands]
        while len(replies) < len(commands) and all(200 <= code < 300 for code, dummy in replies):
            replies.append(self.docmd(commands[len(replies)]))
        return [(code, text.decode("utf-8", "replace")) for code, text in replies]

    def send(self, s):
        text = s if isinstance(s, str) else s.decode("ascii", "replace")
        self.transcript.extend("C: " + line[:SHOWN] for line in text.splitlines())
        if self.sock is not None:
            self.sock.settimeout(self.remaining())
        smtplib.SMTP.send(self, s)

    def getreply(self):
        """Return (code, text) of the next reply. :raises SMTPServerDisconnected, OSError:"""
        lines, size = [], 0
        while True:
            line = self._line()
            size += len(line)
            if size > LONGEST_REPLY:
                raise Flood("a reply of more than {0} octets".format(LONGEST_REPLY))
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            if len(lines) < 20:
                self.transcript.append("S: " + text[:SHOWN])
            lines.append(text[4:])
            if not text[:3].isdigit() or text[3:4] != "-":
                return (int(text[:3]) if text[:3].isdigit() else -1), "\n".join(lines[:20])[:2000].encode("utf-8", "replace")

    def _line(self):
        """Return the next line, octets. However slowly it comes, it comes before the deadline."""
        until = time.monotonic() + self.remaining()
        while b"\n" not in self._left:
            if len(self._left) > LONGEST_LINE:
                raise Flood("a line of more than {0} octets".format(LONGEST_LINE))
            left = min(until, self.deadline) - time.monotonic()
            if left <= 0:
                raise socket.timeout("no whole line in time")
            self.sock.settimeout(left)
            data = self.sock.recv(4096)
            if not data:
                raise smtplib.SMTPServerDisconnected("the connection was closed")
            self._left += data
        line, dummy, self._left = self._left.partition(b"\n")
        return line + b"\n"

    def leave(self):
        """Say QUIT, wait for no answer, and hang up."""
        try:
            self.send("QUIT\r\n")
        except (OSError, smtplib.SMTPException):
            pass  # it has hung up already
        self.close()


def context(validate_certs):
    """Return an SSLContext. Without *validate_certs* it takes any certificate, and old protocols too: it is asked whether it relays."""
    made = ssl.create_default_context()
    if not validate_certs:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    return made
