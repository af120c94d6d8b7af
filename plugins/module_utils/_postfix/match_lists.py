# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Match lists (postconf(5); match_list.c, match_ops.c): host names, addresses, domains, first match wins."""

from .networks import parse_address, parse_network
from .tables import Opaque, TableError, TableFatal, is_table
from .text import decode, logical_lines, split_lines, words

_V4 = frozenset("0123456789.")
_V6 = frozenset("0123456789abcdefABCDEF:.")


class ListFatal(Exception):
    """A list that kills the process that reads it."""


class ListError(Exception):
    """A pattern that gives a lookup error to everyone who reaches it."""


class Pattern(object):
    """One pattern of a list.

    text: lower case, without ``!``; negate: bool; table: an open table or None; network: Network or None;
    error: why it fails when reached, or None; origin: path of the file it came from, or None.
    """

    __slots__ = ("text", "negate", "table", "network", "error", "origin")

    def __init__(self, text, negate, origin):
        self.text = text
        self.negate = negate
        self.origin = origin
        self.table = self.network = self.error = None


class MatchList(object):
    """A parsed list.

    :param str value: the list's text, macros expanded
    :param Tables tables: opens the tables it names
    :param bool parents: whether ``example.com`` also matches its subdomains (parent_domain_matches_subdomains)
    :raises ListFatal: for what Postfix dies of (a lone ``!``, ``::/0``)
    """

    def __init__(self, value, tables, parents=False):
        self.parents = parents
        self.patterns = []
        self.comment = None
        self._read(value, False, tables, None)

    def _read(self, value, negate, tables, origin):
        for word in words(value):
            if word.text.startswith("#"):
                # Postfix drops the rest of the list, or of the file's line.
                self.comment = self.comment or word.text
                return
            bare = word.text.lstrip("!")
            inverted = negate != ((len(word.text) - len(bare)) % 2 == 1)
            if not bare:
                raise ListFatal("no pattern after '!'")
            if bare.startswith("/"):
                self._file(bare, inverted, tables)
            else:
                self._add(bare, inverted, tables, origin)

    def _file(self, path, negate, tables):
        data = tables.files.read(path)
        if data is None:
            pattern = Pattern(path, negate, path)
            if path in tables.files.unreadable:
                pattern.table = tables.open("texthash:" + path)  # opaque, and says so
            else:
                pattern.error = "open file {0}: no such file".format(path)
            self.patterns.append(pattern)
            return
        for logical in logical_lines(split_lines(decode(data))):
            self._read(logical.text, negate, tables, path)

    def _add(self, bare, negate, tables, origin):
        pattern = Pattern(bare if is_table(bare) else bare.lower(), negate, origin)
        if is_table(bare):
            try:
                pattern.table = tables.open(bare)
            except TableFatal as exc:
                raise ListFatal(str(exc))
        elif _is_network(pattern.text):
            try:
                pattern.network = parse_network(pattern.text)
            except ValueError as exc:
                # Plain digits and dots are compared as text: what is no address matches no one.
                pattern.error = str(exc) if ":" in pattern.text or "/" in pattern.text else None
        elif pattern.text.startswith("[") and pattern.text.endswith("]"):
            pattern.network = _literal(pattern.text)
        self.patterns.append(pattern)

    def matches_client(self, name, address):
        """Tell whether a client matches, by name, then by address. :raises ListError, Opaque:"""
        lowered = name.lower()
        number = None
        for pattern in self.patterns:
            if self._name(pattern, lowered):
                return not pattern.negate
            if pattern.table is not None:
                found = self._ask(pattern, address)
            elif pattern.network is not None or pattern.error is not None:
                if number is None:
                    number = parse_address(address)
                found = self._address(pattern, number)
            else:
                found = pattern.text.strip("[]") == address
            if found:
                return not pattern.negate
        return False

    def matches_domain(self, name):
        """Tell whether a domain name matches, with its parents where the list's style says so. :raises ListError, Opaque:"""
        lowered = name.lower()
        for pattern in self.patterns:
            if self._name(pattern, lowered):
                return not pattern.negate
        return False

    def matches_string(self, text):
        """Tell whether *text* equals a pattern or is a table's key. :raises ListError, Opaque:"""
        lowered = text.lower()
        for pattern in self.patterns:
            found = self._ask(pattern, lowered) if pattern.table is not None else pattern.text == lowered
            if found:
                return not pattern.negate
            if pattern.error is not None and pattern.origin == pattern.text:
                raise ListError(pattern.error)
        return False

    def _ask(self, pattern, key):
        try:
            return pattern.table.get(key) is not None
        except TableError as exc:
            raise ListError(str(exc))

    def _name(self, pattern, name):
        if pattern.error is not None and pattern.origin == pattern.text:
            raise ListError(pattern.error)
        if pattern.table is None:
            return name == pattern.text or self._below(name, pattern.text)
        entry = name
        while entry:
            if (entry == name or pattern.table.fixed) and self._ask(pattern, entry):
                return True
            dot = entry.find(".", 1)
            if dot < 0:
                return False
            entry = entry[dot + 1:] if self.parents else entry[dot:]
        return False

    def _below(self, name, pattern):
        if self.parents:
            return name.endswith("." + pattern) and len(name) > len(pattern) + 1
        return pattern.startswith(".") and name.endswith(pattern) and len(name) > len(pattern)

    @staticmethod
    def _address(pattern, number):
        if (number[0] == 6) != (":" in pattern.text):
            return False
        if pattern.error is not None:
            raise ListError(pattern.error)
        return pattern.network.holds(number)


def _literal(text):
    """Return the Network of an address in brackets, or None."""
    try:
        return parse_network(text)
    except ValueError:
        return None


def _is_network(text):
    """Tell whether match_hostaddr would parse *text* as an address or a network."""
    if not (":" in text or "/" in text or text.startswith("[")):
        return bool(text) and all(char in _V4 for char in text) and text.count(".") == 3
    inner = text.replace("[", "").replace("]", "").replace("/", "")
    return all(char in _V6 for char in inner) and not (":" not in text and "/" not in text)


__all__ = ["ListError", "ListFatal", "MatchList", "Opaque", "Pattern"]
