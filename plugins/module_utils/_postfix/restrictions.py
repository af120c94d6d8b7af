# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restriction lists parsed into items (smtpd_check_parse and generic_checks in smtpd_check.c)."""

from collections import namedtuple
from functools import lru_cache

from .catalogue import GONE, REQUIRED, RESTRICTIONS
from .text import lowered, split_words

# effect: of the catalogue, or "class" (argument: its name), or "error" (argument: why it answers 451 when reached).
# warn: warn_if_reject stands before it. word: index of its first word in the list, for messages and edits.
Item = namedtuple("Item", "name effect argument warn word")


def parse(value, shorthand, classes, version):
    """Return the Items of the list *value*.

    :param str shorthand: the restriction that a bare ``type:table`` stands for, or None
    :param classes: container of restriction class names
    :param tuple version: of Postfix, (major, minor)
    """
    return list(_parse(value, shorthand, frozenset(classes), version))


@lru_cache(maxsize=256)
def _parse(value, shorthand, classes, version):
    tokens = split_words(value)
    items, index, warn = [], 0, False
    while index < len(tokens):
        start = index
        name = tokens[index]
        index += 1
        if lowered(name) == "warn_if_reject":
            warn = True
            continue
        if ":" in name:
            if shorthand is None:
                items.append(Item(name, "error", "a table without a check_*_access before it", warn, start))
                break
            items.append(Item(shorthand, RESTRICTIONS[shorthand].effect, name, warn, start))
            warn = False
            continue
        row = RESTRICTIONS.get(lowered(name))
        if row is None:
            known = name in classes
            items.append(Item(name, "class" if known else "error",
                              name if known else "unknown smtpd restriction: \"{0}\"".format(name), warn, start))
        elif row.argument is None:
            gone = row.until is not None and version >= row.until
            items.append(Item(row.name, GONE[row.name] if gone else row.effect,
                              "support for {0} was removed in 3.9".format(name) if gone else None, warn, start))
        else:
            argument = tokens[index] if index < len(tokens) else None
            wrong = _wrong_argument(row, argument)
            if argument is not None and not (wrong and row.argument == "seconds"):
                index += 1
            if wrong:
                items.append(Item(row.name, "error", wrong, warn, start))
            elif argument is not None:
                items.append(Item(row.name, row.effect, argument, warn, start))
        warn = False
    return items


def _wrong_argument(row, argument):
    if row.argument in ("table", "policy") and (argument is None or ":" not in argument):
        return "restriction {0}: bad argument \"{1}\": need maptype:mapname".format(row.name, argument)
    if row.argument == "seconds" and (argument is None or argument.strip("0123456789")):
        return "restriction sleep must be followed by number"
    return None


def has_required(value, classes, within=()):
    """Tell whether smtpd's start-up check finds a guard in the list *value* (has_required in smtpd_check.c).

    :param classes: dict of class name -> list text
    :param within: names of the classes around this list
    :raises ValueError: for a class within itself, on which smtpd runs out of stack
    """
    tokens = split_words(value)
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        if lowered(token) == "warn_if_reject" and index < len(tokens):
            index += 1
            continue
        if lowered(token) == "permit":
            return False
        if lowered(token) in REQUIRED:
            return True
        if token in within:
            raise ValueError("a restriction class contains itself")
        if token in classes and has_required(classes[token], classes, within + (token,)):
            return True
    return False
