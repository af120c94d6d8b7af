# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables whose keys are networks: cidr_table(5)."""

import re
from bisect import bisect_right
from collections import namedtuple

from .networks import BITS, Ranges, parse_address, parse_network
from .text import BLANKS, logical_texts

# op: "" (a pattern with its value), "if" or "endif"; negate: bool and network: Network, None for "endif"
Rule = namedtuple("Rule", "op negate network value")

_RULE = re.compile(r"(?:(if|endif)(?![0-9a-z]))?([!\s]*)(\S*)\s*(.*)", re.IGNORECASE | re.DOTALL | re.ASCII)


class CidrTable(object):
    """A cidr table: the first rule that matches answers (dict_cidr.c; cidr_match_execute in cidr_match.c).

    The rules are turned into disjoint ranges when the table is first asked, so that an answer takes logarithmic time.

    :param str name: for messages
    :param lines: physical lines
    """

    fixed = False
    stale = False

    def __init__(self, name, lines):
        self.name = name
        self.rules = [rule for rule in (_parse(text.strip(BLANKS)) for text in logical_texts(lines)) if rule is not None]
        self._answers = {}

    def get(self, key):
        """Return the value of the first rule that matches the address *key*, or None; what is no address matches none."""
        try:
            family, number = parse_address(key)
        except ValueError:
            return None
        starts, answers = self.answers(family)
        return answers[bisect_right(starts, number) - 1]

    def answers(self, family):
        """Return (starts, answers): from each start on, the addresses of *family* have that answer, a str or None."""
        if family not in self._answers:
            ranges, values = _ranges(self.rules, family)
            found = Ranges(ranges)
            self._answers[family] = found.starts, [None if winner is None else values[winner] for winner in found.winners]
        return self._answers[family]

    def keys(self):
        """Return single keys: none, the rules are networks."""
        return []

    def networks(self):
        """Return the Networks that the rules tell apart."""
        return [rule.network for rule in self.rules if rule.network is not None]

    def samples(self, dummy_forms, dummy_harmless=None):
        """Return texts that match beyond the networks: none."""
        return []

    def unreached(self, dummy_forms, dummy_harmless=None):
        """Return [(value, pattern), ...] for which no text could be built: none."""
        return []


def _parse(text):
    """Return the Rule of one logical line, or None where Postfix skips it with a warning."""
    match = _RULE.match(text)
    op, marks, pattern, rest = match.groups("") if match else ("", "", "", "")
    op = op.lower()
    if op == "endif":
        return None if marks.strip(BLANKS) or pattern else Rule(op, None, None, None)
    if bool(rest) == bool(op):
        return None  # a pattern without a value, or more than a pattern behind "if"
    try:
        return Rule(op, marks.count("!") % 2 == 1, parse_network(pattern), rest)
    except ValueError:
        return None


def _ranges(rules, family):
    """Return (ranges of addresses of *family* in order of precedence, their values)."""
    ranges, values, blocks = [], [], [None]  # type: list[tuple], list[str], list[list | None]
    for op, negate, network, value in rules:
        if op == "endif":
            if len(blocks) > 1:
                blocks.pop()
        elif network.family != family:
            # A rule, negated or not, keeps to its own family.
            if op == "if":
                blocks.append([])
        else:
            found = _common(_complement(network) if negate else [(network.first, network.last)], blocks[-1])
            if op == "if":
                blocks.append(found)
            else:
                ranges.extend(found)
                values.extend([value] * len(found))
    return ranges, values


def _complement(network):
    return [(0, network.first - 1), (network.last + 1, (1 << BITS[network.family]) - 1)]


def _common(spans, block):
    """Return what *spans* have in common with *block*: ranges, or None for all addresses."""
    if block is None:
        return spans
    common = [(max(first, begin), min(last, end)) for begin, end in block for first, last in spans]
    return [(first, last) for first, last in common if first <= last]
