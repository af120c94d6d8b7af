# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of rules, the first of which that matches answers: cidr_table(5)."""

from .networks import parse_address, parse_network
from .text import BLANKS, logical_lines


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
        word, dummy, rest = text.partition(" ") if " " in text else text.partition("\t")
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


class CidrTable(RuleTable):
    """cidr_table(5). A rule that Postfix cannot parse is skipped with a warning, as Postfix does."""

    def _parse(self, op, text):
        pattern, dummy, value = text.replace("\t", " ").partition(" ")
        negate = pattern.startswith("!")
        try:
            network = parse_network(pattern.lstrip("!"))
        except ValueError:
            return None
        return Rule(op, _address_test(network, negate), value.strip(BLANKS), network)

    def networks(self):
        return [rule.source for rule in self.rules if rule.source is not None]


def _address_test(network, negate):
    def test(key):
        try:
            return network.holds(parse_address(key)) != negate
        except ValueError:
            return False
    return test
