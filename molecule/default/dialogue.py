#!/usr/bin/env python3
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Speak SMTP with a server as one client, up to RCPT or to the end of a message, and print every line of it.

Arguments: server, port, HELO name, sender, recipient, then optionally login and password ("-" for none) and the text of a message.
A reply that is no success ends the dialogue; the last line printed is the server's last reply. Exits 0 unless nobody answers.
"""

import base64
import smtplib
import sys


def commands(helo, sender, recipient, login="-", password="-", text=""):
    """Yield what the client says, one command at a time."""
    yield "EHLO " + helo
    if login != "-":
        yield "AUTH PLAIN " + base64.b64encode("\0{0}\0{1}".format(login, password).encode()).decode()
    yield "MAIL FROM:<{0}>".format(sender)
    yield "RCPT TO:<{0}>".format(recipient)
    if text:
        yield "DATA"
        yield "Subject: {0}\r\n\r\n{0}\r\n.".format(text)


def main(server, port, *words):
    smtp = smtplib.SMTP(timeout=20, local_hostname="unused")
    code, reply = smtp.connect(server, int(port))
    print("  S: {0} {1}".format(code, reply.decode()))
    for command in commands(*words):
        smtp.send(command.encode() + b"\r\n")
        code, reply = smtp.getreply()
        print("  C: " + command.splitlines()[0])
        # Of the features that answer EHLO the first line is enough.
        print("  S: {0} {1}".format(code, reply.decode().splitlines()[0]))
        if code >= 400:
            break
    smtp.close()


main(*sys.argv[1:])
