# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Perl-compatible regular expressions as PCRE2 reads them without UTF (pcre2pattern(3), pcre_table(5))."""

from .pattern_pcre_classes import SETS, V_BYTES, ClassReader
from .pattern_tree import ALL_BYTES, CLASSES, NEWLINE, Refused, Uncompilable, cat, fold, holds, width

_PLACES = {"A": "start", "z": "end", "Z": "end_or_newline", "b": "boundary", "B": "no_boundary", "G": "start"}
_LOOKS = (("?=", True, False), ("?!", True, True), ("?<=", False, False), ("?<!", False, True))
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
    tree = parser.alternatives(dict(state), 0)
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

    def alternatives(self, state, depth):
        branches = [self.branch(state, depth)]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.branch(state, depth))
        return branches[0] if len(branches) == 1 else ("alt", branches)

    def branch(self, state, depth):
        nodes = []
        while self.at < len(self.text) and self.peek() not in ("|", ")"):
            nodes.extend(self.piece(state, depth))
        return cat(nodes)

    def piece(self, state, depth):
        char = self.take()
        if state["x"] and char in " \t\n\r\v\f":
            return []
        if state["x"] and char == "#":
            end = self.text.find("\n", self.at)
            self.at = len(self.text) if end < 0 else end + 1
            return []
        if char == "(" and self.peek() == "?":
            nodes = self.special(state, depth)
            if nodes is None:
                return []
            return self.repeats(nodes, state)
        if char == "\\" and self.peek() == "Q":
            return self.quoted(state)
        if char == "\\" and self.peek() == "E":
            self.at += 1
            return []
        return self.repeats(self.atom(char, state, depth), state)

    def atom(self, char, state, depth):
        if char == "(":
            if self.peek() == "*":
                raise Uncompilable("a verb")
            self.groups += 1
            return self.closed(("group", self.groups), state, depth)
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

    def closed(self, head, state, depth):
        tree = self.alternatives(dict(state), depth + 1)
        if self.take() != ")":
            raise Refused("missing closing parenthesis")
        return head + (tree,)

    def special(self, state, depth):
        """Read what follows ``(?``; None for what matches nothing by itself."""
        for word, ahead, negated in _LOOKS:
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return self.look(ahead, negated, state, depth)
        rest = self.text[self.at + 1:]
        if rest.startswith("#"):
            end = self.text.find(")", self.at)
            if end < 0:
                raise Refused("missing ) after (?# comment")
            self.at = end + 1
            if self.peek() and self.peek() in "*+?{":
                raise Uncompilable("a quantifier after a comment")
            return None
        if rest.startswith(":"):
            self.at += 2
            return self.plain(state, depth)
        if rest.startswith(">"):
            self.at += 2
            return self.closed(("atomic",), state, depth)
        if rest.startswith(("<", "P<", "'")):
            return self.named(rest, state, depth)
        return self.options(rest, state, depth)

    def plain(self, state, depth):
        return ("alt", [self.closed(("alt",), state, depth)[1]])

    def look(self, ahead, negated, state, depth):
        node = self.closed(("look", ahead, negated), state, depth)
        if not ahead and any(width(one) is None for one in (node[3][1] if node[3][0] == "alt" else [node[3]])):
            raise Uncompilable("a look-behind of no fixed length")
        if holds(node[3], ("ref",)) and not ahead:
            raise Uncompilable("a back reference in a look-behind")
        if self.peek() and self.peek() in "*+?{":
            raise Uncompilable("a repeated assertion")
        return node

    def named(self, rest, state, depth):
        start = self.at + (3 if rest.startswith("P") else 2)
        end = self.text.find("'" if rest.startswith("'") else ">", start)
        name = self.text[start:end]
        if end < 0 or not name or len(name) > 32 or name[0].isdigit() or not set(map(ord, name)) <= CLASSES["word"] or name in self.names:
            raise Uncompilable("a group name")
        self.at = end + 1
        self.groups += 1
        self.names[name] = self.groups
        return self.closed(("group", self.groups), state, depth)

    def options(self, rest, state, depth):
        end = 0
        while end < len(rest) and rest[end] in "imsxU-":
            end += 1
        letters, stop = rest[:end], rest[end:end + 1]
        if not letters or stop not in (")", ":") or letters.count("-") > 1 or "xx" in letters:
            raise Uncompilable("a group (?" + rest[:1])
        on, dummy, off = letters.partition("-")
        changed = dict(state)
        changed.update((flag, True) for flag in on)
        changed.update((flag, False) for flag in off)
        self.at += 1 + end + 1
        if stop == ":":
            return self.plain(changed, depth)
        # An option set alone holds to the end of the group, its later branches too.
        state.update(changed)
        if self.peek() and self.peek() in "*+?{":
            raise Uncompilable("a quantifier after an option")
        return None

    def quoted(self, state):
        end = self.text.find("\\E", self.at + 1)
        stop = len(self.text) if end < 0 else end
        chars = self.text[self.at + 1:stop]
        self.at = len(self.text) if end < 0 else end + 2
        nodes = [self.set_of([ord(char)], state) for char in chars]
        if not nodes and self.peek() and self.peek() in "*+?{":
            raise Uncompilable("a quantifier after an empty quotation")
        return nodes[:-1] + self.repeats(nodes[-1], state) if nodes else []

    def repeats(self, node, state):
        while True:
            if state["x"] and self.peek() and self.peek() in " \t\n\r\v\f#":
                self.skip_to_quantifier()
                if node[0] == "rep" and self.peek() and self.peek() in "*+?{":
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

    def skip_to_quantifier(self):
        while self.peek() and self.peek() in " \t\n\r\v\f":
            self.at += 1
        if self.peek() == "#":
            raise Uncompilable("a comment where a quantifier may follow")

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
        end = self.text.find("}", self.at)
        least, comma, most = self.text[self.at:max(end, self.at)].partition(",")
        if end >= 0 and set(least + most) & set(" \t") and set(least + most) <= set("0123456789 \t"):
            raise Uncompilable("blanks in a count")
        if end < 0 or not set(least + most) <= set("0123456789") or not (least or most):
            return None
        if not least:
            raise Uncompilable("{,n}, which PCRE2 10.43 began to read as a count")
        low = int(least)
        high = low if not comma else int(most) if most else None
        if max(low, high or 0) > 65535:
            raise Refused("number too big in {} quantifier")
        if high is not None and low > high:
            raise Refused("numbers out of order in {} quantifier")
        if max(low, high or 0) > 1000:
            raise Uncompilable("a count above 1000")
        self.at = end + 1
        return low, high

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
        while self.peek().isdigit():
            digits += self.take()
        if len(digits) > 1:
            raise Uncompilable("\\" + digits)
        self.refs.append(int(digits))
        return ("ref", int(digits), state["i"])

    def by_g(self, state):
        end = self.text.find("}", self.at) if self.peek() == "{" else self.at
        word = self.text[self.at + 1:end] if self.peek() == "{" else self.peek()
        relative = word.startswith("-")
        if end < 0 or not word.lstrip("-").isdigit() or len(word) > 2 or self.text[end + 1:end + 2].isdigit():
            raise Uncompilable("\\g")
        number = self.groups + 1 - int(word[1:]) if relative else int(word)
        if number < 1:
            raise Uncompilable("\\g")
        self.at = end + 1
        self.refs.append(number)
        return ("ref", number, state["i"])

    def by_name(self, state):
        end = self.text.find({"<": ">", "'": "'", "{": "}"}.get(self.peek(), "\0"), self.at + 1)
        name = self.text[self.at + 1:end]
        if end < 0 or name not in self.names:
            raise Uncompilable("\\k")
        self.at = end + 1
        return ("ref", self.names[name], state["i"])
