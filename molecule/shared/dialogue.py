# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speak SMTP with a server as one client, up to RCPT or to the end of a message, and print every line of it.

One argument, a JSON object: server, port, helo, sender, recipient; tls ("", starttls or implicit); login ("", or login and password with a
blank between); text ("", or that of a message); patience (seconds for the listener to come up, and for each reply). A reply that is no
success ends the dialogue; the last line printed is the last reply.
"""

import base64
import json
import smtplib
import socket
import ssl
import sys
import time

TIMEOUT = 5  # seconds, for a reply that nobody waits for


def connection(server, port, patience):
    """A connection to a port, as soon as there is a listener."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return socket.create_connection((server, port), patience or TIMEOUT)
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def wrapped(sock):
    """The connection in TLS. Whose certificate it is does not matter here."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(sock)


def commands(words):
    """Yield what the client says, one command at a time."""
    yield "EHLO " + words["helo"]
    if words["tls"] == "starttls":
        yield "STARTTLS"
        yield "EHLO " + words["helo"]
    if words["login"]:
        yield "AUTH PLAIN " + base64.b64encode(("\0%s\0%s" % tuple(words["login"].split())).encode()).decode()
    yield "MAIL FROM:<%s>" % words["sender"]
    yield "RCPT TO:<%s>" % words["recipient"]
    if words["text"]:
        yield "DATA"
        yield "Subject: {0}\r\n\r\n{0}\r\n.".format(words["text"])


def told(smtp):
    """The reply that the server gives now, as code and its first line; of EHLO's features AUTH is the only one told."""
    code, reply = smtp.getreply()
    lines = reply.decode().splitlines()
    print("  S: %d %s" % (code, " / ".join(lines[:1] + [line for line in lines[1:] if line.startswith("AUTH ")])))
    return code


def main(words):
    smtp = smtplib.SMTP(local_hostname="unused")
    try:
        smtp.sock = connection(words["server"], words["port"], words["patience"])
        if words["tls"] == "implicit":
            smtp.sock = wrapped(smtp.sock)
        code = told(smtp)
        for command in commands(words):
            if code >= 400:
                break
            print("  C: " + command.splitlines()[0])
            smtp.send(command.encode() + b"\r\n")
            code = told(smtp)
            if command == "STARTTLS" and code == 220:
                smtp.sock, smtp.file = wrapped(smtp.sock), None
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        print("  S: no reply (%s)" % error)
    smtp.close()


main(json.loads(sys.argv[1]))
