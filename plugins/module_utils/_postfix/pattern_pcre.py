# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Perl-compatible regular expressions as PCRE2 reads them without UTF (pcre2pattern(3), pcre_table(5))."""

import re

from .pattern_pcre_classes import DIGITS, SETS, V_BYTES, ClassReader
from .pattern_tree import ALL_BYTES, NEWLINE, Refused, Uncompilable, cat, fold, holds
from .text import BLANKS

_PLACES = {"A": "start", "z": "end", "Z": "end_or_newline", "b": "boundary", "B": "no_boundary", "G": "start"}
_LOOKS = (("?=", True, False), ("?!", True, True), ("?<=", False, False), ("?<!", False, True))
# Of a group name's length PCRE2 10.44 allows more.
_NAMED = re.compile(r"\?(?:P?<([A-Za-z_][A-Za-z0-9_]{0,31})>|'([A-Za-z_][A-Za-z0-9_]{0,31})')")
_BY_NAME = re.compile(r"<(\w+)>|'(\w+)'|\{(\w+)\}", re.ASCII)
_BY_NUMBER = re.compile(r"(?:\{(-?[0-9]{1,2})\}|([0-9]))(?![0-9])")
_COUNT = re.compile(r"([0-9 \t]*)(,?)([0-9 \t]*)\}")
_LINE_BREAK = ("atomic", ("alt", [("cat", [("set", frozenset((13,))), ("set", NEWLINE)]), ("set", V_BYTES)]))


def parse_pcre(pattern, flags):
    """Return (tree, number of groups) of *pattern* (latin-1 text of its bytes).

    :param str flags: those of pcre_table(5)
    :raises Refused: where pcre2_compile(3) does
    :raises Uncompilable: for what is not modelled here, or differs between versions of the library
    """
    odd = set(flag for flag in flags if flags.count(flag) % 2)
    state = {"i": "i" not in odd, "s": "s" not in odd, "m": "m" in odd, "x": "x" in odd, "U": "U" in odd}
    if pattern.startswith("(*"):
        raise Uncompilable("a verb")
    parser = _Parser(pattern, state, "E" in odd)
    tree = parser.alternatives(dict(state))
    if parser.at < len(pattern):
        raise Refused("unmatched closing parenthesis")
    if any(number > parser.groups for number in parser.refs):
        raise Refused("reference to non-existent subpattern")
    if parser.refs and parser.lazy_groups:
        # Python 3.6 keeps what such a group held in an attempt that failed.
        raise Uncompilable("a back reference beside a group that is repeated lazily")
    return (("cat", [("at", "start"), ("alt", [tree])]) if "A" in odd else tree), parser.groups


class _Parser(ClassReader):

    def __init__(self, text, state, end_only):
        ClassReader.__init__(self, text)
        self.end_only = end_only
        self.groups = 0
        self.refs = []
        self.lazy_groups = False
        self.names = {}

    def set_of(self, codes, state):
        return ("set", fold(codes) if state["i"] else frozenset(codes))

    def alternatives(self, state):
        branches = [self.branch(state)]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.branch(state))
        return ("alt", branches) if len(branches) > 1 else branches.pop()

    def branch(self, state):
        nodes = []
        while self.at < len(self.text) and self.peek() not in ("|", ")"):
            nodes.extend(self.piece(state))
        return cat(nodes)

    def piece(self, state):
        char = self.take()
        if state["x"] and char in BLANKS:
            return []
        if state["x"] and char == "#":
            # A pattern of a table has no second line.
            self.at = len(self.text)
            return []
        if char == "(" and self.peek() == "?":
            nodes = self.special(state)
            if nodes is None:
                return []
            return self.repeats(nodes, state)
        if char == "\\" and self.peek() == "Q":
            return self.quoted(state)
        if char == "\\" and self.peek() == "E":
            self.at += 1
            return []
        return self.repeats(self.atom(char, state), state)

    def atom(self, char, state):
        if char == "(":
            if self.peek() == "*":
                raise Uncompilable("a verb")
            self.groups += 1
            return self.closed(("group", self.groups), state)
        if char == "[":
            return self.bracket(state)
        if char == ".":
            return ("set", ALL_BYTES if state["s"] else ALL_BYTES - NEWLINE)
        if char == "^":
            return ("at", "line_start_inside" if state["m"] else "start")
        if char == "$":
            return ("at", "line_end" if state["m"] else "end" if self.end_only else "end_or_newline")
        if char == "\\":
            return self.escape(state)
        if char in "*+?" or (char == "{" and self.interval() is not None):
            raise Refused("quantifier does not follow a repeatable item")
        return self.set_of([ord(char)], state)

    def closed(self, head, state):
        tree = self.alternatives(dict(state))
        if self.take() != ")":
            raise Refused("missing closing parenthesis")
        return head + (tree,)

    def special(self, state):
        """Read what follows ``(?``; None for what matches nothing by itself."""
        for word, ahead, negated in _LOOKS:
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return self.look(ahead, negated, state)
        rest = self.text[self.at + 1:]
        if rest.startswith("#"):
            if self.until(")") is None:
                raise Refused("missing ) after (?# comment")
            if self.peek() and self.peek() in "*+?{":
                raise Uncompilable("a quantifier after a comment")
            return None
        if rest.startswith(":"):
            self.at += 2
            return self.plain(state)
        if rest.startswith(">"):
            self.at += 2
            return self.closed(("atomic",), state)
        if rest.startswith(("<", "P<", "'")):
            return self.named(state)
        return self.options(rest, state)

    def plain(self, state):
        return ("alt", [self.closed(("alt",), state)[1]])

    def look(self, ahead, negated, state):
        node = self.closed(("look", ahead, negated), state)
        if holds(node[3], ("ref",)) and not ahead:
            raise Uncompilable("a back reference in a look-behind")
        if self.peek() and self.peek() in "*+?{":
            raise Uncompilable("a repeated assertion")
        return node

    def named(self, state):
        match = _NAMED.match(self.text, self.at)
        if match is None:
            raise Uncompilable("a group name")
        name = "".join(match.groups(""))
        if name in self.names:
            raise Uncompilable("a group name that comes twice")
        self.at = match.end()
        self.groups += 1
        self.names[name] = self.groups
        return self.closed(("group", self.groups), state)

    def options(self, rest, state):
        end = 0
        while end < len(rest) and rest[end] in "imsxU-":
            end += 1
        letters, stop = rest[:end], rest[end:end + 1]
        if not letters or stop not in (")", ":") or letters.count("-") > 1 or "xx" in letters:
            raise Uncompilable("a group that begins with (?")
        on, dummy, off = letters.partition("-")
        changed = dict(state)
        changed.update((flag, True) for flag in on)
        changed.update((flag, False) for flag in off)
        self.at += 1 + end + 1
        if stop == ":":
            return self.plain(changed)
        # An option set alone holds to the end of the group, its later branches too.
        state.update(changed)
        if self.peek() and self.peek() in "*+?{":
            raise Uncompilable("a quantifier after an option")
        return None

    def quoted(self, state):
        self.at += 1
        chars = self.until("\\E")
        if chars is None:
            chars = self.text[self.at:]
            self.at = len(self.text)
        nodes = [self.set_of([ord(char)], state) for char in chars]
        if not nodes and self.peek() and self.peek() in "*+?{":
            raise Uncompilable("a quantifier after an empty quotation")
        return nodes[:-1] + self.repeats(nodes[-1], state) if nodes else []

    def repeats(self, node, state):
        while True:
            if state["x"] and self.skip_blanks() and node[0] == "rep" and self.peek() and self.peek() in "*+?{":
                raise Uncompilable("blanks between a quantifier and what follows it")
            count = self.quantifier()
            if count is None:
                return [node]
            if node[0] == "at":
                raise Uncompilable("a repeated assertion")
            mode = self.take() if self.peek() and self.peek() in "?+" else ""
            if state["U"] and mode != "+":
                mode = "" if mode else "?"
            if node[0] == "rep":
                raise Refused("quantifier does not follow a repeatable item")
            self.lazy_groups = self.lazy_groups or mode == "?" and holds(node, ("group",))
            node = ("rep", node, count[0], count[1], mode)

    def skip_blanks(self):
        """Tell whether there were any."""
        start = self.at
        while self.peek() and self.peek() in BLANKS:
            self.at += 1
        return self.at > start

    def quantifier(self):
        if self.peek() and self.peek() in "*+?":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[self.take()]
        if self.peek() == "{":
            self.at += 1
            count = self.interval()
            if count is None:
                self.at -= 1
            return count
        return None

    def interval(self):
        """Read ``n}``, ``n,}`` or ``n,m}``; None, with nothing read, where a brace is a brace."""
        match = _COUNT.match(self.text, self.at)
        if match is None:
            return None
        least, comma, most = match.groups()
        if not least and not most:
            return None
        if set(least + most) & set(" \t"):
            raise Uncompilable("blanks in a count")
        if not least:
            raise Uncompilable("{,n}, which PCRE2 10.43 began to read as a count")
        bounds = [int(text) for text in (least, most) if text]
        if max(bounds) > 65535:
            raise Refused("number too big in {} quantifier")
        if bounds != sorted(bounds):
            raise Refused("numbers out of order in {} quantifier")
        if max(bounds) > 1000:
            raise Uncompilable("a count above 1000")
        self.at = match.end()
        return int(least), int(most) if most else None if comma else int(least)

    def escape(self, state):
        char = self.take()
        if not char:
            raise Refused("\\ at end of pattern")
        if char in SETS:
            return ("set", SETS[char])
        if char in _PLACES:
            return ("at", _PLACES[char])
        if char == "R":
            return _LINE_BREAK
        if char == "N" and self.peek() != "{":
            return ("set", ALL_BYTES - NEWLINE)
        if char in "123456789":
            return self.reference(char, state)
        if char == "g":
            return self.by_g(state)
        if char == "k":
            return self.by_name(state)
        return self.set_of([self.code(char)], state)

    def reference(self, digits, state):
        while self.peek() in DIGITS:
            digits += self.take()
        if len(digits) > 1:
            raise Uncompilable("\\" + digits)
        self.refs.append(int(digits))
        return ("ref", int(digits), state["i"])

    def by_g(self, state):
        match = _BY_NUMBER.match(self.text, self.at)
        if match is None:
            raise Uncompilable("\\g")
        word = "".join(match.groups(""))
        number = self.groups + 1 + int(word) if word.startswith("-") else int(word)
        if number < 1:
            raise Uncompilable("\\g")
        self.at = match.end()
        self.refs.append(number)
        return ("ref", number, state["i"])

    def by_name(self, state):
        match = _BY_NAME.match(self.text, self.at)
        if match is None or "".join(match.groups("")) not in self.names:
            raise Uncompilable("\\k")
        self.at = match.end()
        return ("ref", self.names["".join(match.groups(""))], state["i"])
