# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""master.cf, as far as it takes to start a service (master(5), src/master/master_ent.c)."""

import re
from dataclasses import dataclass

STOCK = """\
smtp      inet  n       -       n       -       -       smtpd
cleanup   unix  n       -       n       -       0       cleanup
rewrite   unix  -       -       n       -       -       trivial-rewrite
proxymap  unix  -       -       n       -       -       proxymap
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
anvil     unix  -       -       n       -       1       anvil
"""
LISTENERS = ("inet", "pass")
# What the fields after the name may hold: type, private, unprivileged, chroot, wakeup time, process limit.
FIELDS = tuple(map(re.compile, (r"inet|unix|unix-dgram|fifo|pass", r"[-yn]", r"[-yn]", r"[-yn]", r"-|\d+\??", r"-|\d+")))


class MasterError(Exception):
    """master(8) itself would refuse to start; the message says why."""


@dataclass(frozen=True)
class Service:
    """One entry of master.cf.

    name, type  first and second field
    command     base name of the daemon
    arguments   what follows it, braces taken off
    """

    name: str
    type: str
    command: str
    arguments: tuple

    @property
    def listens(self):
        """Does it take connections of SMTP clients?"""
        return self.command == "smtpd" and self.type in LISTENERS


def logical_lines(text):
    """Yield the logical lines of main.cf or master.cf text."""
    current = None
    for raw in text.split("\n"):
        raw = raw.rstrip("\r")
        if not raw.strip() or raw.lstrip().startswith("#"):
            continue
        if raw[0] in " \t" and current is not None:
            current += raw
            continue
        if current is not None:
            yield current
        current = raw
    if current is not None:
        yield current


def _close(text, start):
    depth = 0
    for index in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[index], 0)
        if depth == 0:
            return index + 1
    raise MasterError("missing '}' in %s" % text)


def _tokens(text):
    """Split at blanks; a token that begins with { runs to its }, the inner text stripped."""
    index, found = 0, []
    while index < len(text):
        if text[index].isspace():
            index += 1
            continue
        end = index
        if text[index] == "{":
            end = _close(text, index)
            if end < len(text) and not text[end].isspace():
                raise MasterError("syntax error after '}' in %s" % text)
            found.append(text[index + 1:end - 1].strip())
            index = end
            continue
        depth = 0
        while end < len(text) and (depth or not text[end].isspace()):
            # Braces within a word keep it together; one that is never closed, up to the end (mystrtokq).
            depth = max(0, depth + {"{": 1, "}": -1}.get(text[end], 0))
            end += 1
        found.append(text[index:end])
        index = end
    return found


def services(text):
    """Read master.cf.

    text   str, the file's content
    Returns a list of Service, of two with the same socket the last (master_config in master_conf.c). Raises MasterError where master(8) would.
    """
    found = {}
    for entry in logical_lines(text):
        fields = entry.split(None, 8)
        if len(fields) < 8:
            raise MasterError("bad field count in %s" % entry)
        for value, form in zip(fields[1:], FIELDS):
            if not form.fullmatch(value):
                raise MasterError("bad field %s in %s" % (value, entry))
        rest = _tokens(fields[8]) if len(fields) == 9 else []
        # "duplicate master.cf entry for service ... -- using the last entry"
        found.pop((fields[0], fields[1], fields[2] == "n"), None)
        found[fields[0], fields[1], fields[2] == "n"] = Service(fields[0], fields[1], fields[7], tuple(rest))
    return list(found.values())


def find(entries, name, command=None):
    """The service called name ("smtp", or "smtp/inet" where two share it), or None."""
    name, _, kind = name.partition("/") if name.endswith(("/inet", "/unix", "/pass")) else (name, "", "")
    for entry in entries:
        if entry.name == name and kind in ("", entry.type) and command in (None, entry.command):
            return entry
    return None
