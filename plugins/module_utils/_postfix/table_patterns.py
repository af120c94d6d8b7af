# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables whose keys are regular expressions: regexp_table(5), pcre_table(5)."""

import re

from .patterns import sample, translate
from .text import BLANKS, logical_lines

_TARGET = re.compile(r"\$(?:\$|(\d+)|\{(\d+)\}|\((\d+)\))")


class Uncompilable(Exception):
    """A pattern in a dialect that is not understood here."""


class Rule(object):
    """One line of a pattern table: op is ``match``, ``if`` or ``endif``; test: callable key -> match or None."""

    __slots__ = ("op", "test", "value", "source")

    def __init__(self, op, test, value, source):
        self.op = op
        self.test = test
        self.value = value
        self.source = source


class RuleTable(object):
    """Rules in order; the first that matches answers. Keys are never cut or folded (DICT_FLAG_PATTERN)."""

    fixed = False

    def __init__(self, name, lines):
        self.name = name
        self.rules = [self._rule(logical.text.strip(BLANKS)) for logical in logical_lines(lines)]
        self.rules = [rule for rule in self.rules if rule is not None]

    def _rule(self, text):
        word, rest = (text.split(None, 1) + [""])[:2]
        if word.lower() == "endif":
            return Rule("endif", None, None, None)
        if word.lower() == "if":
            return self._parse("if", rest.strip(BLANKS))
        return self._parse("match", text)

    def get(self, key):
        """Return the value of the first rule that matches *key*, or None."""
        skip, level = None, 0
        for rule in self.rules:
            if rule.op == "endif":
                level -= 1
                skip = None if skip is not None and level < skip else skip
            elif rule.op == "if":
                level += 1
                if skip is None and not rule.test(key):
                    skip = level
            elif skip is None:
                found = rule.test(key)
                if found:
                    return self._value(rule, found)
        return None

    def _value(self, rule, dummy):
        return rule.value

    def keys(self):
        """Return single keys: none, the rules are patterns."""
        return []

    def networks(self):
        """Return the Networks that the rules tell apart."""
        return []

    def samples(self):
        """Return texts that rules match."""
        return []


def _negation(text):
    """Return (whether an odd number of ``!`` stands ahead, the rest): blanks may stand between them."""
    rest = text.lstrip("!" + BLANKS)
    return text[:len(text) - len(rest)].count("!") % 2 == 1, rest


class PatternTable(RuleTable):
    """regexp_table(5) and pcre_table(5). :raises Uncompilable: where a pattern has no equal in Python"""

    def __init__(self, kind, name, lines):
        self.kind = kind
        RuleTable.__init__(self, name, lines)

    def _parse(self, op, text):
        negate, body = _negation(text)
        if not body:
            return None
        delimiter, end = body[0], 1
        while end < len(body) and body[end] != delimiter:
            end += 2 if body[end] == "\\" else 1
        flags, dummy, value = (body[end + 1:].replace("\t", " ")).partition(" ")
        try:
            regex = re.compile(*translate(self.kind, body[1:end], flags))
        except (re.error, ValueError) as exc:
            raise Uncompilable("pattern /{0}/: {1}".format(body[1:end], exc))
        numbers = [int(number) for groups in _TARGET.findall(value) for number in groups if number]
        if numbers and (negate or max(numbers) > regex.groups):
            return None  # Postfix warns of a group that is not there, and skips the rule
        test = (lambda key: None if regex.search(key) else True) if negate else regex.search
        return Rule(op, test, value.strip(BLANKS), None if negate else regex)

    def _value(self, rule, found):
        if "$" not in rule.value:
            return rule.value

        def replace(target):
            number = target.group(1) or target.group(2) or target.group(3)
            if number is None:
                return "$"
            return found.group(int(number)) or "" if found is not True and int(number) <= found.re.groups else ""
        return _TARGET.sub(replace, rule.value)

    def samples(self):
        found = [sample(rule.source) for rule in self.rules if rule.source is not None]
        return [text for text in found if text is not None and self.get(text) is not None]
