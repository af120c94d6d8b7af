# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a restriction can answer, and what the value of an access table means (access(5); check_table_result in smtpd_check.c)."""

from collections import namedtuple
from collections.abc import Callable

from .text import lowered

PERMIT, DUNNO, DISCARD, DEFER_IF_PERMIT, DEFER_IF_REJECT = "permit", "dunno", "discard", "defer_if_permit", "defer_if_reject"


class Reject(namedtuple("Reject", "code server fixed")):
    """code: of SMTP; server: whether the server, not its policy, is at fault; fixed: warn_if_reject does not soften it."""

    __slots__ = ()

    def __new__(cls, code: int, server: bool, fixed: bool = False) -> "Reject":
        return super(Reject, cls).__new__(cls, code, server, fixed)


# A table's answer that is itself a list; permit: what its PERMIT counts as (DUNNO for a source-routed recipient)
Nested = namedtuple("Nested", "text permit")

SERVER_ERROR = Reject(451, True, True)
# A table that fails says 451 by a value of its own, which warn_if_reject softens as any other.
TABLE_ERROR = Reject(451, True, False)
# A class within itself: smtpd runs out of stack in the midst of the dialogue.
DEATH = Reject(421, True, True)
BAD_SYNTAX = Reject(501, False, True)
_BAD_CODE = Reject(450, True, False)

# command of an access table: its action, or the parameter with its reply code
_COMMANDS = {"dunno": DUNNO, "ok": PERMIT, "relay": PERMIT, "discard": DISCARD, "hangup": Reject(421, False),
             "defer_if_permit": DEFER_IF_PERMIT, "defer_if_reject": DEFER_IF_REJECT, "info": DUNNO, "warn": DUNNO, "filter": DUNNO,
             "hold": DUNNO, "redirect": DUNNO, "bcc": DUNNO, "prepend": DUNNO}  # type: dict[str, str | Reject]
_CODES = {"reject": "access_map_reject_code", "defer": "access_map_defer_code"}


def reject(code: int) -> Reject:
    """Return the Reject with reply *code* (int), as smtpd_check_reject() gives it: a code that accepts is none."""
    return Reject(code, False) if 400 <= code <= 599 else _BAD_CODE


def table_result(value: str, available: "frozenset[str]", code_of: "Callable[[str], int]") -> "str | Reject | Nested":
    """Return what the value of an access table means.

    :param str value: of the table
    :param available: which of client, helo, sender and recipient smtpd knows by now
    :param code_of: callable, name of a parameter -> its reply code
    """
    command = lowered(value.replace("\t", " ").partition(" ")[0])
    action = _COMMANDS.get(command)
    if action is DISCARD and "sender" not in available:
        return DUNNO
    if action is not None:
        return action
    if command in _CODES:
        return reject(code_of(_CODES[command]))
    if value and not value.strip("0123456789"):
        return PERMIT
    if len(command) == 3 and command[0] in "45" and not command.strip("0123456789") and value[3:].strip():
        return Reject(int(command), command == "451" and "onfiguration" in value)
    if ":" in value:
        return SERVER_ERROR
    return Nested(value, PERMIT)
