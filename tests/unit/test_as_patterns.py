# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A table of single keys in the form of patterns answers as Postfix's search order has it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix import lookups
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.table_regexps import PatternTable
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.tables import FixedTable, Maps
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.as_patterns import rules

NONE = lookups.Extensions("", True, "double-bounce")
LABELS = st.sampled_from(["a", "org", "x-y"])
DOMAINS = st.lists(LABELS, min_size=1, max_size=3).map(".".join)
USERS = st.sampled_from(["a", "boss", "x.y", "o'neil", "a+b"])
ADDRESSES = st.tuples(USERS, DOMAINS).map("@".join)
MAIL_KEYS = st.one_of(DOMAINS, DOMAINS.map(".{0}".format), ADDRESSES, USERS.map("{0}@".format))
NAME_KEYS = st.one_of(DOMAINS, DOMAINS.map(".{0}".format))
VALUES = st.sampled_from(["OK", "REJECT", "450 come back for $5"])


class Opened(object):
    """Tables that hold one."""

    def __init__(self, table):
        self.table = table

    def open(self, dummy):
        return self.table


def both(entries, style, parents):
    """Return the Maps of a table of keys, and the table in the form of patterns."""
    maps = Maps("x:y", Opened(FixedTable("x:y", entries)))
    return maps, PatternTable("pcre", "x:y", rules(list(entries.items()), style, parents))


@settings(deadline=None)
@given(st.dictionaries(MAIL_KEYS, VALUES, max_size=8), ADDRESSES, st.booleans())
def test_mail(entries, text, parents):
    maps, table = both(entries, "mail", parents)
    assert table.get(text) == lookups.mail(maps, text, parents, NONE)


@settings(deadline=None)
@given(st.dictionaries(NAME_KEYS, VALUES, max_size=8), DOMAINS.filter(lookups.valid_hostname), st.booleans())
def test_names(entries, text, parents):
    # A key of digits stands for an address here.
    entries = {key: value for key, value in entries.items() if not key.replace(".", "").isdigit()}
    maps, table = both(entries, "name", parents)
    assert table.get(text) == lookups.domain(maps, text, parents)


@pytest.mark.parametrize("key, matched, other", [
    ("203.0.113", "203.0.113.9", "203.0.11.9"), ("203.0.113.9", "203.0.113.9", "203.0.113.90"), ("2001:db8", "2001:db8::1", "2001:db81::1")])
def test_client_addresses(key, matched, other):
    maps, table = both({key: "OK"}, "name", True)
    for text in (matched, other):
        assert table.get(text) == lookups.address(maps, text)


def test_the_null_sender():
    assert both({"<>": "OK"}, "mail", True)[1].get("") == "OK"


# access(5), "EMAIL ADDRESS PATTERNS" and "HOST NAME/ADDRESS PATTERNS": what is asked first answers.
@pytest.mark.parametrize("pairs, style, parents, answers", [
    ([("b.org", "B"), ("a.b.org", "A"),
    ("org", "C")], "mail", True, {"x@a.b.org": "A", "x@y.a.b.org": "A", "x@b.org": "B", "x@c.b.org": "B", "x@c.org": "C", "x@cb.orga": None}),
    ([("b.org", "B"), (".b.org", "D"), ("a@", "U"),
    ("a@b.org", "X")], "mail", False, {"a@b.org": "X", "b@b.org": "B", "b@c.b.org": "D", "a@c.b.org": "D", "a@c.org": "U", "b@xb.org": None}),
    ([("b.org", "B"), (".b.org", "D"), (".a.b.org", "C")], "name", False, {"b.org": "B", "a.b.org": "D", "x.a.b.org": "C", "xb.org": None}),
    ([("b.org", "B"), (".b.org", "D"), (".c.org", "C")], "name", True, {"b.org": "B", "a.b.org": "B", "a.c.org": None}),
    ([("b.org", "B"), ("b@", "A"), ("b@b.org", "C")], "name", True, {"b.org": "B", "a.b.org": "B"}),
    ([("<>", "N"), ("a@", "U")], "mail", True, {"": "N", "a@b": "U", "<>": None, "ba@b": None}), ([("<>", "N")], "name", True, {"": None}),
    ([("a.c@b.org", "A"), ("a+c@b.org", "B"), ("x_y@", "C"),
    ("a|b@", "D")], "mail", True, {"a.c@b.org": "A", "a+c@b.org": "B", "abc@b.org": None, "x_y@z": "C", "a@z": None, "a|b@z": "D"}),
    ([("a@b.org", "$1 costs $$"), ("c@b.org", "two\nlines"), ("", "E"),
    ("d@b.org", "D")], "mail", True, {"a@b.org": "$1 costs $$", "c@b.org": None, "d@b.org": "D", "e@b.org": None}),
    ([("10.1", "A"), ("10.1.2", "B"), ("10.1.2.3", "C"),
    ("10.b.org", "D")], "name", True, {"10.1.2.3": "C", "10.1.2.4": "B", "10.1.3.4": "A", "10.10.1.1": None, "x.10.b.org": "D",
                                                                                          "10.1.2.30": "B", "110.1.2.3": None}),
    ([("2001:db8", "A"), ("2001:db8:1", "B")], "name", True, {"2001:db8::1": "A", "2001:db8:1::1": "B", "2001:db80::1": None, "2001:db8": "A"}),
    ([("10.1", "A")], "mail", True, {"x@10.1": "A", "x@10.1.2": None}), ([("a:b.org", "A")], "mail", True, {"x@a:b.org": "A", "a:b.org": None}),
])
def test_the_order_of_the_search(pairs, style, parents, answers):
    table = PatternTable("pcre", "t", rules(pairs, style, parents))
    assert {key: table.get(key) for key in answers} == answers
    assert len(table.rules) == len(rules(pairs, style, parents))


def test_a_pattern_stays_small():
    """Of a large table 200 keys, 40 in a pattern."""
    keys = ["a{0}.org".format(number) for number in range(201)]
    lines = rules([(key, "OK") for key in keys], "name", False)
    assert [line.count("|") for line in lines] == [39] * 5
    table = PatternTable("pcre", "t", lines)
    assert [key for key in keys if table.get(key) is None] == ["a200.org"]


def test_patterns_are_asked_for_the_whole_text_alone():
    """access(5), "REGULAR EXPRESSION TABLES": names and addresses are not broken up."""
    maps = Maps("x:y", Opened(PatternTable("pcre", "x:y", [r"/^b\.org$/ A" "\n", r"/^a\.b\.org$/ B" "\n", "/^a@$/ C\n"])))
    assert [lookups.domain(maps, name, True) for name in ("a.b.org", "b.org", "c.b.org")] == ["B", "A", None]
    assert lookups.mail(maps, "a@b.org", True, NONE) is None
