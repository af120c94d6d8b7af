# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup tables (DATABASE_README, postmap(1)): opened by ``type:name``, asked by key.

A table answers with a str or None; it raises TableError where Postfix would log a lookup error, and Opaque where the
answer cannot be known from files (SQL, LDAP, a socket).
"""

from collections.abc import Callable

from .errors import Opaque
from .files import Files
from .table_cidr import CidrTable
from .table_texts import casefolded, first_of_each, one_of_each, parse_inline, parse_lines
from .text import LIST_SEPARATORS, decode, split_lines, split_words, unbrace

INDEXED = {"hash": ".db", "btree": ".db", "lmdb": ".lmdb", "dbm": ".pag", "cdb": ".cdb", "sdbm": ".pag"}
INLINE_PATTERNS = (3, 7)  # the first version whose cidr, regexp and pcre tables may stand in the value itself
DENIED_LIVES = (3, 11)  # the first version whose daemons outlive a table that proxymap(8) denies, and whose proxymap(8) looks into classes
FOREIGN = ("mysql", "pgsql", "ldap", "sqlite", "mongodb", "nis", "nisplus", "netinfo", "tcp", "socketmap", "memcache",
           "unix", "environ", "proxy", "nbdb", "internal", "debug")


class TableError(Exception):
    """A table that is missing or broken: Postfix starts, and answers a lookup error when the table is asked."""


class TableFatal(Exception):
    """A table whose name makes the process that opens it die."""


class FixedTable(object):
    """A table of exact keys.

    fold: what is done to a key that is looked up; a list of patterns does nothing to it (dict.h DICT_FLAG_FOLD_FIX).
    stale: whether it is a compiled map that says other than its source text.
    """

    fixed = True

    def __init__(self, name: str, entries: "dict[str, str]", stale: bool = False, fold: "Callable[[str], str]" = casefolded) -> None:
        self.name = name
        self.entries = entries
        self.stale = stale
        self.fold = fold

    def get(self, key: str) -> "str | None":
        """Return the value for *key*, or None."""
        return self.entries.get(self.fold(key))

    def keys(self) -> "list[str]":
        """Return the keys."""
        return list(self.entries)

    def networks(self) -> list:
        """Return the Networks that the table tells apart, beyond single keys."""
        return []

    def samples(self, dummy_forms: "tuple[str, ...]", dummy_harmless: "Callable[[str], bool] | None" = None) -> "list[str]":
        """Return texts that patterns of the table match."""
        return []

    def unreached(self, dummy_forms: "tuple[str, ...]", dummy_harmless: "Callable[[str], bool] | None" = None) -> "list[tuple]":
        """Return [(value, pattern), ...] for which no text could be built."""
        return []


class StaticTable(FixedTable):
    """``static:value``: every key has the same value."""

    def __init__(self, name: str, value: str) -> None:
        FixedTable.__init__(self, name, {})
        self.value = value

    def get(self, key: str) -> "str | None":
        return self.value


class RandomTable(StaticTable):
    """``randmap:{a, b}``: for every key one of *values*, whichever comes."""

    fixed = False

    def __init__(self, name: str, values: "list[str]") -> None:
        StaticTable.__init__(self, name, values[0])
        self.values = values


class BrokenTable(FixedTable):
    """A table that cannot be used: each lookup raises *error*."""

    fixed = False

    def __init__(self, name: str, error: Exception) -> None:
        FixedTable.__init__(self, name, {})
        self.error = error

    def get(self, key: str) -> "str | None":
        raise self.error


class UnionTable(FixedTable):
    """``unionmap:{a, b}``: the values of all tables, joined by commas. Which keys it is asked for, its first table says."""

    def __init__(self, name: str, tables: list, fold: "Callable[[str], str]" = casefolded) -> None:
        FixedTable.__init__(self, name, {}, fold=fold)
        self.tables = tables
        self.fixed = tables[0].fixed
        self.stale = any(table.stale for table in tables)

    def get(self, key: str) -> "str | None":
        joined = ""
        for value in [table.get(self.fold(key) if self.fixed else key) for table in self.tables]:
            if value is not None:
                joined += ("," if joined else "") + value
        return joined or None

    def keys(self) -> "list[str]":
        return [key for table in self.tables for key in table.keys()]

    def networks(self) -> list:
        return [net for table in self.tables for net in table.networks()]

    def samples(self, forms: "tuple[str, ...]", harmless: "Callable[[str], bool] | None" = None) -> "list[str]":
        return [sample for table in self.tables for sample in table.samples(forms, harmless)]

    def unreached(self, forms: "tuple[str, ...]", harmless: "Callable[[str], bool] | None" = None) -> "list[tuple]":
        return [rule for table in self.tables for rule in table.unreached(forms, harmless)]


class PipeTable(UnionTable):
    """``pipemap:{a, b}``: each table is asked with the answer of the one before."""

    def get(self, key: str) -> "str | None":
        key = self.fold(key) if self.fixed else key
        for table in self.tables:
            key = table.get(key)
            if key is None:
                return None
        return key


class Maps(object):
    """The tables of one parameter, asked in order (maps.c).

    :param str value: ``type:name`` words
    :param Tables tables: opens them
    :raises TableFatal: where opening one kills the process
    """

    def __init__(self, value: str, tables) -> None:
        self.tables = [tables.open(spec) for spec in split_words(value)]

    def __bool__(self) -> bool:
        return bool(self.tables)

    def get(self, key: str, partial: bool = False) -> "str | None":
        """Return the first value for *key*, or None.

        :param bool partial: whether the key is part of what is looked up; tables of patterns are not asked for one
        :raises TableError: where a table fails, or answers with nothing
        :raises Opaque: where a table cannot be read
        """
        for table in self.tables if key else ():
            value = None if partial and not table.fixed else table.get(key)
            if value == "":
                raise TableError("{0}: an empty value".format(table.name))
            if value is not None:
                return value
        return None


def is_table(word: str) -> bool:
    """Tell whether a word of a match list names a table (MATCH_DICTIONARY in match_list.c)."""
    return not word.startswith("[") and ":" in word


def safe_name(spec: str) -> str:
    """Return *spec* without what may hold secrets: the entries of an inline table."""
    kind = spec.partition(":")[0]
    return kind + ":{...}" if "{" in spec else spec


class Tables(object):
    """Opens tables, each once.

    :param files: a Files, through which every byte is read
    :param tuple version: of Postfix, (major, minor)
    :param bool fatal: whether a process dies of a table that it cannot open (daemon_table_open_error_is_fatal)
    """

    def __init__(self, files: Files, version: "tuple[int, ...]" = INLINE_PATTERNS, fatal: bool = False) -> None:
        self.files = files
        self.version = version
        self.fatal = fatal
        self._open = {}  # type: dict[tuple, FixedTable]
        self._strict = None  # type: Tables | None

    def strict(self) -> "Tables":
        """Return these tables for a process that dies of one that it cannot open."""
        self._strict = self._strict or Tables(self.files, self.version, True)
        return self._strict

    def open(self, spec, fold=casefolded):
        """Return the table that *spec* names. :raises TableFatal: where opening it kills the process

        :param callable fold: what is done to keys, to those of texthash and inline tables as well: lists of patterns leave capitals,
            and have what they look up in lower case already (DICT_FLAG_FOLD_FIX)
        """
        if (spec, fold) not in self._open:
            self._open[(spec, fold)] = self._make(spec, fold)
        return self._open[(spec, fold)]

    def _make(self, spec, fold):
        kind, dummy, name = spec.partition(":")
        if not kind or not name:
            raise TableFatal("open dictionary: expecting \"type:name\" form instead of \"{0}\"".format(safe_name(spec)))
        shown = safe_name(spec)
        try:
            return self._by_kind(kind, name, shown, fold)
        except Opaque as exc:
            return BrokenTable(shown, exc)
        except (TableError, ValueError) as exc:
            if self.fatal:
                raise TableFatal(str(exc))
            return BrokenTable(shown, TableError(str(exc)))

    def _by_kind(self, kind, name, shown, fold):
        if kind == "static":
            return StaticTable(shown, _braced(name, shown))
        if kind == "inline":
            return FixedTable(shown, parse_inline(name, fold, shown), fold=fold)
        if kind == "fail":
            return BrokenTable(shown, TableError("{0}: a fail table always fails".format(shown)))
        if kind in ("unionmap", "pipemap", "randmap"):
            return self._composite(kind, name, shown, fold)
        if kind == "proxy":
            return self.open(name, fold)
        if kind in ("cidr", "regexp", "pcre"):
            return self._patterns(kind, name, shown)
        if kind == "texthash":
            return FixedTable(shown, one_of_each(parse_lines(self._lines(name, shown)), fold, shown), fold=fold)
        if kind in INDEXED:
            return self._indexed(kind, name, shown, fold)
        if kind in FOREIGN:
            raise Opaque("{0} cannot be read from files".format(shown))
        raise TableError("unsupported dictionary type: {0}".format(kind))

    def _composite(self, kind, name, shown, fold):
        found = split_words(unbrace(name) or "", LIST_SEPARATORS)
        if not found or not name.startswith("{") or kind != "randmap" and not all(":" in word for word in found):
            raise TableError("{0}: expected is {1}:{{type:name, ...}}".format(shown, kind))
        if kind == "randmap":
            return RandomTable(shown, found)
        tables = [self.open(word, fold) for word in found]
        return (UnionTable if kind == "unionmap" else PipeTable)(shown, tables, fold)

    def _lines(self, name, shown, inline=False):
        if inline and name.startswith("{") and self.version >= INLINE_PATTERNS:
            rules = [unbrace(word) if word.startswith("{") else None for word in split_words(_braced(name, shown), LIST_SEPARATORS)]
            if None in rules:
                raise TableError("{0}: a rule is not in braces".format(shown))
            return [rule + "\n" for rule in rules if rule is not None]
        if self.files.is_folder(name):
            raise TableFatal("{0}: read error: Is a directory".format(shown))  # it can be opened (dict_cidr.c, dict_thash.c)
        data = self.files.read(name)
        if data is None and name in self.files.unreadable:
            # Postfix opens its tables as root: what it finds there is not for us to guess.
            raise Opaque("{0} may not be read by this user".format(shown))
        if data is None:
            raise TableError("open {0}: no such file".format(shown))
        return split_lines(decode(data))

    def _patterns(self, kind, name, shown):
        # A folder can be opened like a file, and that nothing can be read from it goes unnoticed there (dict_regexp.c, dict_pcre.c).
        lines = [] if kind != "cidr" and self.files.is_folder(name) else self._lines(name, shown, True)
        if kind == "cidr":
            return CidrTable(shown, lines)
        # Here and not above: it brings an engine for patterns, which few hosts need, and which Python compiles anew on each of them.
        from .table_regexps import PatternTable
        return PatternTable(kind, shown, lines, lambda keys: self.files.ask(kind, name, keys))

    def _indexed(self, kind, name, shown, fold):
        entries = self.files.dump(kind, name, INDEXED[kind])
        if entries is not None:
            source = self.files.read(name)
            return FixedTable(shown, entries, source is not None and first_of_each(parse_lines(split_lines(decode(source)))) != entries, fold)
        if self.files.exists(name + INDEXED[kind]):
            if not self.files.exists(name):
                raise Opaque("{0}: only the compiled map is here, and no postmap to read it".format(shown))
        elif self.files.compiled_needed:
            raise TableError("open database {0}{1}: no such file".format(name, INDEXED[kind]))
        elif self.files.is_folder(name):
            raise TableError("open database {0}{1}: there is a folder {0}, and no map".format(name, INDEXED[kind]))
        return FixedTable(shown, first_of_each(parse_lines(self._lines(name, shown))), self.files.newer(name, name + INDEXED[kind]), fold)


class Unread(Tables):
    """Tables of which some count as unread.

    :param Tables tables: opens all others
    :param dict reasons: spec -> why it cannot be told what that table answers
    """

    def __init__(self, tables: Tables, reasons: "dict[str, str]") -> None:
        Tables.__init__(self, tables.files, tables.version)
        self.tables = tables
        self.reasons = reasons

    def open(self, spec, fold=casefolded):
        """Return the table that *spec* names, see Tables.open()."""
        if spec in self.reasons:
            return BrokenTable(safe_name(spec), Opaque(self.reasons[spec]))
        return self.tables.open(spec, fold)


class Proxied(Tables):
    """Tables as a daemon opens them, to which proxymap(8) hands out those alone that it is told to (dict_proxy.c).

    :param Tables tables: opens all that may be opened
    :param callable approved: () -> container of the specs, without ``proxy:``, that proxymap(8) hands out
    """

    def __init__(self, tables: Tables, approved: "Callable") -> None:
        Tables.__init__(self, tables.files, tables.version, tables.fatal)
        self.tables = tables
        self.approved = approved

    def open(self, spec, fold=casefolded):
        """Return the table that *spec* names, see Tables.open()."""
        bare = behind_proxy(spec)
        if bare != spec and ":" in bare and bare not in self.approved():
            reason = "proxymap service is not configured for table \"{0}\"".format(safe_name(bare))
            if self.fatal or self.version < DENIED_LIVES:
                raise TableFatal(reason)
            return BrokenTable(safe_name(spec), TableError(reason))
        return self.tables.open(spec, fold)


def proxied_in(text: str) -> "list[str]":
    """Return the specs behind ``proxy:`` in *text*, also those within pipemap and unionmap (authorize_proxied_maps in proxymap.c)."""
    found = []
    for word in split_words(text):
        if word.startswith("proxy:"):
            found.append(behind_proxy(word))
        elif "{" in word:
            found.extend(proxied_in(word.partition("{")[2].rpartition("}")[0]))
    return found


def behind_proxy(spec: str) -> str:
    """Return *spec* without each ``proxy:`` at its head."""
    while spec.startswith("proxy:"):
        spec = spec[len("proxy:"):]
    return spec


def _braced(name: str, shown: str) -> str:
    """Return what is in the braces of *name*, or *name* without braces. :raises TableError: where they do not enclose it"""
    inside = unbrace(name) if name.startswith("{") else name
    if inside is None:
        raise TableError("{0}: braces do not enclose it".format(shown))
    return inside
