# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The characters and character classes of a Perl-compatible regular expression (pcre2pattern(3), without UTF)."""

from .pattern_tree import ALL_BYTES, CLASSES, Refused, Uncompilable, fold

_H = frozenset((0x09, 0x20, 0xa0))
V_BYTES = frozenset((0x0a, 0x0b, 0x0c, 0x0d, 0x85))
SETS = {"d": CLASSES["digit"], "w": CLASSES["word"], "s": CLASSES["space"], "h": _H, "v": V_BYTES}
SETS.update([(name.upper(), ALL_BYTES - codes) for name, codes in SETS.items()])
_CHARS = {"a": 7, "e": 27, "f": 12, "n": 10, "r": 13, "t": 9}
_UNKNOWN = "CpPXklLuUgGcQENRKo"
DIGITS = frozenset("0123456789")
_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")


class ClassReader(object):
    """Reads escapes and classes of *text*; state: which of the options i, s, m, x, U hold."""

    def __init__(self, text):
        self.text = text
        self.at = 0

    def peek(self, length=1):
        return self.text[self.at:self.at + length]

    def take(self):
        self.at += 1
        return self.text[self.at - 1:self.at]

    def until(self, mark):
        """Read up to *mark* and the mark, and return what is before it; None, with nothing read, where there is none."""
        text, found, rest = self.text[self.at:].partition(mark)
        if not found:
            return None
        self.at = len(self.text) - len(rest)
        return text

    def code(self, char):
        """Return the byte that an escape stands for, in a class and outside."""
        if char in _CHARS:
            return _CHARS[char]
        if char == "0":
            return self.number("01234567", 8)
        if char == "x":
            return self.hexadecimal()
        if char in _UNKNOWN:
            raise Uncompilable("\\" + char)
        if ord(char) in CLASSES["alnum"]:
            raise Refused("unrecognized character follows \\")
        return ord(char)

    def number(self, digits, base):
        """Read up to two of *digits*; none is a nought."""
        text = "0"
        while len(text) < 3 and self.peek() and self.peek() in digits:
            text += self.take()
        return int(text, base)

    def hexadecimal(self):
        if self.peek() != "{":
            return self.number(_HEXADECIMAL, 16)
        self.at += 1
        text = self.until("}")
        if not text or len(text) > 2 or not _HEXADECIMAL.issuperset(text):
            raise Uncompilable("\\x{}")
        return int(text, 16)

    def bracket(self, state):
        # A class in the place of a set is a mistake that the library looks for.
        if self.peek() and self.peek() in ":.=" and self.posix_end() is not None:
            raise Refused("POSIX named classes are supported only within a class")
        negated = self.peek() == "^"
        self.at += negated
        codes, first = set(), True
        while True:
            if not self.peek():
                raise Refused("missing terminating ] for character class")
            if self.peek() == "]" and not first:
                break
            codes |= self.element(state)
            first = False
        self.at += 1
        return ("set", ALL_BYTES - codes if negated else frozenset(codes))

    def posix_end(self):
        """Return where ``:]`` of a class name ends, standing on its first ``:``; None where it is none."""
        mark, at = self.peek(), self.at + 1
        while at < len(self.text) - 1:
            if self.text[at] == "\\" and self.text[at + 1] in "]\\":
                at += 1
            elif (self.text[at] == "[" and self.text[at + 1] == mark) or self.text[at] == "]":
                return None
            elif self.text[at] == mark and self.text[at + 1] == "]":
                return at
            at += 1
        return None

    def element(self, state):
        kind, codes = self.item(state)
        if self.peek() != "-" or self.peek(2) in ("-", "-]"):
            return self.folded(codes, kind, state)
        if kind != "char":
            raise Uncompilable("a hyphen after a class")
        self.at += 1
        kind, last = self.item(state)
        if kind != "char":
            raise Uncompilable("a class at the end of a range")
        if min(codes) > min(last):
            raise Refused("range out of order in character class")
        return self.folded(frozenset(range(min(codes), min(last) + 1)), "char", state)

    @staticmethod
    def folded(codes, kind, state):
        return fold(codes) if state["i"] and kind == "char" else codes

    def item(self, state):
        """Return (kind, codes) of one element of a class; kind is ``char`` or ``class``."""
        char = self.take()
        if char == "[" and self.peek() and self.peek() in ":.=":
            end = self.posix_end()
            if end is not None:
                return "class", self.posix(end, state)
        if char != "\\":
            return "char", frozenset((ord(char),))
        char = self.take()
        if not char:
            raise Refused("\\ at end of pattern")
        if char in SETS:
            return "class", SETS[char]
        if char == "b":
            return "char", frozenset((8,))
        if char in "NBRX":
            raise Refused("escape sequence is invalid in character class")
        if char in "123456789":
            raise Uncompilable("an octal number in a class")
        return "char", frozenset((self.code(char),))

    def posix(self, end, state):
        if self.peek() != ":":
            raise Refused("POSIX collating elements are not supported")
        name = self.text[self.at + 1:end]
        self.at = end + 2
        negated = name.startswith("^")
        name = name.lstrip("^") if name.count("^") <= 1 else "?"
        if name not in CLASSES:
            raise Refused("unknown POSIX class name")
        if state["i"] and name in ("upper", "lower"):
            name = "alpha"
        return ALL_BYTES - CLASSES[name] if negated else CLASSES[name]
