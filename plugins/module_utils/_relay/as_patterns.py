# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of single keys in the form of tables of patterns (access(5), search order).

Where both are asked about the same text, only a text that is made for all of them at once gets past them all.
"""

from itertools import groupby

MOST = 200     # keys of a table; a text that is made for these alone is tried on the whole table all the same
TOGETHER = 40  # keys in one pattern
# What may stand before a parent domain in a name, and in an address.
_BEFORE = {"name": r"^(.+\.)?", "mail": r"@(.+\.)?"}
_EXACT = {"name": "^", "mail": "@"}
_BELOW = {"name": r"^.+", "mail": r"@.+"}


def rules(pairs, style, parents):
    """Return the lines of a pcre table that answers as a table with these entries does.

    :param list pairs: (key, value)
    :param str style: ``mail``, or ``name`` for HELO, client names and client addresses
    :param bool parents: whether ``example.com`` also matches its subdomains (parent_domain_matches_subdomains)
    """
    ranked = sorted((_rank(key, style) + (value, key) for key, value in pairs[:MOST] if key and "\n" not in value))
    lines = []  # type: list[str]
    for (kind, dummy, value), group in groupby(ranked, key=lambda one: one[:3]):
        patterns = [one for one in (_pattern(key, kind, style, parents) for dummy, dummy, dummy, key in group) if one]
        lines.extend("/{0}/ {1}\n".format("|".join(patterns[first:first + TOGETHER]), value.replace("$", "$$"))
                     for first in range(0, len(patterns), TOGETHER))
    return lines


def _rank(key, style):
    """Return (kind, order): what is looked up first comes first, and of domains and networks the longer one; the rest has no order."""
    if style == "mail" and key.endswith("@"):
        return 2, None
    if style == "mail" and (key == "<>" or "@" in key):
        return 0, None
    return 1, -sum(key.strip(".").count(mark) for mark in ".:")


def _pattern(key, kind, style, parents):
    if kind == 0:
        return "^" + ("" if key == "<>" else _escaped(key)) + r"\z"
    if kind == 2:
        return "^" + _escaped(key)
    if key.startswith("."):
        return None if parents else _BELOW[style] + _escaped(key) + r"\z"
    if style == "name" and (":" in key or key.replace(".", "").isdigit()):
        return "^" + _escaped(key) + r"([.:]|\z)"
    return (_BEFORE if parents else _EXACT)[style] + _escaped(key) + r"\z"


def _escaped(text):
    return "".join(char if char.isalnum() or char == "_" else "\\" + char for char in text)
