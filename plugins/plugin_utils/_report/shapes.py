# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module's result must look like to be taken: it comes from a host that may be anyone's.

A reader takes a value and the place where it stands, and returns it as the document has it, or raises Malformed.
"""

import datetime
import sys

from .text import bounded

SEVERITIES = ("critical", "high", "medium", "low")
VERDICTS = ("open", "down", "unknown", "closed")


class Malformed(ValueError):
    """A value that is not what the module promises."""


def text(value, where):
    if not isinstance(value, str):
        raise Malformed("{0} is no text".format(where))
    return bounded(value)


def name(value, where):
    """A short text that many results share."""
    return sys.intern(str(text(value, where)))


def loose_text(value, where):
    """A text; null is the empty one."""
    return "" if value is None else text(value, where)


def flag(value, where):
    if not isinstance(value, bool):
        raise Malformed("{0} is neither true nor false".format(where))
    return value


def line_number(value, where):
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2 ** 31:
        raise Malformed("{0} is no line number".format(where))
    return value


def day(value, where):
    try:
        return datetime.datetime.strptime(text(value, where), "%Y-%m-%d").date().isoformat()
    except ValueError:
        raise Malformed("{0} is no day".format(where))


def moment(value, where):
    """A time as the document has it, in UTC."""
    try:
        return datetime.datetime.strptime(text(value, where), "%Y-%m-%dT%H:%M:%SZ").strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        raise Malformed("{0} is no time".format(where))


def optional(reader):
    return lambda value, where: None if value is None else reader(value, where)


def one_of(*choices):
    def read(value, where):
        if not isinstance(value, str) or value not in choices:
            raise Malformed("{0} is none of {1}".format(where, ", ".join(choices)))
        return choices[choices.index(value)]
    return read


def listing(reader):
    def read(value, where):
        if not isinstance(value, list):
            raise Malformed("{0} is no list".format(where))
        return [reader(one, "{0}[{1}]".format(where, index)) for index, one in enumerate(value)]
    return read


def texts_by_name(value, where):
    if not isinstance(value, dict):
        raise Malformed("{0} is no dictionary".format(where))
    return dict((text(key, where), text(one, where)) for key, one in value.items() if one is not None)


def record(**readers):
    """A dictionary with these fields; others are left behind."""
    def read(value, where):
        if not isinstance(value, dict):
            raise Malformed("{0} is no dictionary".format(where))
        return dict((key, reader(value.get(key), "{0}.{1}".format(where, key))) for key, reader in readers.items())
    return read


WITNESS = record(client_address=text, client_name=loose_text, helo=loose_text, sender=loose_text, recipient=loose_text,
                 xclient=optional(texts_by_name))
LISTENER = record(
    service=text, verdict=one_of(*VERDICTS), witness=optional(WITNESS),
    because=listing(record(file=optional(text), line=optional(line_number), parameter=optional(name), item=optional(text))),
    reasons=listing(text))
FINDING = record(id=name, severity=one_of(*SEVERITIES), file=optional(name), line=optional(line_number), parameter=optional(name),
                 service=optional(name), message=text, waived=flag, waiver=optional(record(reason=text, until=day)))
EDIT = record(file=text, service=optional(name), parameter=name, before=optional(text), after=optional(text), findings=listing(name))
ACCESS = record(lost=listing(text), kept=listing(text))
