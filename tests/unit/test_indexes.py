# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Indexed tables and lists answer as if each line were tried in turn. What a cidr table says is what `postmap -q` of 3.7 said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.match_lists import ListError, ListFatal, MatchList
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.networks import Ranges, parse_address, parse_network
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.table_cidr import CidrTable
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.tables import TableError, Tables

# A small world, so that networks meet: 10.0.0.0 to 10.0.0.15 and 2001:db8::0 to 2001:db8::f, with their mapped kin.
NETWORKS = (["10.0.0.{0}/{1}".format(first & -(1 << (32 - length)) & 15, length) for first in range(16) for length in range(28, 33)]
            + ["2001:db8::{0:x}/{1}".format(first & -(1 << (128 - length)) & 15, length) for first in range(16) for length in range(124, 129)]
            + ["0.0.0.0/0", "::/0", "::ffff:10.0.0.0/124", "10.0.0.3", "2001:db8::5", "[2001:db8::]/126", "10.0.0.1/28", "bogus"])
ADDRESSES = (["10.0.0.{0}".format(number) for number in range(16)] + ["2001:db8::{0:x}".format(number) for number in range(16)]
             + ["0.0.0.0", "255.255.255.255", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::ffff:10.0.0.3", "9.255.255.255", "10.0.0.16"])

rules = st.lists(st.one_of(
    st.tuples(st.just("match"), st.sampled_from(["", "!", "!!"]), st.sampled_from(NETWORKS)),
    st.tuples(st.just("if"), st.sampled_from(["", "!"]), st.sampled_from(NETWORKS)),
    st.tuples(st.just("endif"), st.just(""), st.just(""))), max_size=14)


def written(rule, number):
    op, marks, network = rule
    return {"match": "{0}{1} v{2}\n", "if": "if {0}{1}\n", "endif": "endif\n"}[op].format(marks, network, number)


def parsed(network):
    try:
        return parse_network(network)
    except ValueError:
        return None


def one_by_one(table, address):
    """The answer of a list of rules for an address, trying each."""
    blocks = []
    for number, (op, marks, text) in enumerate(table):
        network = parsed(text)
        if op == "endif":
            blocks = blocks[:-1]
        elif network is not None:
            holds = network.family == address[0] and network.holds(address) != (marks == "!")
            if op == "if":
                blocks.append(holds)
            elif holds and all(blocks):
                return "v{0}".format(number)
    return None


@settings(max_examples=300, deadline=None)
@given(rules)
def test_cidr_table(table):
    indexed = CidrTable("t", [written(rule, number) for number, rule in enumerate(table)])
    assert [indexed.get(text) for text in ADDRESSES] == [one_by_one(table, parse_address(text)) for text in ADDRESSES]
    assert [indexed.get(text) for text in ("", "unknown", "10.0.0", "10.0.0.3 ", "[2001:db8::5]")] == [None] * 5


@pytest.mark.parametrize("text, answers", [
    ("!192.0.2.0/24 OTHER\n", {"::1": None, "192.0.2.1": None, "198.51.100.1": "OTHER"}),
    ("if !192.0.2.0/24\n0.0.0.0/0 A\n::/0 B\nendif\n", {"::1": None, "192.0.2.1": None, "198.51.100.1": "A"}),
    ("if 10.0.0.0/8\nif bogus\n10.1.0.0/16 X\nendif\n11.0.0.0/8 Y\nendif\n::1 Z\n", {"::1": "Z", "11.2.3.4": "Y", "10.1.2.3": "X"}),
    ("!!192.0.2.0/24 TWICE\n! 192.0.2.0/24 BLANK\n", {"192.0.2.1": "TWICE", "10.1.1.1": "BLANK"}),
    ("10.0.0.0/8\n10.0.0.0/8 TEN\n", {"10.1.1.1": "TEN"}),
    ("if 11.0.0.0/8 junk\n11.1.1.1 X\nendif junk\n", {"11.1.1.1": "X"}),
    ("if 12.0.0.0/8\n12.1.1.1 Y\nendif junk\n13.0.0.1 Q\nendif\n13.0.0.1 R\n", {"12.1.1.1": "Y", "13.0.0.1": "R"}),
    ("IF!14.0.0.0/8\n13.0.0.2 S\n14.0.0.1 T\nendif\nendifx 1\nif\n", {"13.0.0.2": "S", "14.0.0.1": None}),
])
def test_cidr_table_as_postmap_answers(text, answers):
    table = CidrTable("t", text.splitlines(True))
    assert dict((key, table.get(key)) for key in answers) == answers


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=12))
def test_ranges(pairs):
    indexed = Ranges(pairs)
    for number in range(32):
        assert indexed.find(number) == next((place for place, (first, last) in enumerate(pairs) if first <= number <= last), None)
    assert indexed.starts == sorted(set(indexed.starts))


def holds(table, key):
    try:
        return table.get(key) is not None
    except TableError as exc:
        raise ListError(str(exc))


class LinearList(object):
    """A MatchList's patterns, each tried in turn (match_list.c, match_ops.c)."""

    def __init__(self, match_list):
        self.parents = match_list.parents
        self.patterns = match_list.patterns

    def first(self, test):
        for pattern in self.patterns:
            if test(pattern):
                return not pattern.negate
        return False

    def client(self, name, address):
        return self.first(lambda pattern: self.named(pattern, name.lower()) or self.addressed(pattern, address))

    def domain(self, name):
        return self.first(lambda pattern: self.named(pattern, name.lower()))

    def string(self, text):
        def test(pattern):
            if pattern.table is not None:
                return holds(pattern.table, text.lower())
            if pattern.text == text.lower():
                return True
            return self.fail_for_a_file(pattern)
        return self.first(test)

    @staticmethod
    def fail_for_a_file(pattern):
        if pattern.error is not None and pattern.origin == pattern.text:
            raise ListError(pattern.error)
        return False

    def named(self, pattern, name):
        self.fail_for_a_file(pattern)
        if pattern.table is not None:
            return any(holds(pattern.table, key) for key in self.walk(name, pattern.table.fixed))
        ends = [name[place:] for place, char in enumerate(name) if char == "." and place > 0]
        return pattern.text in [name] + ([end[1:] for end in ends] if self.parents else ends)

    def walk(self, name, parents):
        """A name and its parent domains, each made from the one before."""
        while name:
            yield name
            dot = name.find(".", 1)
            if dot < 0 or not parents:
                return
            name = name[dot + (1 if self.parents else 0):]

    def addressed(self, pattern, address):
        if pattern.table is not None:
            return holds(pattern.table, address)
        if pattern.network is None and pattern.error is None:
            return pattern.text.strip("[]") == address
        if (":" in pattern.text) != (":" in address):
            return False
        if pattern.error is not None:
            raise ListError(pattern.error)
        return pattern.network.holds(parse_address(address))


NAMES = ["unknown", "example.com", "mail.example.com", "a.mail.example.com", "com", ".example.com", "x", "", "10.0.0.3", "a..example.com", "2001:db8::5"]
WORDS = (["unknown", "example.com", ".example.com", "mail.example.com", "com", "*", "/no/such/file", "inline:{example.com=x, .mail.example.com=y}",
          "inline:{10.0.0.5=x}", "cidr:{{10.0.0.4/30 x}}", "static:x", "10.0.0.", "999.0.0.1", "[10.0.0.0]/30", "[::1", "10.0.0.2/", "::2/127x"]
         + ["[{0}]/{1}".format(*text.split("/")) if ":" in text and "/" in text and "[" not in text else text for text in NETWORKS])


def outcome(ask, *arguments):
    try:
        return ask(*arguments)
    except ListError as exc:
        return str(exc)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["", "", "!"]), st.sampled_from(WORDS)), max_size=12), st.booleans())
def test_match_list(patterns, parents):
    try:
        indexed = MatchList(", ".join(marks + word for marks, word in patterns), Tables(Files()), parents)
    except ListFatal:
        return
    linear = LinearList(indexed)
    for name in NAMES:
        assert outcome(indexed.matches_domain, name) == outcome(linear.domain, name)
        assert outcome(indexed.matches_string, name) == outcome(linear.string, name)
        for address in ADDRESSES:
            assert outcome(indexed.matches_client, name, address) == outcome(linear.client, name, address)
