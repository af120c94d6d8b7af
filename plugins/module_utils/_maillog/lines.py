# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of Postfix's log that tell who sent what to where (smtpd.c, log_adhoc.c, opened.c, pickup.c)."""

import re
from collections import namedtuple

# What stands behind the queue id in the lines that count. Of "to=<" the bracket is the address's.
CLIENT, TO, UID = b": client=", b": to=", b": uid="
_EVENT = re.compile(b"|".join((CLIENT, TO, UID)))
LONGEST_ID = 24
# Some daemons write RFC 5424 and cut the tag at its first slash, which leaves "postfix 123 - -  ".
_CUT = re.compile(rb" ([!-~]+) \d+ - - +\Z")
LOCAL = re.compile(rb"[^\[\s]*\[(?:127\.|::1\])")
_CLIENT = re.compile(rb"([^\[\s]*)\[([0-9A-Fa-f.:]+|unknown)\](?::\d+)?")
_ORIGIN = re.compile(rb", orig_client=([^\[\s]*)\[([0-9A-Fa-f.:]+)\](?::\d+)?\Z")
# Neither ">" nor a comma ends an address whose local part is quoted.
_ADDRESS = re.compile(rb'<[^"<>@]*(?:"(?:[^"\\]|\\.)*"[^"<>@]*)*@([A-Za-z0-9._\[\]:-]+)>')
_QUEUED = re.compile(rb"status=sent \(.*queued as ([0-9A-Za-z]{6,})\)")
_RELAY = re.compile(rb", relay=(?:127\.0\.0\.1|localhost|\[?::1\]?)\[")
ENDS_OF_LOGIN = (b", sasl_sender=", b", orig_queue_id=", b", orig_client=")

Client = namedtuple("Client", "name address login")


def events(block):
    """Yield (place, kind) of the lines that count in a block of lines, in their order."""
    for found in _EVENT.finditer(block):
        yield found.start(), found.group()


def is_tagged(block, start, end, tag):
    """Tell whether a line of the block, from *start* to the blank ahead of its queue id, is of the instance with this tag, such as ``postfix/``."""
    if block[end - 2:end] == b"]:":
        named = block.rfind(b" ", start, block.rfind(b"[", start, end)) + 1
        return block.startswith(tag, named)
    return _CUT.search(block[start:end + 1]) is not None


def client(text):
    """Return the Client, octets, of the text behind ``client=``, or None. Logins are not quoted: only their start is sure."""
    found = _CLIENT.match(text)
    if found is None:
        return None
    name, address = found.groups()
    login, rest = b"", text[found.end():]
    start = rest.find(b", sasl_username=")
    if start >= 0:
        login = rest[start + 16:]
        ends = [end for end in map(login.find, ENDS_OF_LOGIN) if end >= 0]
        login = login[:min(ends)] if ends else login
    elif LOCAL.match(text):
        # A filter that gives mail back knows who sent it; whoever else could write that is not believed.
        origin = _ORIGIN.search(rest)
        if origin is not None:
            name, address = origin.groups()
    return Client(name, address, login)


def destination(text):
    """Return (domain in lower case or empty, whole address) of the text behind ``to=``: of orig_to, where the address was rewritten."""
    start = text.find(b", orig_to=<", 0, text.find(b", relay=") + 1 or None)
    found = _ADDRESS.match(text, start + 10 if start >= 0 else 0)
    return (found.group(1).lower(), found.group()) if found else (b"", b"")


def handed_on(text):
    """Return the queue id that a content filter on this host gave the message, or None."""
    found = _QUEUED.search(text) if _RELAY.search(text) else None
    return found.group(1) if found else None
