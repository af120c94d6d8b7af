# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Match lists (postconf(5); match_list.c, match_ops.c): host names, addresses, domains, first match wins."""

from .networks import EVERYTHING, Ranges, parse_address, parse_network
from .tables import Opaque, TableError, TableFatal, is_table
from .text import decode, logical_texts, split_lines, split_words

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

    def __init__(self, value: str, tables, parents: bool = False) -> None:
        self.parents = parents
        self.patterns = []  # type: list[Pattern]
        self.comment = None  # type: str | None
        self._stretches = None  # type: list | None
        self._clients = {}  # type: dict[tuple[str, str], bool]
        self._read(value, False, tables, ())

    def _read(self, value, negate, tables, within):
        """Add the patterns of *value*, which stands in the last of the files *within*, each named in the one before."""
        for word in split_words(value):
            if word.startswith("#"):
                # Postfix drops the rest of the list, or of the file's line.
                self.comment = self.comment or word
                return
            bare = word.lstrip("!")
            inverted = negate != ((len(word) - len(bare)) % 2 == 1)
            if not bare:
                raise ListFatal("no pattern after '!'")
            if bare.startswith("/"):
                self._file(bare, inverted, tables, within)
            else:
                self._add(bare, inverted, tables, within[-1] if within else None)

    def _file(self, path, negate, tables, within):
        if tables.files.is_folder(path):
            raise ListFatal("read file {0}: Is a directory".format(path))  # it can be opened (match_list.c)
        data = tables.files.read(path)
        if data is None or path in within:
            pattern = Pattern(path, negate, path)
            if data is not None:
                pattern.error = "open file {0}: it holds itself, and is opened until there are no more files".format(path)
            elif path in tables.files.unreadable:
                pattern.table = tables.open("texthash:" + path)  # opaque, and says so
            else:
                pattern.error = "open file {0}: no such file".format(path)
                if tables.fatal:
                    raise ListFatal(pattern.error)
            self.patterns.append(pattern)
            return
        for text in _list_lines(split_lines(decode(data)), tables.version):
            self._read(text, negate, tables, within + (path,))

    def _add(self, bare, negate, tables, origin):
        pattern = Pattern(bare if is_table(bare) else bare.lower(), negate, origin)
        if is_table(bare):
            try:
                pattern.table = tables.open(bare, str)
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

    def matches_client(self, name: str, address: str) -> bool:
        """Tell whether a client matches, by name, then by address. :raises ListError, Opaque:"""
        client = name, address
        if client not in self._clients:
            self._clients[client] = self._matches_client(name, address)
        return self._clients[client]

    def _matches_client(self, name, address):
        lowered = name.lower()
        for stretch in self._indexed():
            if isinstance(stretch, Pattern):
                found = stretch if self._in_table(stretch, lowered) or self._ask(stretch, address) else None
            else:
                found = stretch.client(lowered, address, self.parents)
            if found is not None:
                return not found.negate
        return False

    def matches_domain(self, name: str) -> bool:
        """Tell whether a domain name matches, with its parents where the list's style says so. :raises ListError, Opaque:"""
        lowered = name.lower()
        for stretch in self._indexed():
            if isinstance(stretch, Pattern):
                found = stretch if self._in_table(stretch, lowered) else None
            else:
                found = stretch.domain(lowered, self.parents)
            if found is not None:
                return not found.negate
        return False

    def matches_string(self, text: str) -> bool:
        """Tell whether *text* equals a pattern or is a table's key. :raises ListError, Opaque:"""
        lowered = text.lower()
        for stretch in self._indexed():
            if not isinstance(stretch, Pattern):
                found = stretch.string(lowered)
            elif stretch.table is None:
                if stretch.text != lowered:
                    raise ListError(stretch.error)
                found = stretch
            else:
                found = stretch if self._ask(stretch, lowered) else None
            if found is not None:
                return not found.negate
        return False

    def _indexed(self):
        if self._stretches is None:
            self._stretches = _stretches(self.patterns)
        return self._stretches

    def _ask(self, pattern, key):
        try:
            return pattern.table.get(key) is not None
        except TableError as exc:
            raise ListError(str(exc))

    def _in_table(self, pattern, name):
        if pattern.table is None:
            raise ListError(pattern.error)
        entry = name
        while entry:
            if (entry == name or pattern.table.fixed) and self._ask(pattern, entry):
                return True
            dot = entry.find(".", 1)
            if dot < 0:
                return False
            entry = entry[dot + 1:] if self.parents else entry[dot:]
        return False


class _Stretch(object):
    """Neighbouring patterns that need no table, indexed: the first that matches is found without trying each."""

    def __init__(self, patterns):
        self.patterns = patterns
        self.texts = _first_places((pattern.text, place) for place, pattern in enumerate(patterns))
        self.addresses = {}  # type: dict[str, int]
        self.ranges = None  # type: dict[int, tuple] | None

    def string(self, text):
        """Return the pattern that equals *text*, or None."""
        place = self.texts.get(text)
        return None if place is None else self.patterns[place]

    def domain(self, name, parents):
        """Return the first pattern that *name* or its parent domains match, or None."""
        place = self._by_name(name, parents)
        return None if place is None else self.patterns[place]

    def client(self, name, address, parents):
        """Return the first pattern that a client matches, or None. :raises ListError: for a broken network that comes first"""
        if self.ranges is None:
            self._index_addresses()
        named, addressed = self._by_name(name, parents), self._by_address(address)
        if addressed is None or (named is not None and named <= addressed):
            return None if named is None else self.patterns[named]
        if self.patterns[addressed].error is not None:
            raise ListError(self.patterns[addressed].error)
        return self.patterns[addressed]

    def _by_name(self, name, parents):
        found, dot = self.texts.get(name), name.find(".", 1)
        while dot >= 0:
            place = self.texts.get(name[dot + 1:] if parents else name[dot:])
            if place is not None and (found is None or place < found):
                found = place
            dot = name.find(".", dot + 1)
        return found

    def _by_address(self, address):
        found = self.addresses.get(address)
        if self.ranges:
            family, number = parse_address(address)
            ranges, places = self.ranges.get(family, _NO_RANGES)
            position = ranges.find(number)
            if position is not None and (found is None or places[position] < found):
                found = places[position]
        return found

    def _index_addresses(self):
        self.addresses = _first_places((pattern.text.strip("[]"), place) for place, pattern in enumerate(self.patterns)
                                       if pattern.network is None and pattern.error is None)
        spans = {}  # type: dict[int, list]
        for place, pattern in enumerate(self.patterns):
            if pattern.network is not None or pattern.error is not None:
                # A broken network fails every client of its family that reaches it.
                network = pattern.network or EVERYTHING[6 if ":" in pattern.text else 4]
                spans.setdefault(network.family, []).append((network.first, network.last, place))
        self.ranges = dict((family, (Ranges([span[:2] for span in found]), [span[2] for span in found]))
                           for family, found in spans.items())


_NO_RANGES = (Ranges([]), [])  # type: tuple[Ranges, list[int]]


def _first_places(pairs):
    found = {}  # type: dict[str, int]
    for key, place in pairs:
        found.setdefault(key, place)
    return found


def _stretches(patterns):
    """Return *patterns* as _Stretches, with each table and each file that cannot be read as a Pattern between them."""
    found, plain = [], []
    for pattern in patterns:
        if pattern.table is None and (pattern.error is None or pattern.origin != pattern.text):
            plain.append(pattern)
            continue
        if plain:
            found.append(_Stretch(plain))
        found.append(pattern)
        plain = []
    return found + ([_Stretch(plain)] if plain else [])


def _literal(text):
    """Return the Network of an address in brackets, or None."""
    try:
        return parse_network(text)
    except ValueError:
        return None


def _list_lines(lines: "list[str]", version: "tuple[int, ...]") -> "list[str]":
    """Return the lines of a file of patterns: before 3.8 none continues another, and a comment begins in the first column."""
    if version < (3, 8):
        return [line.partition("\0")[0] for line in lines if not line.startswith("#")]
    return list(logical_texts(lines))


def _is_network(text: str) -> bool:
    """Tell whether match_hostaddr would parse *text* as an address or a network."""
    if not (":" in text or "/" in text or text.startswith("[")):
        return bool(text) and all(char in _V4 for char in text) and text.count(".") == 3
    inner = text.replace("[", "").replace("]", "").replace("/", "")
    return all(char in _V6 for char in inner) and not (":" not in text and "/" not in text)


__all__ = ["ListError", "ListFatal", "MatchList", "Opaque", "Pattern"]
