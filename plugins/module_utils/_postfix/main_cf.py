# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""main.cf as a lossless document: what Postfix reads in it, and edits that leave the rest to the byte (postconf(5))."""

from .errors import ConfigError
from .text import Logical, decode, encode, logical_lines, name_and_value, split_lines


class Entry(object):
    """One ``name = value`` of main.cf.

    name: str; value: Logical, macros unexpanded, blanks at its ends stripped; line: where it begins, counted from 1.
    """

    __slots__ = ("name", "value", "line")

    def __init__(self, name: str, value: Logical, line: int) -> None:
        self.name = name
        self.value = value
        self.line = line

    @property
    def text(self) -> str:
        """The raw value as one str."""
        return self.value.text


class MainCf(object):
    """A main.cf. Documents are never changed: each edit gives a new one.

    :param bytes data: the file's bytes
    :param str path: where it stands, for messages
    """

    def __init__(self, data: bytes, path: str = "main.cf") -> None:
        self.path = path
        self.lines = split_lines(decode(data))
        self.entries = []  # type: list[Entry]
        self.error = None  # type: ConfigError | None
        self._read()

    def _read(self) -> None:
        for logical in logical_lines(self.lines):
            line = logical.pieces[0].line + 1
            pair, reason = name_and_value(logical)
            if pair is not None:
                self.entries.append(Entry(pair[0].text, pair[1], line))
            elif self.error is None:
                # Postfix stops at the first line that it cannot read: nothing runs on this file.
                self.error = ConfigError(
                    "{0}: \"{1}\"".format(reason, logical.text.strip()[:60]), self.path, line,
                    hint="Every line must read name = value; a line that continues one begins with white space.")
        self._last = dict((entry.name, entry) for entry in self.entries)

    def entry(self, name: str) -> "Entry | None":
        """Return the Entry in force for *name* (the last one), or None."""
        return self._last.get(name)

    def duplicates(self) -> "list[Entry]":
        """Return the Entries that a later one of the same name overrides."""
        return [entry for entry in self.entries if self._last[entry.name] is not entry]

    def to_bytes(self) -> bytes:
        """Return the file's bytes."""
        return encode("".join(self.lines))

    def with_lines(self, lines: "list[str]") -> "MainCf":
        """Return the document that consists of *lines*."""
        return MainCf(encode("".join(lines)), self.path)
