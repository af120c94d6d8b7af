# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A regular expression as a tree over bytes, and the same in the words of Python's re.

Nodes are tuples: ("set", frozenset of byte values), ("cat", [node]), ("alt", [node]), ("group", number, node),
("rep", node, least, most or None, mode) with mode "" (greedy), "?" (lazy) or "+" (possessive), ("at", where),
("look", ahead, negated, node), ("atomic", node), ("ref", number, fold). Case is settled in the sets, so that no flag is left.
"""

import re

ALL_BYTES = frozenset(range(256))
NEWLINE = frozenset((10,))
EMPTY = ("cat", [])  # type: tuple
SPANS = {
    "alpha": ((65, 90), (97, 122)), "digit": ((48, 57),), "alnum": ((48, 57), (65, 90), (97, 122)), "upper": ((65, 90),),
    "lower": ((97, 122),), "space": ((9, 13), (32, 32)), "blank": ((9, 9), (32, 32)), "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)), "xdigit": ((48, 57), (65, 70), (97, 102)), "graph": ((33, 126),),
    "cntrl": ((0, 31), (127, 127)), "word": ((48, 57), (65, 90), (95, 95), (97, 122)), "ascii": ((0, 127),),
}
CLASSES = dict((name, frozenset(code for low, high in spans for code in range(low, high + 1))) for name, spans in SPANS.items())

# Python's words for each place; both libraries and Python agree on \b over ASCII words.
_PLACES = {
    "start": r"\A", "end": r"\Z", "end_or_newline": r"(?=\n?\Z)", "line_start": r"(?:\A|(?<=\n))", "line_end": r"(?=\n|\Z)",
    "line_start_inside": r"(?:\A|(?<=\n)(?!\Z))", "boundary": r"\b", "no_boundary": r"(?:(?<=\w)(?=\w)|(?<!\w)(?!\w))",
    "word_start": r"(?<!\w)(?=\w)", "word_end": r"(?<=\w)(?!\w)",
}


class Refused(ValueError):
    """A pattern that the library refuses: Postfix skips the rule with a warning."""


class Uncompilable(ValueError):
    """A pattern that is not understood here, whatever the library makes of it."""


def fold(codes):
    """Return the set of *codes* with the other case of each letter (ASCII, as in the C locale)."""
    return frozenset(codes) | frozenset(code ^ 32 for code in codes if code in CLASSES["alpha"])


def cat(nodes):
    """Return the sequence of *nodes*."""
    return ("cat", nodes) if len(nodes) != 1 else nodes.pop()


def compile_tree(tree):
    """Return the compiled re over bytes, and {group of the pattern: group of the re}. :raises Uncompilable:"""
    writer = _Writer()
    text = writer.write(tree)
    try:
        return re.compile(text.encode("ascii")), writer.numbers
    except (re.error, OverflowError, RuntimeError) as exc:
        raise Uncompilable(str(exc))


class _Writer(object):
    """Writes a tree as a pattern for re: atomic groups become a look-ahead with a group of its own, which moves the numbers."""

    def __init__(self):
        self.count = 0
        self.numbers = {}

    def write(self, node):
        return getattr(self, "_" + node[0])(*node[1:])

    def _set(self, codes):
        if not codes:
            return r"(?!)"
        first = [code for code in sorted(codes) if code - 1 not in codes]
        last = [code for code in sorted(codes) if code + 1 not in codes]
        # Of a class of one character alone Python makes that character, which it finds faster.
        return "[" + "".join((r"\x{0:02x}" if low == high else r"\x{0:02x}-\x{1:02x}").format(low, high) for low, high in zip(first, last)) + "]"

    def _cat(self, nodes):
        return "".join(self.write(node) for node in nodes)

    def _alt(self, nodes):
        return "(?:" + "|".join(self.write(node) for node in nodes) + ")"

    def _group(self, number, node):
        self.count += 1
        self.numbers[number] = self.count
        return "(" + self.write(node) + ")"

    def _rep(self, node, least, most, mode):
        if mode == "+":
            return self._atomic(("rep", node, least, most, ""))
        return "(?:%s){%d,%s}%s" % (self.write(node), least, "" if most is None else most, mode)

    def _at(self, where):
        return _PLACES[where]

    def _look(self, ahead, negated, node):
        if ahead:
            return "(?{0}{1})".format("!" if negated else "=", self.write(node))
        # The branches of a look-behind may differ in length; to re each is one of its own.
        parts = ["(?<{0}{1})".format("!" if negated else "=", self.write(one)) for one in (node[1] if node[0] == "alt" else [node])]
        return "".join(parts) if negated else "(?:" + "|".join(parts) + ")"

    def _atomic(self, node):
        self.count += 1
        number = self.count
        return "(?:(?=({0}))(?:\\{1}))".format(self.write(node), number) if number < 100 else _too_many()

    def _ref(self, number, folded):
        if number not in self.numbers:
            raise Uncompilable("a reference ahead of its group")
        return "(?{0}:\\{1})".format("i" if folded else "", self.numbers[number]) if self.numbers[number] < 100 else _too_many()


def _too_many():
    raise Uncompilable("more than 99 groups")


def holds(node, kinds):
    """Tell whether *node* or a node in it is of one of *kinds*."""
    if node[0] in kinds:
        return True
    inner = node[1] if node[0] in ("cat", "alt") else [node[-1]] if node[0] in ("group", "atomic", "look") else [node[1]] if node[0] == "rep" else []
    return any(holds(one, kinds) for one in inner)
