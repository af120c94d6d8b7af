# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""regexp_table(5) and pcre_table(5): rules in order, the first that matches answers (dict_regexp.c, dict_pcre.c)."""

import re
import string
from itertools import islice

from .errors import Opaque
from .pattern_forms import NAME_FORMS
from .pattern_samples import Automaton, demands, texts
from .patterns import FLAGS, Pattern, Refused, Uncompilable
from .text import BLANKS, decode, encode, logical_lines

_REFERENCE = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)\}|\((\w+)\))?", re.ASCII)
TRIES = 40
# In place of the index of a rule: no rule answers; nobody says such a text.
NOWHERE, UNSAYABLE = None, -1
_SHAPES = {}  # type: dict[str, tuple]
_ALNUM = frozenset(string.ascii_letters + string.digits)


IF, ENDIF, MATCH = "if", "endif", "match"


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


class PatternTable(object):
    """A regexp or pcre table. Keys are never cut or folded (DICT_FLAG_PATTERN); a rule that Postfix skips is not there.

    :param callable confirm: [key, ...] -> {key: value} as the host's own postmap(1) answers, or None
    """

    fixed = False
    stale = False

    def __init__(self, kind, name, lines, confirm=None):
        self.kind = kind
        self.name = name
        self.rules = []
        self._confirm = confirm
        self._open = []
        self._samples = {}
        for logical in logical_lines(lines):
            text = logical.text.strip(BLANKS)
            try:
                self._add(text)
            except SkippedRule:
                continue

    def _add(self, text):
        if text[:1] not in _ALNUM:
            self.rules.append(self._match(text))
        elif text[:2].lower() == IF and text[2:3] not in _ALNUM:
            test, dummy = split_pattern(self.kind, text[2:])
            test.compile(self.kind)
            self._open.append(Rule(IF, (test,)))
            self.rules.append(self._open[-1])
        elif text[:5].lower() == ENDIF and text[5:6] not in _ALNUM and self._open:
            self._open.pop().endif = len(self.rules)
            self.rules.append(Rule(ENDIF))

    def _match(self, text):
        first, rest = split_pattern(self.kind, text)
        tests = [first]
        if rest.startswith("!") and self.kind == "regexp":
            second, rest = split_pattern(self.kind, rest)
            tests.append(second)
        value = parse_value(rest.strip(BLANKS))
        wanted = max([one for one in value if isinstance(one, int)] or [0])
        if wanted and first.negated:
            raise SkippedRule("$number found in negative match replacement text")
        for test in tests:
            test.compile(self.kind)
        if first.pattern is not None and wanted > first.pattern.groups:
            raise SkippedRule("out of range replacement index")
        return Rule(MATCH, tuple(tests), value, tuple(self._open))

    def get(self, key):
        """Return the value of the first rule that *key* reaches, or None. :raises Opaque: where that cannot be told"""
        index, found = self.reach(key)
        return None if index is None else self._value(self.rules[index], found)

    def reach(self, key):
        """Return (index of the rule that answers, its match), or (None, None). :raises Opaque:"""
        data, index = encode(key), 0
        while index < len(self.rules):
            rule = self.rules[index]
            if rule.op != ENDIF:
                try:
                    found = rule.find(data)
                except Opaque as exc:
                    raise Opaque("{0}: {1}".format(self.name, exc))
                if found and rule.op == MATCH:
                    return index, found
                if not found and rule.op == IF:
                    if rule.endif is None:
                        break
                    index = rule.endif
            index += 1
        return None, None

    def _value(self, rule, found):
        parts = []
        for one in rule.value:
            if isinstance(one, int):
                if not rule.tests[0].pattern.greedy:
                    raise Opaque("{0}: pattern {1}: what ${2} holds".format(self.name, rule.name, one))
                one = decode(rule.tests[0].pattern.group(found, one))
            parts.append(one)
        return "".join(parts)

    def keys(self):
        """Return single keys: none, the rules are patterns."""
        return []

    def networks(self):
        """Return the Networks that the rules tell apart: none that could be read off patterns."""
        return []

    def samples(self, forms=NAME_FORMS, harmless=None):
        """Return texts: one for each rule that a text of one of *forms* can reach, and one that no rule answers.

        :param tuple forms: pcre patterns of what can be said where the table is asked, the likely first
        :param callable harmless: tells of a value that its rule need not be reached
        """
        return [text for dummy, text in self._search(forms, harmless) if text is not None]

    def unreached(self, forms=NAME_FORMS, harmless=None):
        """Return [(value, pattern), ...] of the rules that might be reached, but by no text that could be built."""
        return [("", "that matches none of them") if index == NOWHERE else (self.rules[index].text, self.rules[index].name)
                for index, text in self._search(forms, harmless) if text is None]

    def _search(self, forms, harmless):
        """Return [(index of a rule, text or None), ...] without the rules that nothing of *forms* can reach."""
        if (forms, harmless) not in self._samples:
            found = []  # type: list[tuple]
            shapes = [_shape(form) for form in forms]
            for index, rule in enumerate(self.rules):
                if rule.op == MATCH and not (harmless is not None and harmless(rule.text)):
                    found.extend((index, text) for text in self._texts(index, shapes))
            found.extend((NOWHERE, text) for text in self._texts(NOWHERE, shapes))
            self._samples[forms, harmless] = self._confirmed(found)
        return self._samples[forms, harmless]

    def _texts(self, index, shapes):
        """Return one text for rule *index* (or NOWHERE), [None] where none could be built, [] where there is none."""
        given_up = False
        for shape in shapes:
            try:
                text = self._text(index, shape)
            except Uncompilable:
                given_up = True
                continue
            if text is not None:
                return [text]
        return [None] if given_up else []

    def _text(self, index, shape):
        """Return a text of *shape* that reaches rule *index*, or None where there is none. :raises Uncompilable: where none was found"""
        if index == NOWHERE and self._gets_past(shape[2]):
            return shape[2]
        wanted = ([] if index == NOWHERE else self.rules[index].automata()) + [(shape[1], False)]
        earlier = range(len(self.rules[:index]))
        before = []  # type: list[int]
        while True:
            taken, refused = None, False
            for data in islice(texts(wanted, [self.rules[one].automata() for one in before]), TRIES):
                text = decode(data)
                try:
                    taken = self.reach(text)[0] if shape[0].search(data) else UNSAYABLE
                except Opaque as exc:
                    raise Uncompilable(str(exc))
                if taken == index:
                    return text
                if taken in earlier and taken not in before and _is_exact(self.rules[taken]):
                    break
                refused = True
            else:
                if refused:
                    # A pattern that its automaton cannot say took it, and may not take another that is like it in all else.
                    raise Uncompilable("no text that is taken")
                return None
            before.append(taken)

    def _gets_past(self, text):
        try:
            return self.reach(text) == (NOWHERE, None)
        except Opaque:
            return False

    def _confirmed(self, found):
        """Return *found* with None for each text to which the host's postmap answers otherwise."""
        asked = [text for dummy, text in found if text is not None]
        answers = self._confirm(asked) if asked and self._confirm is not None else None
        if answers is None:
            return found
        return [(index, text if text is None or answers.get(text) == self._answer(text) else None) for index, text in found]

    def _answer(self, text):
        try:
            return self.get(text)
        except Opaque:
            return None


def passing(tables, forms, harmless):
    """Return texts that several PatternTables, in their order, do not turn away: one that gets past all, and one for each rule that says more.

    :param tuple forms: pcre patterns of what can be said, the likely first
    :param callable harmless: tells of a value that it turns away
    """
    found = _past(tables, forms, harmless)
    for number, table in enumerate(tables):
        for index, rule in enumerate(table.rules):
            if rule.op == MATCH and not harmless(rule.text):
                # What lets someone in may end the list ahead of the tables that follow.
                found.extend(_past(tables, forms, harmless, table, index) or _past(tables[:number + 1], forms, harmless, table, index))
    return found


def _past(tables, forms, harmless, goal=None, index=None):
    """Return [a text that reaches rule *index* of the table *goal*, and is turned away by none], or [] where none was found."""
    for form in forms:
        shape, avoided = _shape(form), []  # type: tuple, list
        try:
            wanted = ([] if goal is None else goal.rules[index].automata()) + [(shape[1], False)]
            while True:
                for data in islice(texts(wanted, [rule.automata() for rule in avoided]), TRIES):
                    blocking = _blocking(tables, decode(data), harmless, goal, index)
                    if blocking is None and shape[0].search(data):
                        return [decode(data)]
                    if blocking is not None and blocking not in avoided and _is_exact(blocking):
                        break
                else:
                    break
                avoided.append(blocking)
        except (Opaque, Uncompilable):
            continue
    return []


def _blocking(tables, text, harmless, goal, wanted):
    """Return the first Rule that turns *text* away, or that answers ahead of rule *wanted* of the table *goal*; None where there is none."""
    for table in tables:
        index = table.reach(text)[0]
        if table is goal and index != wanted:
            return table.rules[wanted if index is None else index]
        if index is not None and harmless(table.rules[index].text):
            return table.rules[index]
    return None


def _is_exact(rule):
    try:
        return all(one.exact for one, dummy in rule.automata())
    except Uncompilable:
        return False


def _shape(form):
    if form not in _SHAPES:
        pattern = Pattern("pcre", form, "i")
        automaton = Automaton(pattern.tree)
        # The third: the likeliest text of that form, which gets past most tables.
        _SHAPES[form] = pattern, automaton, decode(next(iter(texts([(automaton, False)], []))))
    return _SHAPES[form]


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
