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
    assert table.get(text) == lookups.mail(maps, text, parents, "")


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
