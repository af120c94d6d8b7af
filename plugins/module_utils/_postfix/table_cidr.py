# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables whose keys are networks: cidr_table(5)."""

import re
from collections import namedtuple

from .networks import BITS, Ranges, parse_address, parse_network
from .text import BLANKS, logical_lines

# op: "" (a pattern with its value), "if" or "endif"; negate: bool; network: Network, None for "endif"
Rule = namedtuple("Rule", "op negate network value")

_RULE = re.compile(r"(?:(if|endif)(?![0-9a-z]))?([!\s]*)(\S*)\s*(.*)", re.IGNORECASE | re.DOTALL | re.ASCII)


class CidrTable(object):
    """A cidr table: the first rule that matches answers (dict_cidr.c; cidr_match_execute in cidr_match.c).

    The rules are turned into disjoint ranges when the table is first asked, so that an answer takes logarithmic time.

    :param str name: for messages
    :param lines: physical lines
    """

    fixed = False

    def __init__(self, name, lines):
        self.name = name
        self.rules = [rule for rule in (_parse(logical.text.strip(BLANKS)) for logical in logical_lines(lines)) if rule is not None]
        self._index = None

    def get(self, key):
        """Return the value of the first rule that matches the address *key*, or None; what is no address matches none."""
        try:
            family, number = parse_address(key)
        except ValueError:
            return None
        if self._index is None:
            self._index = dict((one, _index(self.rules, one)) for one in BITS)
        ranges, values = self._index[family]
        found = ranges.find(number)
        return None if found is None else values[found]

    def keys(self):
        """Return single keys: none, the rules are networks."""
        return []

    def networks(self):
        """Return the Networks that the rules tell apart."""
        return [rule.network for rule in self.rules if rule.network is not None]

    def samples(self):
        """Return texts that match beyond the networks: none."""
        return []


def _parse(text):
    """Return the Rule of one logical line, or None where Postfix skips it with a warning."""
    op, marks, pattern, rest = _RULE.match(text).groups()
    op = (op or "").lower()
    if op == "endif":
        return None if marks.strip(BLANKS) or pattern else Rule(op, False, None, None)
    if bool(rest) == bool(op):
        return None  # a pattern without a value, or more than a pattern behind "if"
    try:
        return Rule(op, marks.count("!") % 2 == 1, parse_network(pattern), rest)
    except ValueError:
        return None


def _index(rules, family):
    """Return (Ranges, their values) for the addresses of *family*."""
    everything = [(0, (1 << BITS[family]) - 1)]
    ranges, values, blocks = [], [], [everything]
    for rule in rules:
        if rule.op == "if":
            blocks.append(_covered(rule, family, blocks[-1]))
        elif rule.op == "":
            found = _covered(rule, family, blocks[-1])
            ranges.extend(found)
            values.extend([rule.value] * len(found))
        elif len(blocks) > 1:
            blocks.pop()
    return Ranges(ranges), values


def _covered(rule, family, block):
    """Return the ranges of *block*, sorted and disjoint, that *rule* matches; a negated one too keeps to its family."""
    network = rule.network
    if network.family != family:
        return []
    if rule.negate:
        own = [(0, network.first - 1), (network.last + 1, (1 << BITS[family]) - 1)]
    else:
        own = [(network.first, network.last)]
    common = [(max(first, begin), min(last, end)) for begin, end in block for first, last in own]
    return [(first, last) for first, last in common if first <= last]
