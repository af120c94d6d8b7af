# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Macros, networks, match lists, tables and the catalogue. Expected values are from postconf(5), access(5) and the real Postfix."""

import os

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix import networks, restrictions
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.catalogue import RESTRICTIONS
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.configuration import Configuration
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.errors import ConfigError
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.macros import MacroError, expand
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.match_lists import ListError, ListFatal, MatchList
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.table_regexps import PatternTable
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.tables import Opaque, TableError, Tables
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.secrets import mask

VALUES = {"a": "1", "e": "", "n": "$e", "chain": "$a$a", "level": "3.6", "me": "$me"}


@pytest.mark.parametrize("text, expected", [
    ("$a", "1"), ("${a}", "1"), ("$(a)", "1"), ("$$a", "$a"), ("x${a}y", "x1y"), ("${chain}", "11"), ("$undefined", ""),
    ("${a?yes}", "yes"), ("${e?yes}", ""), ("${e:no}", "no"), ("${a:no}", ""), ("${a?{yes}:{no}}", "yes"), ("${e?{yes}:{no}}", "no"),
    ("${n?raw}", "raw"), ("${{1} == {1}?{same}:{other}}", "same"), ("${{9} < {10}?{n}:{s}}", "n"), ("${{a9} < {a10}?{n}:{s}}", "s"),
    ("${{$level} <level {3.10}?{old}:{new}}", "old"), ("${{$level} >=level {3.6}?{new}}", "new"), ("${a?${e:deep}}", "deep"),
])
def test_macros(text, expected):
    assert expand(text, VALUES.get) == expected


@pytest.mark.parametrize("text", ["${a", "$", "a $ b", "$me", "${{1} ~ {1}}", "${a?{x}y}", "${a!}"])
def test_macros_that_postfix_dies_of(text):
    with pytest.raises(MacroError):
        expand(text, VALUES.get)


@pytest.mark.parametrize("first", ["myhostname", "mydomain"])
def test_a_default_that_is_made_of_what_it_is_used_for(first):
    settings = Configuration(MainCf(b"myhostname = x$mydomain\n"), None, (3, 7), Files()).settings()
    settings.value(first)
    assert [settings.value(name) for name in ("myhostname", "mydomain")] == ["xlocaldomain", "localdomain"]  # postconf -x


def test_what_cannot_be_expanded_is_an_error_each_time():
    settings = Configuration(MainCf(b"myhostname = ${x\nmyorigin = $mydomain\n"), None, (3, 7), Files()).settings()
    for dummy in range(2):
        with pytest.raises(ConfigError, match="myhostname"):
            settings.value("myorigin")


@pytest.mark.parametrize("text, reason", [("203.0.113.1/24", "non-null"), ("1.2.3.4/0", "non-null"), ("1.2.3.4/33", "mask length"), ("0/0", "network value"),
                                          ("10.0.0.0/255.0.0.0", "mask value"), ("[::1", "missing"), ("[::1]x", "garbage")])
def test_broken_networks(text, reason):
    with pytest.raises(ValueError, match=reason):
        networks.parse_network(text)


def test_networks():
    assert networks.parse_network("10.0.0.0/8").holds(networks.parse_address("10.255.0.1"))
    assert str(networks.parse_network("[2001:db8::]/32")) == "[2001:db8::]/32"
    assert [str(one) for one in networks.to_networks(4, 1, 6)] == ["0.0.0.1/32", "0.0.0.2/31", "0.0.0.4/31", "0.0.0.6/32"]


@pytest.fixture
def tables():
    return Tables(Files())


@pytest.mark.parametrize("value, name, address, expected", [
    ("10.0.0.0/8", "unknown", "10.1.2.3", True), ("!10.1.0.0/16, 10.0.0.0/8", "unknown", "10.1.2.3", False),
    ("10.0.0.0/8, !10.1.0.0/16", "unknown", "10.1.2.3", True), ("unknown", "unknown", "192.0.2.1", True),
    ("example.com", "mail.example.com", "192.0.2.1", True), ("192.0.2.1", "x", "192.0.2.1", True), ("[::1]", "x", "::1", True),
    ("192.0.2.", "x", "192.0.2.1", False), ("*", "x", "192.0.2.1", False), ("static:x", "x", "192.0.2.1", True),
    ("cidr:{{192.0.2.0/24 no}}", "x", "192.0.2.1", True), ("#x 192.0.2.1", "x", "192.0.2.1", False),
    ("[2001:db8::]/32", "x", "2001:db8::1", True), ("[::]/0", "x", "192.0.2.1", False),
])
def test_client_lists(tables, value, name, address, expected):
    assert MatchList(value, tables, True).matches_client(name, address) is expected


def test_a_broken_entry_fails_only_who_reaches_it(tables):
    match_list = MatchList("127.0.0.1, 203.0.113.1/24", tables)
    assert match_list.matches_client("unknown", "127.0.0.1")
    with pytest.raises(ListError):
        match_list.matches_client("unknown", "192.0.2.1")


@pytest.mark.parametrize("value", ["!", "::/0", "static:"])
def test_lists_that_smtpd_dies_of(tables, value):
    with pytest.raises(ListFatal):
        MatchList(value, tables)


def test_parents_by_style(tables):
    assert MatchList("com", tables, True).matches_domain("victim.com")
    assert not MatchList("com", tables, False).matches_domain("victim.com")
    assert MatchList(".com", tables, False).matches_domain("victim.com")


def test_tables(tables, tmp_path):
    (tmp_path / "t").write_text("# c\nKey  value with blanks\n  more\nother OK\n")
    table = tables.open("texthash:{0}".format(tmp_path / "t"))
    assert table.get("key") == "value with blanks  more"
    assert tables.open("regexp:{{/^a.c$/ ONE} {!/x/ REST}}").get("ABC") == "ONE"
    assert tables.open("pcre:{{/^(.)b/ GOT $1}}").get("abc") == "GOT a"
    assert tables.open("unionmap:{static:a,static:b}").get("k") == "a,b"
    assert tables.open("pipemap:{inline:{k=l},inline:{l=m}}").get("k") == "m"
    with pytest.raises(Opaque):
        tables.open("mysql:/etc/x.cf").get("k")
    with pytest.raises(TableError):
        tables.open("hash:{0}".format(tmp_path / "none")).get("k")


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="NOT TESTED: no file here that not even root can read")
def test_what_may_not_be_read_is_unknown_not_missing():
    """Root reads everything, but not at every place of a process's memory."""
    tables = Tables(Files())
    with pytest.raises(Opaque):
        tables.open("texthash:/proc/self/mem").get("k")
    with pytest.raises(Opaque):
        MatchList("/proc/self/mem", tables).matches_client("unknown", "192.0.2.1")


def test_if_blocks(tables):
    table = tables.open("regexp:{{if /@example/} {/^a/ A} {endif} {/./ Z}}")
    assert table.get("a@example") == "A"
    assert table.get("a@other") == "Z"


@pytest.mark.parametrize("kind", ["pcre", "regexp"])
@pytest.mark.parametrize("pattern", [r"^friend@", r"\.example\.org$", r"^(a|b)[0-9]{2}@[^.]+\.x$", r"^[[:alpha:]]+$"])
def test_a_text_can_be_built_that_a_pattern_matches(kind, pattern):
    table = PatternTable(kind, "t", ["/" + pattern + "/ OK\n"])
    assert [table.get(text) for text in table.samples()] == ["OK", None]


def test_the_catalogue_is_whole():
    assert len(RESTRICTIONS) == 77
    assert sum(row.argument == "table" for row in RESTRICTIONS.values()) == 23


@pytest.mark.parametrize("value, expected", [
    ("reject_unauth_destination", True), ("permit, reject_unauth_destination", False), ("", False), ("permit_mynetworks", False),
    ("warn_if_reject reject_unauth_destination", False), ("warn_if_reject warn_if_reject reject", True), ("good", True), ("bad", False),
    ("Reject_Unauth_Destination", True),
])
def test_the_check_that_smtpd_makes_at_its_start(value, expected):
    assert restrictions.has_required(value, {"good": "sleep 1, defer", "bad": "permit, reject"}) is expected


def test_secrets_are_masked():
    text = "a = inline:{k = secret, {x = y}} b\nsmtp_sasl_password_maps = static:user:secret\n"
    assert "secret" not in mask(text)
    assert mask(text).startswith("a = inline:{...} b\n")
