# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Physical and logical lines as Postfix reads them, and the words inside a value.

main.cf, master.cf and the source text of lookup tables share one reader in Postfix
(readllines in src/util/readlline.c); so they do here. Bytes become text by UTF-8 with surrogate
escapes, which gives the same bytes back whatever they were.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache

BLANKS = " \t\r\n\v\f"
LIST_SEPARATORS = ", \t\r\n"
MASTER_SEPARATORS = " \t\r\n"
_LOWER = dict(zip(range(ord("A"), ord("Z") + 1), range(ord("a"), ord("z") + 1)))
_NAME = re.compile(r"[ \t\r\n\v\f]*([^ \t\r\n\v\f=]+)")
_EQUALS = re.compile(r"[ \t\r\n\v\f]*=[ \t\r\n\v\f]*")


def decode(data: bytes) -> str:
    """Return the text of *data* (bytes), without loss."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Return the bytes that decode() read *text* from."""
    return text.encode("utf-8", "surrogateescape")


def split_lines(text: str) -> "list[str]":
    """Return the physical lines of *text*, each with its line end; only a line feed ends a line."""
    lines = text.split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])


def lowered(text: str) -> str:
    """Return *text* with the capitals of ASCII in lower case: no other letter has two forms where Postfix compares words (strcasecmp(3))."""
    return text.translate(_LOWER)


class Piece(object):
    """A stretch of a logical text that lies on one physical line.

    offset: where it begins in the logical text; line: index of the physical line, from 0; column: where it begins there.
    """

    __slots__ = ("offset", "line", "column")

    def __init__(self, offset: int, line: int, column: int) -> None:
        self.offset = offset
        self.line = line
        self.column = column


class Logical(object):
    """A text gathered from one or more physical lines, that knows where each of its characters stands."""

    __slots__ = ("text", "pieces")

    def __init__(self, text: str, pieces: "list[Piece]") -> None:
        self.text = text
        self.pieces = pieces

    def place(self, offset: int) -> "tuple[int, int]":
        """Return (line index, column) of the character at *offset*."""
        index = bisect_right([piece.offset for piece in self.pieces], offset) - 1
        piece = self.pieces[max(index, 0)]
        return piece.line, piece.column + offset - piece.offset

    def cut(self, start: int, end: int) -> "Logical":
        """Return the Logical for the characters from *start* to *end*."""
        stops = [piece.offset for piece in self.pieces[1:]] + [len(self.text)]
        pieces = []
        for piece, stop in zip(self.pieces, stops):
            first = max(piece.offset, start)
            if first < min(stop, end):
                pieces.append(Piece(first - start, piece.line, piece.column + first - piece.offset))
        if not pieces:
            # An empty text stands right behind what precedes it: what is put there still continues that line.
            line, column = self.place(start - 1)
            pieces.append(Piece(0, line, column + 1))
        return Logical(self.text[start:end], pieces)


def logical_lines(lines: "Iterable[str]") -> "Iterator[Logical]":
    """Yield a Logical for each logical line of the physical *lines*.

    Comments and blank lines vanish anywhere, also between continuation lines; a first line that begins with white
    space is dropped with all that continues it; text after a NUL is out of Postfix's sight (postconf(5), readlline.c).
    """
    for parts in _gathered(lines):
        yield _joined(parts)


def logical_texts(lines: "Iterable[str]") -> "Iterator[str]":
    """Yield the text alone of each logical line: for tables, whose lines are many and are not edited."""
    for parts in _gathered(lines):
        text = "".join([body for dummy, body in parts])
        yield text if "\0" not in text else text[:text.index("\0")]


def _gathered(lines: "Iterable[str]") -> "Iterator[list[tuple[int, str]]]":
    """Yield [(index, line without its end), ...] of each logical line."""
    current = None  # type: list[tuple[int, str]] | None
    for index, line in enumerate(lines):
        bare = line.lstrip(BLANKS)
        if not bare or bare[0] == "#":
            continue
        body = line[:-1] if line.endswith("\n") else line
        if body[0] not in BLANKS:
            if current is not None:
                yield current
            current = [(index, body)]
        elif current is not None:
            current.append((index, body))
        # Else it starts with white space, continues nothing, and is lost.
    if current is not None:
        yield current


def _joined(parts: "list[tuple[int, str]]") -> Logical:
    pieces, offset = [], 0
    for index, body in parts:
        pieces.append(Piece(offset, index, 0))
        offset += len(body)
    text = "".join([body for dummy, body in parts])
    logical = Logical(text, pieces)
    nul = text.find("\0")
    return logical if nul < 0 else logical.cut(0, nul)


class Word(object):
    """A word of a value: its text and where it begins and ends in the value."""

    __slots__ = ("text", "start", "end")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return "Word({0!r}, {1}, {2})".format(self.text, self.start, self.end)


def words(value: str, separators: str = LIST_SEPARATORS) -> "list[Word]":
    """Return the Words of *value*; text in braces holds together (mystrtokq in src/util/mystrtok.c)."""
    if "{" not in value:
        return [Word(match.group(), match.start(), match.end()) for match in _word(separators).finditer(value)]
    found, start, level = [], None, 0  # type: list[Word], int | None, int
    for index, char in enumerate(value):
        if char in separators and level == 0:
            if start is not None:
                found.append(Word(value[start:index], start, index))
                start = None
            continue
        if start is None:
            start = index
        if char == "{":
            level += 1
        elif char == "}" and level > 0:
            level -= 1
    if start is not None:
        found.append(Word(value[start:], start, len(value)))
    return found


@lru_cache(maxsize=8)
def _word(separators: str) -> "re.Pattern[str]":
    return re.compile("[^{0}]+".format(re.escape(separators)))


def split_words(value: str, separators: str = LIST_SEPARATORS) -> "list[str]":
    """Return the texts of the words of *value*."""
    if "{" not in value:
        for char in separators:
            value = value.replace(char, separators[0])
        return [word for word in value.split(separators[0]) if word]
    return [word.text for word in words(value, separators)]


def unbrace(text: str) -> "str | None":
    """Return what stands inside the outer braces of *text*, or None where they do not enclose it all (extpar.c)."""
    level = 0
    for index, char in enumerate(text):
        if char == "{":
            level += 1
        elif char == "}":
            level -= 1
            if level == 0:
                return text[1:index].strip(BLANKS) if index == len(text) - 1 else None
    return None


def name_and_value(logical: Logical) -> "tuple[tuple[Logical, Logical] | None, str]":
    """Split a logical ``name = value``.

    :returns: ((name, value), ""), or (None, reason) as split_nameval.c refuses it
    """
    name = _NAME.match(logical.text)
    if name is None:
        return None, "missing attribute name"
    equals = _EQUALS.match(logical.text, name.end())
    if equals is None:
        return None, "missing '=' after attribute name"
    return (logical.cut(name.start(1), name.end()), logical.cut(equals.end(), len(logical.text.rstrip(BLANKS)))), ""
