# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What trivial-rewrite(8) makes of an address: the same two questions that smtpd asks (src/global/resolve_clnt.h)."""

import os
import re
import socket

from . import stubs

CLASSES = {1 << 8: "local", 1 << 9: "alias", 1 << 10: "mailbox", 1 << 11: "relay", 1 << 12: "default"}
FAILED = 1 << 3
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def internal(address):
    """An address as SMTP has it, without its quotes, as smtpd hands it on."""
    return QUOTED.sub(lambda found: re.sub(r"\\(.)", r"\1", found.group(1)), address)


def external(address):
    """An address with its local part in quotes where that has what only quotes may hold."""
    local, at, domain = address.rpartition("@")
    local, domain = (local, domain) if at else (domain, "")
    plain = re.fullmatch(r"[^\s()<>@,;:\\\"\[\].]+(?:\.[^\s()<>@,;:\\\"\[\].]+)*", local)
    return (local if plain else '"%s"' % re.sub(r'(["\\])', r"\\\1", local)) + at + domain


def classify(session, address):
    """What trivial-rewrite makes of an address in a command: (class, address).

    class    of the domain that mail goes to: local, alias, mailbox, relay, default, or error
    address  where it goes, without quotes; "" on error
    """
    if address.startswith("@"):
        address = address.partition(":")[2]
    rewritten = _ask(session, request="rewrite", rule="local", address=external(internal(address)))
    found = rewritten and _ask(session, request="resolve", sender="", address=internal(rewritten["address"]))
    if not found or int(found["flags"]) & FAILED:
        return "error", ""
    return next((name for bit, name in CLASSES.items() if int(found["flags"]) & bit), "error"), found["recipient"]


def _ask(session, **attributes):
    """The answer's attributes, or None where trivial-rewrite is gone."""
    master = session.master
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stream:
        stream.connect(os.path.join(master.queue, "private/rewrite"))
        stream.sendall(stubs.attributes(**attributes))
        data = b""
        while master.pump(stream, lambda: bool(session.dead), 10):
            more = stream.recv(65536)
            if not more:
                return None
            # A name alone, such as the request's own flags, comes twice in an answer; the last one counts.
            data += more
            answers = [one for one in stubs.decode(data)[0] if "address" in one or "recipient" in one]
            if answers:
                return answers[0]
    return None
