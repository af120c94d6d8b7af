# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words of a stranger's choice, and which of them a configuration tells apart."""

import pytest
from listening import RECIPIENT, RELAY, both, configuration, listener

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.networks import format_address
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.pattern_forms import NAME_FORMS
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.tables import Tables
from ansible_collections.relaylock.postfix.plugins.module_utils._relay import asked, clients, dialogues, recipients, unnamed
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust

G = "reject_unauth_destination"
ALL = ["example", "test", "org", "net", "com"]


@pytest.mark.parametrize("keys, domain", [
    ([], "stranger.example"), (["example.org", "x.stranger.example", "user@", "mail"], "stranger.example"), (["stranger.example"], "stranger.test"),
    ([".example"], "stranger.test"), (["someone@stranger.example", "test"], "stranger.example.org"),
    (["example", "test", "example.org"], "stranger.example.net"),
    (["example", "test", "org", "net"], "stranger.example.com"), (ALL, "stranger.kzq7"),
])
def test_a_strangers_domain_is_one_that_no_table_names(keys, domain):
    assert unnamed.stranger_domain(keys) == domain


def test_words_beside_those_that_tables_name():
    assert unnamed.user("somebody", ["nobody@", "somebody", "some@body"]) == "somebody"
    assert unnamed.user("somebody", ["x", "somebody@example.com"]) == unnamed.user("somebody", ["somebody@"]) == "kzq7"
    assert unnamed.below(".example.com", ["example.com"]) == "mail.example.com"
    assert unnamed.below(".example.com", ["mail.example.com"]) == "kzq7.example.com"
    assert unnamed.under("com", "elsewhere", []) == "elsewhere.com"
    assert unnamed.under("com", "elsewhere", ["elsewhere.com"]) == unnamed.under("com", "elsewhere", [".elsewhere.com"]) == "kzq7.com"


@pytest.mark.parametrize("key, keys, address", [
    ("user@", [], "user@x.example"), ("a@b", [], "a@b"), ("example.org", [], "somebody@example.org"), (".example.org", [], "somebody@mail.example.org"),
    (".example.org", ["mail.example.org"], "somebody@kzq7.example.org"), ("example.org", ["somebody@"], "kzq7@example.org"),
])
def test_an_address_that_a_key_matches(key, keys, address):
    assert unnamed.address(key, "x.example", keys) == address


@pytest.mark.parametrize("value, away", [
    ("REJECT", True), ("550 no", True), ("450 no", True), ("450", False), ("DEFER later", True), ("OK", False), ("DUNNO", False),
    ("permit_mynetworks, reject", False),
    ("REJECT ${1}", False), ("1234", False), ("FILTER x:y", False), ("rubbish", False)])
def test_what_turns_a_stranger_away_whatever_else_is_configured(value, away):
    assert asked.turns_away(value) is away


def test_what_goes_wrong_is_an_answer_too():
    tables = Tables(Files())
    assert asked.answer(tables.open("inline:{a=b}"), "a") == "b" and asked.answer(tables.open("inline:{a=b}"), "c") is None
    assert "fail" in asked.answer(tables.open("fail:x"), "a") and "ldap" in asked.answer(tables.open("ldap:/etc/x"), "a")


def test_the_tables_of_lists_and_classes_are_asked_each_once():
    main = "smtpd_restriction_classes = mine\nmine = check_sender_access inline:{c=OK}, inline:{e=OK}\nsmtpd_client_restrictions = inline:{d=OK}\n" + both(
        "check_sender_access inline:{a=OK}, check_sender_access inline:{b=OK}, " + G, "check_sender_access inline:{a=OK}, check_helo_access inline:{h=OK}")
    # What stands bare in a class is asked as the list does that names the class.
    assert sorted(asked.specs(listener(main), ("sender_access",))) == ["inline:{a=OK}", "inline:{b=OK}", "inline:{c=OK}", "inline:{e=OK}"]
    assert sorted(asked.specs(listener(main), ("helo_access",))) == ["inline:{e=OK}", "inline:{h=OK}"]
    assert asked.specs(listener(main), ("client_access",))[:1] == ["inline:{d=OK}"]
    assert sorted(table.keys() for table in asked.tables_of(listener(main), ("sender_access",))) == [["a"], ["b"], ["c"], ["e"]]
    assert asked.unique(["b", "a", "b"]) == ["b", "a"]


NOT_FOO, NOT_BAR = "pcre:{{!/^foo/ REJECT}}", "pcre:{{!/bar$/ REJECT}}"


@pytest.mark.parametrize("specs, passing", [
    ([NOT_FOO], False), ([NOT_FOO, NOT_BAR], True), ([NOT_FOO, "inline:{foo.example=OK}"], True), (["inline:{a=OK}", "inline:{b=OK}"], False),
    ([NOT_FOO, "cidr:{{10.0.0.0/8 OK}}"], False), ([NOT_FOO, "static:OK"], False), ([], False)])
def test_what_passes_several_tables_is_looked_for_where_one_alone_does_not_tell(specs, passing):
    tables = [Tables(Files()).open(one) for one in specs]
    found = asked.passing_all(listener(), tables, NAME_FORMS, "name")
    assert bool(found) is passing
    assert all(text.startswith("foo") for text in found)
    if NOT_BAR in specs:
        assert all(text.endswith("bar") for text in found)


# Leading octets or groups of an address, as access(5) has them.
@pytest.mark.parametrize("key, networks", [
    ("203.0.113.7", ["203.0.113.7/32"]), ("203.0.113", ["203.0.113.0/24"]), ("203.0", ["203.0.0.0/16"]), ("203", ["203.0.0.0/8"]),
    ("203.0.113.7.9", []), ("host.example", []), ("", []), ("300", []), ("203.host", []), ("203.0.113.0/24", ["203.0.113.0/24"]),
    ("2001:db8::1", ["[2001:db8::1]/128"]), ("2001:db8", ["[2001:db8::]/32", "[2001:db8::]/48"]), ("2001", ["2001.0.0.0/8"]),
    ("2001:", ["[2001::]/16", "[2001::]/32"]), ("1:2:3:4:5:6", ["[1:2:3:4:5:6::]/96", "[1:2:3:4:5:6::]/112"]), ("1:2:3:4:5:6:7", ["[1:2:3:4:5:6:7:0]/112"]),
    ("1:2:3:4:5:6:7:8", ["[1:2:3:4:5:6:7:8]/128"]), ("1:2:3:4:5:6:7:8:9", []), (":1", []), ("x:y", []),
])
def test_the_networks_that_a_client_key_tells_apart(key, networks):
    if key == "2001":
        networks = []  # an octet is no larger than 255
    assert [str(one) for one in clients._networks(key)] == networks


@pytest.mark.parametrize("spec, exact, labels", [
    ("inline:{203.0.113.7=OK, 203.0.113.8=REJECT}", False, [("203.0.113.7/32", "OK"), ("203.0.113.8/32", "REJECT")]),
    ("inline:{203.0.113.7=OK, 203.0.113.8=REJECT}", True, [("203.0.113.7/32", "OK"), ("203.0.113.8/32", "REJECT")]),
    # Leading octets are asked for in access tables alone; a narrower network comes first.
    ("inline:{203.0=OK, 203.0.113.7=REJECT}", False, [("203.0.113.7/32", "REJECT"), ("203.0.0.0/16", "OK")]),
    ("inline:{203.0=OK}", True, [("203.0.0.0/16", None)]), ("inline:{host.example=OK}", False, []),
    ("inline:{2001:db8:0::1=OK}", False, [("[2001:db8::1]/128", None)]),
    ("unionmap:{inline:{203.0.113.7=OK}, cidr:{{203.0.113.7 x}}}", False, [("203.0.113.7/32", "OK,x"), ("203.0.113.7/32", None)]),
])
def test_networks_are_labelled_by_their_answer_where_that_is_all_that_counts(spec, exact, labels):
    found = clients.labelled(Tables(Files()).open(spec), exact)
    assert [(str(network), None if label is network or not isinstance(label, str) else label) for network, label in found] == labels


def strangers(main):
    return dialogues.strangers(listener(main), Trust())


def names(main):
    return [name for name, dummy in strangers(main).clients if name != "unknown"]


CHECK = "smtpd_client_restrictions = check_client_access inline:{{{0}}}\n"


@pytest.mark.parametrize("main, expected", [
    ("", []), ("smtpd_client_restrictions = reject_unknown_client_hostname\n", ["mail.stranger.example"]),
    ("smtpd_restriction_classes = c\nc = reject_unknown_client\n", ["mail.stranger.example"]),
    (CHECK.format("host.example.org=OK"), ["mail.stranger.example"]), (CHECK.format("stranger.example=OK"), ["mail.stranger.test"]),
    # Below a whole public domain anyone may have a name.
    (CHECK.format("com=OK, .co.uk=OK, 10=OK, unknown=OK, example.com=OK"), ["mail.stranger.example", "mail.stranger.com", "mail.stranger.co.uk"]),
    ("mynetworks = .com, 127.0.0.1, 10, unknown, example.com\n", ["mail.stranger.com"]), ("mynetworks = inline:{com=x, 10.0.0.1=x}\n", ["mail.stranger.com"]),
])
def test_the_names_that_a_stranger_may_have(main, expected):
    assert names(main) == expected


def test_a_pattern_for_names_gives_a_name_and_one_for_addresses_none():
    main = "smtpd_client_restrictions = check_client_access pcre:{{/%s/ OK}}\n"
    found = names(main % "^a+\\.stranger\\.example$$")
    assert found[0] == "mail.stranger.example" and any(one.startswith("a") and one.strip("a") == ".stranger.example" for one in found)
    assert not any(one[0].isdigit() for one in names(main % "^198\\.51\\.100\\.9$$"))


def test_a_name_is_tried_with_one_address_and_each_address_without():
    found = strangers("smtpd_client_restrictions = reject_unknown_client_hostname, check_client_access cidr:{{203.0.113.0/24 OK}}\n").clients
    addresses = [address for name, address in found if name == "unknown"]
    assert [address for name, address in found if name != "unknown"] == addresses[:1]
    assert set(addresses) == {"192.0.2.25", "203.0.113.25", "2001:db8::25"} and len(addresses) == 3
    assert [address for dummy, address in strangers("inet_protocols = ipv4\n").clients] == ["192.0.2.25"]
    assert [address for dummy, address in strangers("inet_protocols = ipv6\nmynetworks = [::1]/128\n").clients] == ["2001:db8::25"]


def test_addresses_that_documents_use_come_first_then_those_that_are_not_the_first_of_all():
    host = listener()
    numbers = [(6, 1 << 125), (4, 0), (4, 1 << 30), (4, 1 << 29), clients.FAVOURITES[1], clients.FAVOURITES[3]]
    found = [address for dummy, address in clients.clients_at(host, numbers)]
    assert found == ["203.0.113.25", "2001:db8::25", format_address((4, 1 << 29)), format_address((4, 1 << 30)), "0.0.0.0", "2000::"]


def test_the_names_that_listeners_know():
    keys = "host.example=OK, .example.org=OK, UPPER.example=OK, unknown=OK, 10.0.0.1=OK, a_b!=OK"
    one = listener("mynetworks = .own.example, 127.0.0.1, unknown, mail.own.example\n" + CHECK.format(keys))
    assert clients.known_names([one]) == ["host.example", "mail.example.org", "upper.example", "mail.own.example"]
    many = listener(CHECK.format(", ".join("h{0}.example=OK".format(number) for number in range(60))))
    assert clients.known_names([many, many]) == ["h{0}.example".format(number) for number in range(50)]


@pytest.mark.parametrize("main, expected", [
    ("", ["mail.stranger.example", "192.0.2.25", None]), ("smtpd_helo_required = yes\n", ["mail.stranger.example", "192.0.2.25"]),
    ("smtpd_helo_restrictions = check_helo_access inline:{stranger.example=OK}\n",
     ["mail.stranger.test", "stranger.example", "mail.stranger.example", "192.0.2.25", None]),
    ("smtpd_helo_restrictions = check_helo_access inline:{.a.example=OK, mail.b.example=REJECT, c.example=REJECT, 10.0.0.1=OK}\n",
     ["mail.stranger.example", "mail.a.example", "mail.b.example", "c.example", "10.0.0.1", "192.0.2.25", None]),
    ("smtpd_helo_restrictions = check_helo_access pcre:{{/^one\\.example$$/ OK}}\n", ["mail.stranger.example", "one.example", "x.x", "192.0.2.25", None]),
])
def test_the_helo_names_that_are_told_apart(main, expected):
    found = list(strangers(main).helos)
    assert found == expected


@pytest.mark.parametrize("entries, expected", [
    ("a@b.example=OK", ["someone@stranger.example", "", "a@b.example"]), ("<>=OK", ["someone@stranger.example", ""]),
    ("someone@=OK, b.example=REJECT", ["kzq7@stranger.example", "", "someone@stranger.example", "somebody@b.example"]),
    ("b.example=OK, .c.example=OK", ["someone@stranger.example", "", "somebody@b.example", "somebody@mail.c.example", "someone@mail.b.example"]),
])
def test_the_senders_that_are_told_apart(entries, expected):
    assert list(strangers("smtpd_sender_restrictions = check_sender_access inline:{" + entries + "}\n").senders) == expected


def test_what_no_text_could_be_built_for_is_named():
    main = "smtpd_{0}_restrictions = check_{0}_access pcre:{{{{/{1}/ OK}}}}\n"
    assert dialogues.unreached(listener(main.format("sender", "^a@b$$"))) == {}
    found = dialogues.unreached(listener(main.format("sender", "(?=a)b")))
    assert list(found) == ["pcre:{{/(?=a)b/ OK}}"] and "whether a stranger can match" in found["pcre:{{/(?=a)b/ OK}}"]


def test_a_list_of_clients_tells_strangers_apart():
    def told(text, believed="", families=(4, 6)):
        subject = configuration("mynetworks = {0}\nsmtpd_authorized_xclient_hosts = {1}\n".format(believed, text)).settings()
        return dialogues.strangers_of(subject.match_list("smtpd_authorized_xclient_hosts"), Trust(), subject.match_list("mynetworks").patterns, families)
    assert told("") == [("unknown", "192.0.2.25"), ("unknown", "2001:db8::25")]
    assert told("203.0.112.0/22") == [("unknown", "192.0.2.25"), ("unknown", "203.0.113.25"), ("unknown", "2001:db8::25")]
    assert told("203.0.112.0/22", "203.0.113.0/24", (4,)) == [("unknown", "192.0.2.25"), ("unknown", "203.0.112.25")]
    assert told("203.0.113.0/24", families=(6,)) == [("unknown", "2001:db8::25")]
    # Leading octets are nothing to such a list.
    assert ("unknown", "203.0.113.7") in told("inline:{203.0=x, 203.0.113.7=x}", families=(4,))
    assert ("unknown", "203.0.113.7") in dialogues.strangers(listener("mynetworks = inline:{203.0=x, 203.0.113.7=x}\n"), Trust()).clients
    assert told("inline:{30.0.0.1=x}", families=(4,)) == [("unknown", "192.0.2.25"), ("unknown", "30.0.0.1")]


HARMLESS = both("permit_mynetworks, " + G)


@pytest.mark.parametrize("main, expected", [
    ("", ["somebody@elsewhere.example", "somebody@nowhere.test"]),
    ("mydestination = elsewhere.example\n", ["somebody@nowhere.test", "somebody@somewhere-else.invalid"]),
    ("relay_domains = nowhere.test\n", ["somebody@elsewhere.example", "somebody@nowhere.test"]),
    ("mydestination = static:x\n", ["somebody@elsewhere.example"]),
    ("relay_domains = com, lan, !net, example.net\n", ["somebody@elsewhere.example", "somebody@nowhere.test", "somebody@elsewhere.com"]),
    ("relay_domains = com, elsewhere.com\n", ["somebody@elsewhere.example", "somebody@nowhere.test", "somebody@kzq7.com"]),
    ("relay_domains = example.net\nallow_untrusted_routing = yes\n",
     ["somebody@elsewhere.example", "somebody@nowhere.test", "somebody%elsewhere.example@example.net"]),
    ("mydestination = example.net\nallow_untrusted_routing = yes\nrelay_domains =\n", ["somebody@elsewhere.example", "somebody@nowhere.test"]),
    (RECIPIENT + " = check_recipient_access inline:{user@=OK, com=OK, a@com=OK, example.org=OK}\n",
     ["somebody@elsewhere.example", "somebody@nowhere.test", "user@elsewhere.example", "somebody@elsewhere.com"]),
    (RECIPIENT + " = check_recipient_access inline:{somebody@=OK, elsewhere.example=OK, test=OK}\n",
     ["kzq7@somewhere-else.invalid", "kzq7@mail.elsewhere.example.org", "somebody@somewhere-else.invalid", "kzq7@somewhere-else.test"]),
])
def test_the_recipients_elsewhere_that_are_told_apart(main, expected):
    assert recipients.foreign(listener(HARMLESS + main)) == expected


def own(main):
    return recipients.own_domains(listener("mydestination = one.example\nmyhostname = mx.other.example\nrelay_domains =\n" + main))


@pytest.mark.parametrize("main, expected", [
    ("", [("one.example", "local")]), ("mydestination = one.example, com, !x.example, .y.example, /etc/d, inline:{z.example=x, a@b=x}\n",
                                       [("one.example", "local"), ("com", "local"), ("z.example", "local")]),
    ("virtual_alias_domains = a.example, com\nvirtual_mailbox_domains = b.example\nrelay_domains = c.example, net\n",
     [("one.example", "local"), ("a.example", "alias"), ("b.example", "mailbox"), ("c.example", "relay")]),
    ("relay_domains = mx.other.example\n", [("one.example", "local"), ("mx.other.example", "relay")]),
    ("mydestination = {0}\n".format(", ".join("d{0}.example".format(number) for number in range(9))), [("d{0}.example".format(n), "local") for n in range(8)]),
    ("mydestination = inline:{{{0}}}\n".format(", ".join("d{0}.example=x".format(number) for number in range(9))), [("d{0}.example".format(n),
     "local") for n in range(5)]),
    # The host's own name counts although nobody names it.
    ("relay_domains = other.example\nparent_domain_matches_subdomains = relay_domains\n",
     [("one.example", "local"), ("other.example", "relay"), ("mx.other.example", "relay")]),
    ("mydestination = mx.other.example\n", [("mx.other.example", "local")]),
])
def test_the_servers_own_domains(main, expected):
    assert own(main) == expected


def test_the_servers_own_recipients():
    main = "mydestination = one.example, two.example, inline:{three.example=x}\nrelay_domains =\n" + RECIPIENT
    host = listener(main + " = check_recipient_access inline:{u@a.example=OK, b.example=OK, .c.example=OK, com=OK, v@=OK, 1.2.3.4=OK, x..=OK, @d.example=OK}\n")
    allowed = ["u@a.example", "somebody@b.example", "somebody@mail.c.example"]
    assert recipients.allowed_recipients(host) == allowed
    found = recipients.own_recipients(host, strangers(""))
    assert found[:6] == ["postmaster@one.example", "somebody@one.example", "postmaster@two.example", "somebody@two.example",
                         "postmaster@three.example", "somebody@three.example"]
    assert set(allowed) <= set(found) and len(found) == len(set(found))
    box = strangers("")._replace(recipients=("who@elsewhere.example",))
    assert "who@one.example" in recipients.own_recipients(host, box) and "who@two.example" not in recipients.own_recipients(host, box)
    assert recipients.routed(host, "x@elsewhere.example")[:2] == ["@elsewhere.example:somebody@one.example", "somebody%one.example@one.example"]
    assert len(recipients.routed(host, "x@elsewhere.example")) == len(recipients.ROUTED) + 1
    assert recipients.routed(listener("mydestination =\nrelay_domains = r.example\n"), "x@elsewhere.example") == ["somebody@[127.0.0.1]"]


@pytest.mark.parametrize("rules, domains", [
    ("{/@partner\\.example$$/ OK}", ["partner.example"]), ("{/^ee/ OK}, {/@partner\\.example$$/ OK}, {/@(a|b)\\.net$$/ REJECT}", ["partner.example", "a.net"]),
    # What a stranger's domain reaches names nobody.
    ("{/@partner\\./ OK}", []), ("{/^ee/ OK}", []), ("{/./ OK}, {/@partner\\.example$$/ OK}", []),
])
def test_the_recipients_whom_patterns_name(rules, domains):
    host = listener(RECIPIENT + " = check_recipient_access pcre:{" + rules + "}\n")
    assert [one.rpartition("@")[2] for one in recipients.allowed_recipients(host)] == domains


@pytest.mark.parametrize("name, wide", [
    ("com", True), (".com", True), ("COM", True), ("co.uk", True), (".Co.Uk", True), ("example.com", False), ("co.com", False), ("ex.uk", False),
    ("a.co.uk", False), ("", False), ("a..b", False), ("*", False), ("localhost", True),
])
def test_whole_public_domains(name, wide):
    assert recipients.is_wide_domain(name) is wide


@pytest.mark.parametrize("name, opens", [("com", True), (".com", True), ("lan", False), (".local", False), ("net", False), ("example.com", False)])
def test_a_public_domain_is_opened_unless_it_is_local_or_the_hosts_own(name, opens):
    assert recipients.opens_domain(listener("mydestination = net, $myhostname\n"), name) is opens


def test_relaying_is_by_what_strangers_can_say():
    assert RELAY == "smtpd_relay_restrictions" and strangers("").recipients == ("somebody@elsewhere.example", "somebody@nowhere.test")
