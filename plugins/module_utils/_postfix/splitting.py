# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a box of dialogues is split by what a restriction answers to each."""

from collections import OrderedDict, namedtuple
from collections.abc import Callable, Iterable

from .replies import DUNNO, PERMIT, SERVER_ERROR, TABLE_ERROR, Nested, Reject, table_result
from .tables import Maps, Opaque, RandomTable, TableError, TableFatal

_TURNED_AWAY = Reject(450, False)
# Of what cannot be read: its name, and the answer that is taken for granted on this path
Guess = namedtuple("Guess", "what answer")

# clients: ((name, address text), ...); helos: (str or None, ...); senders: (str, ...), "" is <>; recipients: (str, ...);
# login: the name that the client logged in with, or None
Box = namedtuple("Box", "clients helos senders recipients login")

# The dialogues of a box and what their way has gathered. available: which of client, helo, sender, recipient smtpd
# knows; discard: a DISCARD ended it; unknown: what could not be read; because: ((parameter, Item), ...) that permitted, and
# last the one at which the server failed, if it did; (None, None) where that stands in no list
Path = namedtuple("Path", "box available defer_if_permit defer_if_reject discard unknown because")


def split(path: Path, field: str, classify: "Callable") -> "list[tuple]":
    """Split the box by ``classify(value)`` of each value of *field*; return [(result, Path), ...]."""
    groups = OrderedDict()  # type: OrderedDict
    for value in getattr(path.box, field):
        groups.setdefault(classify(value), []).append(value)
    if len(groups) == 1:
        return [(next(iter(groups)), path)]
    return [(result, path._replace(box=path.box._replace(**{field: tuple(values)}))) for result, values in groups.items()]


def unknown(path: Path, what: str) -> "list[tuple]":
    """All that the answer may be when it cannot be read: for a stranger the first two matter, for who is entitled the last too."""
    return [(answer, guessed(path, what, answer)) for answer in (PERMIT, DUNNO, _TURNED_AWAY)]


def guessed(path: Path, what: str, answer: "str | Reject") -> Path:
    """Return the Path on which *answer* is taken for granted of *what*."""
    guess = Guess(what, answer)
    return path if guess in path.unknown else path._replace(unknown=path.unknown + (guess,))


class Either(tuple):
    """Answers of which any may come; one who tries often enough gets each."""


class Failed(Exception):
    """trivial-rewrite could not resolve an address."""


class Unread(str):
    """A table's answer that cannot be read: the text names the table."""


def lookup(listener, item, path, field, ask):
    """Split by what a table answers; *ask* maps (Maps, value of the field) to a str or None."""
    try:
        table = Maps(item.argument, listener.tables)
    except TableFatal:
        return [(SERVER_ERROR, path)]

    def classify(value):
        try:
            answer = ask(table, value)
        except TableError:
            return TABLE_ERROR
        except Failed:
            return SERVER_ERROR
        except Opaque as exc:
            return Unread(exc)
        if answer is not None and isinstance(table.tables[0], RandomTable):
            return Either(table_result(one, path.available, listener.code) for one in table.tables[0].values)
        return DUNNO if answer is None else table_result(answer, path.available, listener.code)

    return read(split(path, field, classify))


def read(found: "Iterable[tuple]") -> "list[tuple]":
    """Put all answers that matter in place of each that cannot be read, or is left to chance."""
    pairs = []
    for result, sub in found:
        if isinstance(result, Unread):
            pairs.extend(unknown(sub, str(result)))
        else:
            pairs.extend((one, sub) for one in (result if isinstance(result, Either) else (result,)))
    return pairs


def needs(what):
    """Make an effect that does nothing while smtpd does not know *what* yet (smtpd_delay_reject = no)."""
    def wrap(effect):
        def wrapped(listener, item, path):
            return effect(listener, item, path) if what in path.available else [(DUNNO, path)]
        return wrapped
    return wrap


def without(permit: "str | Reject", found: "Iterable[tuple]") -> "list[tuple]":
    """Put *permit* in place of each PERMIT among [(result, Path), ...]."""
    return [(permit if result is PERMIT else Nested(result.text, permit) if isinstance(result, Nested) else result, sub)
            for result, sub in found]
