# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a list of patterns holds, and which addresses and domains are the host's own (match_list.c, own_inet_addr.c, resolve.c)."""

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix import addresses, evaluate
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.configuration import Configuration, Host
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.evaluate import ALL, NESTING_LIMIT, SKIPPED, Entered
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.match_lists import ListError, ListFatal, MatchList
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.networks import format_address, parse_address
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.replies import DEATH, SERVER_ERROR
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.splitting import Path
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.tables import Tables


@pytest.fixture
def tables():
    return Tables(Files())


def shown(patterns):
    return [("!" if one.negate else "") + one.text for one in patterns]


@pytest.mark.parametrize("value, patterns, comment", [
    ("", [], None), ("a B,c", ["a", "b", "c"], None), ("!a !!b !!!c", ["!a", "b", "!c"], None), ("a #b c", ["a"], "#b"), ("a b#c", ["a", "b#c"], None),
    ("inline:{A=b}, X", ["inline:{A=b}", "x"], None), ("# a", [], "#"),
])
def test_patterns_of_a_list(tables, value, patterns, comment):
    found = MatchList(value, tables)
    assert (shown(found.patterns), found.comment) == (patterns, comment)
    assert [one.origin for one in found.patterns] == [None] * len(patterns)


@pytest.mark.parametrize("version, patterns, comment", [((3, 7), ["!a", "!b", "c", "!e", "!f"], "#x"), ((3, 8), ["!a", "!b", "c", "!e", "!f"], "#x")])
def test_patterns_of_a_file(tmp_path, version, patterns, comment):
    (tmp_path / "t").write_text("a b !c #x d\n# y\ne #z\nf\n")
    found = MatchList("!{0} #last".format(tmp_path / "t"), Tables(Files(), version))
    assert (shown(found.patterns), found.comment) == (patterns, comment)  # the first comment is the one that is told
    assert {one.origin for one in found.patterns} == {str(tmp_path / "t")}


def test_lines_of_a_file_continue_since_3_8(tmp_path):
    (tmp_path / "t").write_text("a\n b\n  # c\n#d\n")
    assert shown(MatchList(str(tmp_path / "t"), Tables(Files(), (3, 7))).patterns) == ["a", "b"]
    assert shown(MatchList(str(tmp_path / "t"), Tables(Files(), (3, 8))).patterns) == ["a", "b"]
    (tmp_path / "t").write_text(" a\nb\n")
    assert shown(MatchList(str(tmp_path / "t"), Tables(Files(), (3, 7))).patterns) == ["a", "b"]
    assert shown(MatchList(str(tmp_path / "t"), Tables(Files(), (3, 8))).patterns) == ["b"]


def test_a_file_that_is_not_there_fails_whoever_reaches_it(tables, tmp_path):
    found = MatchList("a, !{0}/no, b".format(tmp_path), tables, True)
    one = found.patterns[1]
    assert (one.text, one.origin, one.negate) == (str(tmp_path / "no"), str(tmp_path / "no"), True) and "no such file" in one.error
    assert found.matches_string("A") and found.matches_domain("x.A") and found.matches_client("a", "192.0.2.1")
    for ask in (lambda: found.matches_string("b"), lambda: found.matches_domain("b"), lambda: found.matches_client("b", "192.0.2.1")):
        with pytest.raises(ListError, match="no such file"):
            ask()
    with pytest.raises(ListFatal, match="Is a directory"):
        MatchList("a, {0}".format(tmp_path), tables)


# Whether a pattern is an address, a network, or neither, as smtpd takes it in mynetworks (the battery's "networks" and "list").
@pytest.mark.parametrize("pattern, network, fails", [
    ("192.0.2.1", "192.0.2.1/32", False), ("192.0.2.0/24", "192.0.2.0/24", False), ("[192.0.2.1]", "192.0.2.1/32", False), ("[::1]", "[::1]/128", False),
    ("[2001:DB8::]/32", "[2001:db8::]/32", False), ("192.0.2.300", None, False), ("192.0.2", None, False), ("192.0.2.", None, False),
    ("192.0.2.1.1", None, False),
    ("192.0.2.1/24", None, True), ("192.0.2.0/33", None, True), ("0/0", None, True), ("10/8", None, True), ("be/be", None, True), ("be.be", None, False),
    ("[be:be]", None, True), ("[x]", None, False), ("127.0.0.0/-1", None, False), ("[192.0.2]", None, False), ("...", None, False), ("a/b", None, True),
    ("x/y", None, False), ("[::1", None, True), ("[fe80::%eth0]/64", None, False), ("192.0.2.0-255", None, False), ("*", None, False),
])
def test_patterns_that_are_networks(tables, pattern, network, fails):
    one, = MatchList(pattern, tables).patterns
    assert (one.network and str(one.network), one.error is not None) == (network, fails)


def test_a_name_is_compared_before_an_address(tables):
    """A network that is none fails whoever is compared with it by address: not him whose name it is, nor him who is found before."""
    for value, name in (("be/be", "be/be"), ("a.example, be/be", "a.example"), ("!x, be/be", "be/be")):
        assert MatchList(value, tables).matches_client(name, "192.0.2.1") is True
    for value in ("be/be, a.example", "be/be"):
        with pytest.raises(ListError, match="bad mask"):
            MatchList(value, tables).matches_client("a.example", "192.0.2.1")


@pytest.mark.parametrize("value, parents, name, expected", [
    ("example.com", True, "example.com", True), ("example.com", True, "a.b.example.com", True), ("example.com", True, "xexample.com", False),
    ("example.com", False, "a.example.com", False), (".example.com", False, "a.b.example.com", True), (".example.com", False, "example.com", False),
    (".example.com", True, "a.example.com", False), ("a.b.c, !b.c, c", True, "x.b.c", False), ("!b.c, c", True, "x.c", True), ("c, !b.c", True, "b.c", True),
    ("inline:{example.com=x}", True, "a.example.com", True), ("inline:{.example.com=x}", False, "a.example.com", True),
    ("inline:{example.com=x}", False, "a.example.com", False), ("regexp:{{/^example.com$/ x}}", True, "a.example.com", False),
    ("inline:{com=x}", True, "EXAMPLE.COM", True), ("!inline:{com=x}, static:y", True, "example.com", False),
    ("inline:{org=x}, com", True, "example.com", True),
    ("example.com", True, "", False), ("static:x", True, "", False), ("inline:{com=x}", True, ".com", False), (".com", True, ".com", True),
])
def test_domains_of_a_list(tables, value, parents, name, expected):
    assert MatchList(value, tables, parents).matches_domain(name) is expected


@pytest.mark.parametrize("value, expected", [("a, b", True), ("b", True), ("a", False), ("!b, static:x", False), ("static:x, !b", True), ("inline:{b=x}", True),
                                             ("inline:{a=x}", False), ("!inline:{b=x}, b", False), ("inline:{a=x}, b", True), ("", False)])
def test_strings_of_a_list(tables, value, expected):
    assert MatchList(value, tables).matches_string("B") is expected


OWN = tuple(map(parse_address, ("127.0.0.1", "::1", "192.0.2.25", "2001:db8:25::25")))
HOST = Host("mx.own.example", {}, OWN, {})


def settings(main):
    head = "compatibility_level = 3.6\nmydestination = own.example\nmydomain = own.example\n"
    return Configuration(MainCf((head + main).encode()), None, (3, 7), Files(), HOST).settings(program="trivial-rewrite")


ALL_OWN = ["127.0.0.1", "192.0.2.25", "2001:db8:25::25", "::1"]


@pytest.mark.parametrize("main, expected", [
    ("", ALL_OWN), ("inet_interfaces = all\n", ALL_OWN), ("inet_interfaces = loopback-only\n", ["127.0.0.1", "::1"]),
    ("inet_interfaces = Localhost\n", ["127.0.0.1", "::1"]), ("inet_interfaces = 192.0.2.25, [2001:db8:25::25]\n", ["192.0.2.25", "2001:db8:25::25"]),
    ("inet_interfaces = 127.0.0.1\nproxy_interfaces = 198.51.100.7 [2001:db8::7]\n", ["127.0.0.1", "198.51.100.7", "2001:db8::7"]),
    ("inet_interfaces = mail.own.example, 127.0.0.1\n", ["127.0.0.1"]), ("inet_interfaces =\n", []),
    ("inet_protocols = ipv4\n", ["127.0.0.1", "192.0.2.25"]), ("inet_protocols = ipv6\n", ["2001:db8:25::25", "::1"]),
    ("inet_protocols = ipv4, ipv6\n", ALL_OWN),
    ("inet_protocols = ipv5\n", []),
])
def test_the_hosts_own_addresses(main, expected):
    assert sorted(format_address(one) for one in addresses.interfaces(settings(main), OWN)) == expected


@pytest.mark.parametrize("domain, expected", [
    ("own.example", True), ("OWN.example", True), ("own.example.", True), ("own.example..", False), ("", False), (".", False), ("sub.own.example", False),
    ("[192.0.2.25]", True), ("[192.0.2.26]", False), ("192.0.2.25", False), ("[IPv6:2001:db8:25::25]", True), ("[ipv6:::1]", True), ("[::1]", False),
    ("[192.0.2.25", False), ("192.0.2.25]", False), ("[]", False), ("[IPv6:::2]", False), ("[192.0.2.25].", True),
])
def test_domains_that_are_the_host(domain, expected):
    subject = settings("")
    assert addresses.OwnDomains(subject, subject.configuration.tables, OWN).holds(domain) is expected


def resolved(main, text):
    subject = settings(main)
    return addresses.Resolver(subject, subject.configuration.tables, OWN).resolve(text)


# address, class, routed, valid; as the battery's "form" and "address" have smtpd answer
@pytest.mark.parametrize("main, text, expected", [
    ("", "User@Own.Example", ("user@own.example", "local", False, True)), ("", "user@own.example.", ("user@own.example", "local", False, True)),
    ("", "user@elsewhere.example", ("user@elsewhere.example", "default", False, True)), ("", "user@x.", ("user@x", "default", False, True)),
    ("", "user", ("user@mx.own.example", "default", False, True)), ("myorigin = own.example\n", "user", ("user@own.example", "local", False, True)),
    ("", '"a b"@own.example', ("a b@own.example", "local", False, True)), ("", "user%own.example@own.example", ("user@own.example", "local", False, True)),
    ("", "user%elsewhere.example@own.example", ("user@elsewhere.example", "default", False, True)),
    ("relay_domains = relayed.example\n", "user%elsewhere.example@relayed.example", ("user%elsewhere.example@relayed.example", "relay", True, True)),
    ("relay_domains = relayed.example\n", "elsewhere.example!user@relayed.example", ("elsewhere.example!user@relayed.example", "relay", True, True)),
    ("relay_domains = relayed.example\n", '"user@elsewhere.example"@relayed.example', ("user@elsewhere.example@relayed.example", "relay", True, True)),
    ("", "a!b!user@own.example", ("b!user@a", "default", True, True)),
    ("append_dot_mydomain = yes\n", "user@short", ("user@short.own.example", "default", False, True)),
    ("virtual_alias_domains = alias.example\n", "user@alias.example", ("user@alias.example", "alias", False, True)),
    ("virtual_mailbox_domains = box.example\n", "user@box.example", ("user@box.example", "mailbox", False, True)),
    ("", "user@[192.0.2.25]", ("user@[192.0.2.25]", "local", False, True)), ("", "user@192.0.2.25", ("user@192.0.2.25", "default", False, False)),
    ("resolve_numeric_domain = yes\n", "user@192.0.2.25", ("user@[192.0.2.25]", "local", False, True)),
    ("resolve_numeric_domain = yes\n", "user@192.0.2.26", ("user@[192.0.2.26]", "default", False, True)),
    ("", "-user@own.example", ("-user@own.example", "default", False, False)),
    ("allow_min_user = yes\n", "-user@own.example", ("-user@own.example", "local", False, True)),
    ("", "user@a..b", ("user@a..b", "default", False, False)), ("", "user@", ("user@", "default", False, False)),
    ("resolve_null_domain = yes\n", "user@", ("user@mx.own.example", "default", False, True)),
    ("mydestination = fail:x\n", "user@own.example", ("user@own.example", "error", False, True)),
    ("relay_domains = fail:x\n", "user@Elsewhere.example", ("user@elsewhere.example", "error", False, True)),
    # postconf(5): empty_address_recipient is who gets mail for the null address
    ("mydestination = mx.own.example\n", "", ("mailer-daemon@mx.own.example", "local", False, True)),
    ("mydestination = mx.own.example\nempty_address_recipient = a@own.example\n", "", ("a@own.example", "default", False, True)),
    ("empty_address_recipient = @own.example\n", "@own.example", ("@own.example", "error", False, True)),
])
def test_addresses_resolved(main, text, expected):
    found = resolved(main, text)
    assert (found.address, found.class_, found.routed, found.valid) == expected
    assert found.unknown is None


def test_an_address_in_a_domain_that_cannot_be_read():
    found = resolved("relay_domains = ldap:/x\n", "User@elsewhere.example")
    assert found[:5] == ("user@elsewhere.example", "default", False, True, "") and "ldap:/x" in found.unknown


PATH = Path(None, ALL, False, False, False, (), ())


def test_a_list_that_leads_into_itself():
    """A table's value is looked into at a depth of 99 and not of 100; who comes back as he was is taken there at once."""
    klass, table = Entered(False, "mine", None, False, PATH), Entered(True, "mine", None, False, PATH)
    others = tuple(klass._replace(list="c{0}".format(number)) for number in range(NESTING_LIMIT))
    assert NESTING_LIMIT == 100
    assert evaluate._entered((), klass) == ((klass,), None)
    assert evaluate._entered(others[1:], table) == (others[1:] + (table,), None)
    assert evaluate._entered(others, table) == (None, SERVER_ERROR)
    assert evaluate._entered(others, klass) == (others + (klass,), None)
    assert evaluate._entered(others[:2] + (klass,), klass) == (others[:2] + (klass,) + (SKIPPED,) * NESTING_LIMIT + (klass,), None)
    deep = (klass,) + (SKIPPED,) * NESTING_LIMIT
    assert evaluate._entered(deep, klass) == (deep + (klass,), None)  # what came before is forgotten
    assert evaluate._entered(deep + (klass,), klass) == (None, DEATH)
    assert evaluate._entered(deep + (klass,), table) == (None, SERVER_ERROR)
