# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""POSIX extended regular expressions as the C library of Linux reads them in the C locale (regex(7); regcomp.c of glibc)."""

from .pattern_tree import ALL_BYTES, CLASSES, EMPTY, NEWLINE, Refused, Uncompilable, cat, holds

DUP_MAX = 0x7fff
_ESCAPES = {"<": "word_start", ">": "word_end", "b": "boundary", "B": "no_boundary", "`": "start", "'": "end"}
_SETS = {"w": CLASSES["word"], "W": ALL_BYTES - CLASSES["word"], "s": CLASSES["space"], "S": ALL_BYTES - CLASSES["space"]}


def parse_posix(pattern, flags):
    """Return (tree, number of groups) of *pattern* (latin-1 text of its bytes).

    :param str flags: those of regexp_table(5)
    :raises Refused: where regcomp(3) does
    :raises Uncompilable: for basic regular expressions (flag x), and for what differs between C libraries
    """
    if flags.count("x") % 2:
        raise Uncompilable("basic regular expressions")
    parser = _Parser(pattern, flags.count("i") % 2 == 0, flags.count("m") % 2 == 1)
    tree = parser.alternatives(False)
    if holds(tree, ("ref",)) and (holds(tree, ("alt",)) or any(holds(one, ("group",)) for one in _repeated(tree))):
        raise Uncompilable("a back reference beside alternatives or repeated groups")
    if any(holds(one, ("at",)) for one in _repeated(tree, True)):
        # The copies that glibc makes of a counted expression forget their anchors.
        raise Uncompilable("an anchor in a counted expression")
    return tree, parser.groups


def _repeated(node, counted=False):
    """Return what is repeated in *node*; *counted*: only where the library copies it, so not for ``*`` and ``?``."""
    if node[0] == "rep":
        plain = counted and (node[2], node[3]) in ((0, None), (0, 1), (1, 1))
        return ([] if plain else [node[1]]) + _repeated(node[1], counted)
    inner = node[1] if node[0] in ("cat", "alt") else [node[2]] if node[0] == "group" else []
    return [found for one in inner for found in _repeated(one, counted)]


class _Parser(object):

    def __init__(self, pattern, folded, lines):
        self.raw = pattern
        # The library folds by turning pattern and text into capitals, which also moves the ends of ranges.
        self.text = "".join(char.upper() if "a" <= char <= "z" else char for char in pattern) if folded else pattern
        self.folded = folded
        self.lines = lines
        self.at = 0
        self.groups = 0
        self.closed = set()

    def peek(self, length=1):
        return self.text[self.at:self.at + length]

    def set_of(self, codes):
        codes = frozenset(codes)
        if not self.folded:
            return ("set", codes)
        return ("set", frozenset(code for code in range(256) if (code - 32 if 97 <= code <= 122 else code) in codes))

    def alternatives(self, inside_group):
        branches = [self.branch(inside_group)]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.branch(inside_group))
        return ("alt", branches) if len(branches) > 1 else branches.pop()

    def branch(self, inside_group):
        nodes = []
        while self.at < len(self.text) and self.peek() != "|" and not (inside_group and self.peek() == ")"):
            nodes.append(self.expression(inside_group))
        return cat(nodes)

    def expression(self, inside_group):
        char = self.peek()
        self.at += 1
        if char in ("^", "$"):
            return self.anchor(char)
        if char in ("*", "+", "?", "{"):
            raise Refused("Invalid preceding regular expression")
        if char == "\\":
            node = self.escape()
            if node[0] == "at":
                return node
        elif char == "(":
            node = self.group(inside_group)
        elif char == "[":
            node = self.bracket()
        elif char == ".":
            node = ("set", ALL_BYTES - (NEWLINE if self.lines else frozenset()) - frozenset((0,)))
        else:
            node = self.set_of([ord(char)])
        return self.repeats(node)

    def anchor(self, char):
        if char == "^":
            return ("at", "line_start" if self.lines else "start")
        return ("at", "line_end" if self.lines else "end")

    def escape(self):
        char = self.raw[self.at:self.at + 1]
        self.at += 1
        if not char:
            raise Refused("Trailing backslash")
        if char in _ESCAPES:
            return ("at", _ESCAPES[char])
        if char in _SETS:
            return ("set", _SETS[char])
        if char in "123456789":
            if int(char) not in self.closed:
                raise Refused("Invalid back reference")
            return ("ref", int(char), self.folded)
        # An escaped letter keeps its case while the text is turned into capitals: a small one then matches nothing.
        return self.set_of([ord(char)])

    def group(self, inside_group):
        self.groups += 1
        number = self.groups
        tree = self.alternatives(True)
        if self.peek() != ")":
            raise Refused("Unmatched ( or \\(")
        self.at += 1
        self.closed.add(number)
        return ("group", number, tree)

    def repeats(self, node):
        while self.peek() and self.peek() in "*+?{":
            char = self.peek()
            self.at += 1
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[char] if char != "{" else self.interval()
            node = ("rep", node, least, most, "") if most != 0 else EMPTY
        return node

    def interval(self):
        content, brace, rest = self.text[self.at:].partition("}")
        if not brace:
            raise Refused("Unmatched { or invalid content of \\{\\}")
        least, comma, most = content.replace("\\,", ",").partition(",")
        self.at = len(self.text) - len(rest)
        if not set("0123456789").issuperset(least + most) or not (least or comma):
            raise Refused("Invalid content of \\{\\}")
        bounds = [int(text or "0") for text in ([least, most] if most else [least])]
        if bounds != sorted(bounds):
            raise Refused("Invalid content of \\{\\}")
        if max(bounds) > DUP_MAX:
            raise Refused("Regular expression too big")
        if max(bounds) > 1000:
            raise Uncompilable("a count above 1000")
        return int(least or "0"), int(most) if most else None if comma else int(least)

    def bracket(self):
        negated = self.peek() == "^"
        self.at += negated
        codes, first = set(), True
        while True:
            if not self.peek():
                raise Refused("Unmatched [")
            if self.peek() == "]" and not first:
                break
            codes |= self.element(first)
            first = False
        self.at += 1
        if not negated:
            return self.set_of(codes)
        return self.set_of(ALL_BYTES - codes - frozenset((0,)) - (NEWLINE if self.lines else frozenset()))

    def element(self, first):
        if self.peek(3) == "---" or self.peek(4)[1:] == "---":
            raise Uncompilable("three hyphens, which glibc reads in two ways")
        if self.peek() == "-" and not first and self.peek(2) != "-]":
            raise Refused("Invalid range end")
        kind, start = self.item()
        if kind in (":", "=") or self.peek() != "-":
            return start
        if self.peek(2) == "-]":
            return start
        if len(self.peek(2)) < 2:
            raise Refused("Unmatched [")
        self.at += 1
        kind, end = self.item()
        if kind in (":", "=") or min(start) > min(end):
            raise Refused("Invalid range end")
        if max(end) > 127:
            raise Uncompilable("a range beyond ASCII")
        return frozenset(range(min(start), min(end) + 1))

    def item(self):
        """Return (kind, codes) of one element: kind is "", or the character inside ``[:``, ``[=``, ``[.``."""
        two = self.peek(2)
        if two not in ("[:", "[=", "[."):
            char = self.peek()
            self.at += 1
            return "", frozenset((ord(char),))
        self.at += 2
        name, mark, rest = (self.raw if two == "[:" else self.text)[self.at:].partition(two[1] + "]")
        if not mark:
            raise Refused("Unmatched [")
        self.at = len(self.text) - len(rest)
        if two == "[:":
            return ":", self.named(name)
        if len(name) != 1:
            raise Refused("Invalid collation character")
        return two[1], frozenset((ord(name),))

    def named(self, name):
        if name in ("upper", "lower") and self.folded:
            name = "alpha"
        if name not in CLASSES or name in ("word", "ascii"):
            raise Refused("Invalid character class name")
        return CLASSES[name]
