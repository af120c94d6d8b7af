# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One rule of a regexp or pcre table: its patterns between their delimiters, and the value behind them (dict_regexp.c, dict_pcre.c)."""

import re

from .errors import Opaque
from .pattern_samples import Automaton, demands
from .patterns import FLAGS, Pattern, Refused, Uncompilable
from .text import BLANKS

IF, ENDIF, MATCH = "if", "endif", "match"
_REFERENCE = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)\}|\((\w+)\))?", re.ASCII)


class SkippedRule(ValueError):
    """A line that Postfix skips with a warning."""


class Test(object):
    """A pattern of a rule: *source* between its delimiters, *flags* after them; *negated* by ``!``; *error* where not understood."""

    __slots__ = ("source", "flags", "negated", "pattern", "error", "_automata")

    def __init__(self, source, flags, negated):
        self.source = source
        self.flags = flags
        self.negated = negated
        self.pattern = None
        self.error = None
        self._automata = None

    def automata(self):
        """Return [(Automaton, negated), ...] that must all hold. :raises Uncompilable:"""
        if self.pattern is None:
            raise Uncompilable(self.error)
        if self._automata is None:
            trees = [self.pattern.tree] + ([] if self.negated else demands(self.pattern.tree))
            self._automata = [(Automaton(tree), self.negated) for tree in trees]
        return self._automata

    def compile(self, kind):
        """Compile the pattern. :raises SkippedRule: where the library refuses it"""
        try:
            self.pattern = Pattern(kind, self.source, self.flags)
        except Refused as exc:
            raise SkippedRule(str(exc))
        except Uncompilable as exc:
            self.error = str(exc)

    def find(self, key):
        """Return the match, True for a negated pattern, or None. :raises Opaque: where the pattern is not understood"""
        if self.pattern is None:
            raise Opaque("pattern /{0}/: {1}".format(self.source, self.error))
        found = self.pattern.search(key)
        if self.negated:
            return None if found else True
        return found


class Rule(object):
    """One rule. tests: its patterns, all of which must hold; value: list of str and group numbers; endif: index of the
    rule that closes an ``if``, or None; within: the ``if`` rules around it."""

    __slots__ = ("op", "tests", "value", "within", "endif")

    def __init__(self, op, tests=(), value=None, within=()):
        self.op = op
        self.within = within
        self.tests = tests
        self.value = value
        self.endif = None

    def find(self, key):
        """Return what the first pattern found if all of them hold, else None."""
        first = None
        for test in self.tests:
            found = test.find(key)
            if not found:
                return None
            first = first or found
        return first

    def automata(self):
        """Return [(Automaton, negated), ...] that must all hold for a text to get here and be found. :raises Uncompilable:"""
        return [pair for rule in self.within + (self,) for test in rule.tests for pair in test.automata()]

    @property
    def text(self):
        """Return the value as it would stand in a file."""
        return "".join("${{{0}}}".format(one) if isinstance(one, int) else one for one in self.value or ())

    @property
    def name(self):
        """Return the patterns as people write them."""
        return "!".join("{0}/{1}/{2}".format("!" if test.negated and number == 0 else "", test.source, test.flags)
                        for number, test in enumerate(self.tests))


def parse_value(text):
    """Return *text* as a list of str and group numbers. :raises SkippedRule: for references that Postfix refuses (mac_parse.c)"""
    parts, last = [], 0
    for match in _REFERENCE.finditer(text):
        parts.append(text[last:match.start()])
        last = match.end()
        name = match.group(2) or match.group(3) or match.group(4) or ""
        if match.group(1):
            parts.append("$")
        elif name.isdigit() and int(name) > 0:
            parts.append(int(name))
        else:
            raise SkippedRule("bad replacement index")
    return parts + [text[last:]]


def split_pattern(kind, text):
    """Return (Test, the text after the flags). :raises SkippedRule: for what Postfix skips"""
    body = text.lstrip(BLANKS + "!")
    negated = text[:len(text) - len(body)].count("!") % 2 == 1
    if not body:
        raise SkippedRule("no regexp")
    if "\x7f" < body[0] < "\ud800":
        # The delimiter is a byte, so what follows the second one is no flag but the rest of a character.
        raise SkippedRule("unknown regexp option")
    end = 1
    while end < len(body) and body[end] != body[0]:
        end += 2 if body[end] == "\\" else 1
    if end >= len(body):
        raise SkippedRule("no closing regexp delimiter")
    stop = end + 1
    while stop < len(body) and body[stop] not in BLANKS and not (kind == "regexp" and body[stop] == "!"):
        if body[stop] not in FLAGS[kind]:
            raise SkippedRule("unknown regexp option")
        stop += 1
    return Test(body[1:end], body[end + 1:stop], negated), body[stop:]
