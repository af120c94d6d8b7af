# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup tables (DATABASE_README, postmap(1)): opened by ``type:name``, asked by key.

A table answers with a str or None; it raises TableError where Postfix would log a lookup error, and Opaque where the
answer cannot be known from files (SQL, LDAP, a socket).
"""

from .errors import Opaque
from .table_patterns import CidrTable
from .table_regexps import PatternTable
from .table_texts import fold, parse_inline, parse_lines
from .text import LIST_SEPARATORS, decode, split_lines, split_words, unbrace

INDEXED = {"hash": ".db", "btree": ".db", "lmdb": ".lmdb", "dbm": ".pag", "cdb": ".cdb", "sdbm": ".pag"}
INLINE_PATTERNS = (3, 7)  # the first version whose cidr, regexp and pcre tables may stand in the value itself
FOREIGN = ("mysql", "pgsql", "ldap", "sqlite", "mongodb", "nis", "nisplus", "netinfo", "tcp", "socketmap", "memcache",
           "unix", "environ", "proxy", "nbdb", "internal", "debug")


class TableError(Exception):
    """A table that is missing or broken: Postfix starts, and answers a lookup error when the table is asked."""


class TableFatal(Exception):
    """A table whose name makes the process that opens it die."""


class FixedTable(object):
    """A table of exact keys, which are folded when they are looked up (dict.h DICT_FLAG_FOLD_FIX).

    stale: whether it is a compiled map that says other than its source text.
    """

    fixed = True

    def __init__(self, name, entries, stale=False):
        self.name = name
        self.entries = entries
        self.stale = stale

    def get(self, key):
        """Return the value for *key*, or None."""
        return self.entries.get(fold(key))

    def keys(self):
        """Return the keys."""
        return list(self.entries)

    def networks(self):
        """Return the Networks that the table tells apart, beyond single keys."""
        return []

    def samples(self):
        """Return texts that patterns of the table match."""
        return []


class StaticTable(FixedTable):
    """``static:value``: every key has the same value."""

    def __init__(self, name, value):
        FixedTable.__init__(self, name, {})
        self.value = value

    def get(self, key):
        return self.value


class BrokenTable(FixedTable):
    """A table that cannot be used: each lookup raises *error*."""

    def __init__(self, name, error):
        FixedTable.__init__(self, name, {})
        self.error = error

    def get(self, key):
        raise self.error


class UnionTable(FixedTable):
    """``unionmap:{a, b}``: the values of all tables, joined by commas; the first table decides how keys are looked up."""

    def __init__(self, name, tables):
        FixedTable.__init__(self, name, {})
        self.tables = tables
        self.fixed = tables[0].fixed
        self.stale = any(getattr(table, "stale", False) for table in tables)

    def get(self, key):
        joined = ""
        for value in [table.get(fold(key) if self.fixed else key) for table in self.tables]:
            if value is not None:
                joined += ("," if joined else "") + value
        return joined or None

    def keys(self):
        return [key for table in self.tables for key in table.keys()]

    def networks(self):
        return [net for table in self.tables for net in table.networks()]

    def samples(self, *forms):
        return [sample for table in self.tables for sample in table.samples(*(forms if hasattr(table, "unreached") else ()))]

    def unreached(self, *forms):
        """Return [(value, pattern), ...] of the rules that no text could be built for."""
        return [one for table in self.tables if hasattr(table, "unreached") for one in table.unreached(*forms)]


class PipeTable(UnionTable):
    """``pipemap:{a, b}``: each table is asked with the answer of the one before."""

    def get(self, key):
        key = fold(key) if self.fixed else key
        for table in self.tables:
            key = table.get(key)
            if key is None:
                return None
        return key


def is_table(word):
    """Tell whether a word of a match list names a table (MATCH_DICTIONARY in match_list.c)."""
    return not word.startswith("[") and ":" in word


def safe_name(spec):
    """Return *spec* without what may hold secrets: the entries of an inline table."""
    kind = spec.partition(":")[0]
    return kind + ":{...}" if "{" in spec else spec


class Tables(object):
    """Opens tables, each once.

    :param files: a Files, through which every byte is read
    :param tuple version: of Postfix, (major, minor)
    """

    def __init__(self, files, version=INLINE_PATTERNS):
        self.files = files
        self.version = version
        self._open = {}

    def open(self, spec):
        """Return the table that *spec* names. :raises TableFatal: where opening it kills the process"""
        if spec not in self._open:
            self._open[spec] = self._make(spec)
        return self._open[spec]

    def _make(self, spec):
        kind, dummy, name = spec.partition(":")
        if not kind or not name:
            raise TableFatal("open dictionary: expecting \"type:name\" form instead of \"{0}\"".format(safe_name(spec)))
        shown = safe_name(spec)
        try:
            return self._by_kind(kind, name, shown)
        except (TableError, Opaque) as exc:
            return BrokenTable(shown, exc)
        except ValueError as exc:
            return BrokenTable(shown, TableError(str(exc)))

    def _by_kind(self, kind, name, shown):
        if kind == "static":
            return StaticTable(shown, _braced(name, shown))
        if kind == "inline":
            return FixedTable(shown, parse_inline(name, shown))
        if kind == "fail":
            return BrokenTable(shown, TableError("{0}: a fail table always fails".format(shown)))
        if kind in ("unionmap", "pipemap"):
            return self._composite(kind, name, shown)
        if kind == "randmap":
            return _random(name, shown)
        if kind == "proxy":
            return self.open(name)
        if kind in ("cidr", "regexp", "pcre"):
            return self._patterns(kind, name, shown)
        if kind == "texthash":
            return self._texthash(name, shown)
        if kind in INDEXED:
            return self._indexed(kind, name, shown)
        if kind in FOREIGN:
            raise Opaque("{0} cannot be read from files".format(shown))
        raise TableError("unsupported dictionary type: {0}".format(kind))

    def _composite(self, kind, name, shown):
        specs = split_words(unbrace(name) or "", LIST_SEPARATORS)
        if not specs or not name.startswith("{") or not all(":" in spec for spec in specs):
            raise TableError("{0}: expected is {1}:{{type:name, ...}}".format(shown, kind))
        tables = [self.open(spec) for spec in specs]
        return (UnionTable if kind == "unionmap" else PipeTable)(shown, tables)

    def _lines(self, name, shown, inline=False):
        if inline and name.startswith("{") and self.version >= INLINE_PATTERNS:
            rules = [unbrace(word) if word.startswith("{") else None for word in split_words(_braced(name, shown), LIST_SEPARATORS)]
            if None in rules:
                raise TableError("{0}: a rule is not in braces".format(shown))
            return [rule + "\n" for rule in rules]
        data = self.files.read(name)
        if data is None and name in self.files.unreadable:
            # Postfix opens its tables as root: what it finds there is not for us to guess.
            raise Opaque("{0} may not be read by this user".format(shown))
        if data is None:
            raise TableError("open {0}: no such file".format(shown))
        return split_lines(decode(data))

    def _patterns(self, kind, name, shown):
        lines = self._lines(name, shown, True)
        if kind == "cidr":
            return CidrTable(shown, lines)
        return PatternTable(kind, shown, lines, lambda keys: self.files.ask(kind, name, keys))

    def _indexed(self, kind, name, shown):
        entries = self.files.dump(kind, name, INDEXED[kind])
        if entries is not None:
            source = self.files.read(name)
            return FixedTable(shown, entries, source is not None and parse_lines(split_lines(decode(source))) != entries)
        if self.files.exists(name + INDEXED[kind]):
            if not self.files.exists(name):
                raise Opaque("{0}: only the compiled map is here, and no postmap to read it".format(shown))
        elif self.files.compiled_needed:
            raise TableError("open database {0}{1}: no such file".format(name, INDEXED[kind]))
        return FixedTable(shown, parse_lines(self._lines(name, shown)), self.files.newer(name, name + INDEXED[kind]))

    def _texthash(self, name, shown):
        twice = []
        entries = parse_lines(self._lines(name, shown), twice)
        if twice:
            # Where postmap(1) warns, a daemon gives up the table.
            raise TableError("{0}: duplicate entry: \"{1}\"".format(shown, twice[0]))
        return FixedTable(shown, entries)


def _braced(name, shown):
    """Return what is in the braces of *name*, or *name* without braces. :raises TableError: where they do not enclose it"""
    inside = unbrace(name) if name.startswith("{") else name
    if inside is None:
        raise TableError("{0}: braces do not enclose it".format(shown))
    return inside


def _random(name, shown):
    """Return the table of ``randmap:{a, b}``. :raises Opaque: where its values differ, for each lookup takes one at random"""
    values = set(split_words(unbrace(name) or "", LIST_SEPARATORS)) if name.startswith("{") else set()
    if not values:
        raise TableError("{0}: expected is randmap:{{value, ...}}".format(shown))
    if len(values) > 1:
        raise Opaque("{0} answers one of its values at random".format(shown))
    table = StaticTable(shown, values.pop())
    table.fixed = False
    return table
