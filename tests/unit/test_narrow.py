# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a list that is too wide: which words stay as they are written, what takes the place of others, and who loses by it."""

import pytest
from listening import configuration

from ansible_collections.relaylock.postfix.plugins.module_utils._relay import narrow as subject
from ansible_collections.relaylock.postfix.plugins.module_utils._relay import narrowing
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.draft import Draft
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust

PRIVATE_4 = ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"]
PRIVATE_6 = ["[::1]/128", "[fc00::]/7", "[fe80::]/10"]
XCLIENT, QMQP = "smtpd_authorized_xclient_hosts", "qmqpd_authorized_clients"
WIDE, WILDCARD, BROKEN, BEYOND = "mynetworks_too_broad", "mynetworks_wildcard", "mynetworks_broken", "mynetworks_beyond_declared"


def narrowed(text, trust=None, waived=(), parameter="mynetworks"):
    settings = configuration("{0} = {1}\n".format(parameter, text)).settings()
    return subject.narrowed_clients(settings, parameter, trust or Trust(), frozenset(waived))


# words: None where nothing is to be done; lost: a key word for each text
@pytest.mark.parametrize("text, words, lost", [
    ("127.0.0.0/8, 203.0.113.0/24", None, []), ("", None, []), ("!0.0.0.0/0, 127.0.0.0/8", None, []), ("!unknown, !static:x, 127.0.0.1", None, []),
    ("mail.example.com, .example.com, 203.0.113.7", None, []), ("inline:{203.0.113.7=x}", None, []), ("localhost", None, []), ("10", None, []),
    ("127.0.0.0/8, 0.0.0.0/0", ["127.0.0.0/8"] + PRIVATE_4[:2] + PRIVATE_4[3:], ["0.0.0.0/0"]),
    ("[::]/0", PRIVATE_6, ["[::]/0"]), ("203.0.0.0/16", [], ["203.0.0.0/16"]), ("172.0.0.0/8", ["172.16.0.0/12"], ["172.0.0.0/8"]),
    ("unknown, 127.0.0.1", ["127.0.0.1"], ["unknown"]), (".com, 127.0.0.1", ["127.0.0.1"], [".com"]), ("co.uk", [], ["co.uk"]),
    ("static:x", PRIVATE_4 + PRIVATE_6, ["static:x"]), ("regexp:{{/./ x}}", PRIVATE_4 + PRIVATE_6, ["regexp:"]),
    ("203.0.113.1/24, 127.0.0.1", ["127.0.0.1"], ["203.0.113.1/24"]),
    # A file that is missing today trusts again whom it names when it is back.
    ("127.0.0.1, /nowhere/at/all", None, []), ("203.0.0.0/16, /nowhere/at/all", ["/nowhere/at/all"], ["203.0.0.0/16"]),
    # A table of networks: its narrow ones and its private ones take its place.
    ("cidr:{{203.0.0.0/16 x}, {198.51.100.0/24 x}, {172.0.0.0/8 x}}", ["172.16.0.0/12", "198.51.100.0/24"], ["203.0.0.0/16", "172.0.0.0/8"]),
    ("cidr:{{198.51.100.0/24 x}}", None, []), ("!cidr:{{203.0.0.0/16 x}}, 127.0.0.1", None, []),
    # What is there already is not written twice; what is written twice stays so.
    ("10.0.0.0/8, 8.0.0.0/5", ["10.0.0.0/8"], ["8.0.0.0/5"]), ("127.0.0.1, 127.0.0.1", None, []),
    ("127.0.0.1, 127.0.0.1, unknown", ["127.0.0.1"] * 2, ["unknown"]),
    # Behind a comment nothing is in force.
    ("127.0.0.1 # 0.0.0.0/0", None, []), ("unknown, 127.0.0.1 # 0.0.0.0/0 static:x", ["127.0.0.1"], ["unknown"]),
    # What smtpd dies of goes.
    ("::/0, 127.0.0.1", ["127.0.0.1"], ["::/0"]), ("127.0.0.1, !", ["127.0.0.1"], ["!"]),
])
def test_a_list_of_clients_is_narrowed(text, words, lost):
    found, gone = narrowed(text)
    assert found == words
    assert len(gone) == len(lost) and all(key in one for key, one in zip(lost, gone))


def test_a_wide_network_of_everything_leaves_each_private_network():
    assert narrowed("0.0.0.0/0")[0] == PRIVATE_4


@pytest.mark.parametrize("text, id_, words", [
    ("203.0.0.0/16, unknown, 203.0.113.1/24", WIDE, ["203.0.0.0/16"]), ("203.0.0.0/16, unknown, 203.0.113.1/24", WILDCARD, ["unknown"]),
    ("203.0.0.0/16, unknown, 203.0.113.1/24", BROKEN, ["203.0.113.1/24"]), ("203.0.0.0/16, static:x, 203.0.113.1/24", WILDCARD, ["static:x"]),
    ("::/0, unknown", BROKEN, ["::/0"]), ("127.0.0.1, 203.0.0.0/16", WIDE, None), ("127.0.0.1, unknown", WILDCARD, None),
    ("127.0.0.1, 203.0.113.1/24", BROKEN, None), ("127.0.0.1, ::/0", BROKEN, None),
    ("cidr:{{203.0.0.0/16 x}}, unknown", WIDE, ["cidr:{{203.0.0.0/16 x}}"]),
])
def test_what_is_waived_stays_in_the_list(text, id_, words):
    found, lost = narrowed(text, waived=[id_])
    assert found == words and (id_ != BROKEN or not any(one.startswith("nobody") for one in lost))


def test_lists_of_other_clients_are_narrowed_by_the_waivers_of_their_own():
    for parameter, id_ in ((XCLIENT, "xclient_too_broad"), (QMQP, "qmqpd_open")):
        assert narrowed("127.0.0.1, 203.0.0.0/16, unknown", parameter=parameter)[0] == ["127.0.0.1"]
        assert narrowed("127.0.0.1, 203.0.0.0/16, unknown", waived=[id_], parameter=parameter)[0] is None
        assert narrowed("127.0.0.1, 203.0.0.0/16", waived=[WIDE, WILDCARD], parameter=parameter)[0] == ["127.0.0.1"]
        assert narrowed("127.0.0.1, 203.0.113.1/24", waived=[id_, BROKEN], parameter=parameter)[0] == ["127.0.0.1"]
        # What is declared trusted says who relays, and not who may claim to be another.
        assert narrowed("127.0.0.1, 203.0.113.0/24", Trust(["198.51.100.0/24"]), parameter=parameter) == (None, [])


LOOPBACK = ["127.0.0.0/8", "[::ffff:127.0.0.0]/104", "[::1]/128"]


def test_what_is_declared_takes_the_place_of_all_that_is_not():
    trust = Trust(["203.0.113.0/24"])
    words, lost = narrowed("127.0.0.0/8, 10.0.0.0/8", trust)
    assert words == LOOPBACK + ["203.0.113.0/24"] and lost == ["clients in 10.0.0.0/8 that trusted_networks does not name"]
    assert narrowed("203.0.113.7, 203.0.112.0/23, !1.2.3.4, mail.example.com, inline:{10.1.1.1=x}, 10.1.1.1/8", trust)[1] == [
        "clients in 203.0.112.0/23, mail.example.com, inline:{...} that trusted_networks does not name"]
    assert narrowed("127.0.0.1, 203.0.113.7", trust)[1] == [] and narrowed("10.0.0.0/8, !", trust) == (LOOPBACK + ["203.0.113.0/24"], [])
    assert narrowed("203.0.113.0/24, " + ", ".join(LOOPBACK), trust) == (None, [])
    assert narrowed("127.0.0.0/8, 10.0.0.0/8", trust, [BEYOND]) == (None, [])
    assert narrowed("127.0.0.0/8, 8.0.0.0/5, 203.0.113.0/24", trust, [BEYOND])[0] == ["127.0.0.0/8", "10.0.0.0/8", "203.0.113.0/24"]


@pytest.mark.parametrize("lines, waived, words, lost", [
    (["127.0.0.1", "203.0.113.7"], [], None, []),
    # The entries of a file that stay take its place.
    (["127.0.0.1", "203.0.113.1/24", "!10.0.0.1", "10.0.0.0/8"], [], ["127.0.0.1", "!10.0.0.1", "10.0.0.0/8"], ["203.0.113.1/24"]),
    (["127.0.0.1", "203.0.113.1/24", "8.0.0.0/5", "mail.example.com"], [], ["127.0.0.1", "10.0.0.0/8", "mail.example.com"], ["203.0.113.1/24", "8.0.0.0/5"]),
    (["127.0.0.1", "203.0.113.1/24", "8.0.0.0/5"], [WIDE], ["127.0.0.1", "8.0.0.0/5"], ["203.0.113.1/24"]),
    (["127.0.0.1", "203.0.113.1/24"], [BROKEN], None, []),
    (["127.0.0.1", "203.0.113.1/24", "172.0.0.0/8"], [BROKEN], ["127.0.0.1", "203.0.113.1/24", "172.16.0.0/12"], ["172.0.0.0/8"]),
    (["mail.example.com", "!10.1.1.1", "8.0.0.0/5", "!8.8.8.8"], [], ["mail.example.com", "!10.1.1.1", "10.0.0.0/8", "!8.8.8.8"], ["8.0.0.0/5"]),
    (["!203.0.0.0/16", "!unknown"], [], None, []), (["!203.0.113.1/24"], [], None, []),
    (["203.0.113.1/24"], [], [], ["203.0.113.1/24"]), (["203.0.113.1/24"], [BROKEN], None, []),
    (["127.0.0.1", "unknown"], [], ["127.0.0.1"], ["unknown"]), (["127.0.0.1", "unknown"], [WILDCARD], None, []),
    (["unknown", "static:x", "mail.example.com"], [], PRIVATE_4 + PRIVATE_6 + ["mail.example.com"], ["unknown", "static:x"]),
    (["static:x", "10.0.0.1", "unknown"], [], PRIVATE_4 + PRIVATE_6 + ["10.0.0.1"], ["static:x", "unknown"]),
])
def test_of_a_file_of_clients_what_is_good_is_written_out(tmp_path, lines, waived, words, lost):
    (tmp_path / "clients").write_text("\n".join(lines) + "\n")
    found, gone = narrowed(str(tmp_path / "clients"), waived=waived)
    assert found == words
    assert len(gone) == len(lost) and all(key in one for key, one in zip(lost, gone))


def test_a_macro_stays_one_where_all_that_it_stands_for_stays():
    settings = configuration("a = 127.0.0.1, 10.0.0.1\nb = 10.0.0.2, unknown\nmynetworks = $a $b\n").settings()
    assert subject.narrowed_clients(settings, "mynetworks", Trust())[0] == ["$a", "10.0.0.2"]


DOMAINS = "com, example.net, .org, CO.uk, localdomain, lan, !net, static:x, inline:{com=x}, /etc/domains, hash:/nowhere/at/all"


@pytest.mark.parametrize("own, left", [
    ("", ["example.net", "localdomain", "lan", "!net", "inline:{com=x}", "/etc/domains", "hash:/nowhere/at/all"]),
    ("mydestination = com, mx.example.com\n", ["com", "example.net", "localdomain", "lan", "!net", "inline:{com=x}", "/etc/domains", "hash:/nowhere/at/all"]),
])
def test_whole_public_domains_leave_relay_domains(own, left):
    subject_ = configuration(own + "relay_domains = {0}\n".format(DOMAINS))
    assert subject.narrowed_domains(subject_.settings()) == left
    assert subject.narrowed_domains(configuration("relay_domains = example.net, lan\n").settings()) is None


def test_of_a_list_of_tables_those_go_that_match_everything():
    def left(text):
        return subject.narrowed_tables(configuration("relay_clientcerts = {0}\n".format(text)).settings(), "relay_clientcerts")
    assert left("inline:{AB=x}, static:all, com") == ["inline:{AB=x}", "com"]
    assert left("inline:{AB=x}, com") is None and left("") is None and left(":x") is None


def changes(step, main, services="", trust=None, waived=()):
    """[(service, parameter, after), ...] of one step, and whether it says that somebody loses."""
    draft = step(Draft(configuration(main, services)), trust or Trust(), frozenset(waived))
    return [(one.service, one.parameter, one.after) for one in draft.changes], len(draft.lost)


NETWORKS, CLAIMS, DESTINATIONS, ROUTING, CERTIFICATES = narrowing.STEPS
OVERRIDE = "587 inet n - n - - smtpd -o {0}\n127.0.0.1:588 inet n - n - - smtpd -o {0}\n26 inet n - n - - smtpd\n"


@pytest.mark.parametrize("step, main, services, found", [
    (NETWORKS, "mynetworks = 127.0.0.1, unknown\n", "", [(None, "mynetworks", "127.0.0.1")]), (NETWORKS, "mynetworks = 127.0.0.1\n", "", []),
    # A listener on loopback may trust whom it likes.
    (NETWORKS, "", OVERRIDE.format("mynetworks=unknown"), [("587", "mynetworks", "")]),
    (NETWORKS, "mynetworks = 127.0.0.1, unknown\n", OVERRIDE.format("mynetworks=127.0.0.1,203.0.0.0/16"),
     [(None, "mynetworks", "127.0.0.1"), ("587", "mynetworks", "127.0.0.1")]),
    # What smtpd dies of is not narrowed, and the other scopes are.
    (NETWORKS, "mynetworks = $mynetworks\n", OVERRIDE.format("mynetworks=unknown"), [("587", "mynetworks", "")]),
    (NETWORKS, "parent_domain_matches_subdomains = !\nmynetworks = unknown\n", "", []),
    (CLAIMS, "", "", []), (CLAIMS, XCLIENT + " = static:x 127.0.0.1\n", "", [(None, XCLIENT, ", ".join(PRIVATE_4 + PRIVATE_6 + ["127.0.0.1"]))]),
    (CLAIMS, "", OVERRIDE.format(XCLIENT + "=unknown"), [("587", XCLIENT, "")]),
    (DESTINATIONS, "relay_domains = com, example.net\n", "", [(None, "relay_domains", "example.net")]), (DESTINATIONS, "relay_domains = example.net\n", "", []),
    (ROUTING, "allow_untrusted_routing = Yes\n", "", [(None, "allow_untrusted_routing", "no")]), (ROUTING, "allow_untrusted_routing = no\n", "", []),
    (ROUTING, "", "", []), (ROUTING, "", "587 inet n - n - - smtpd -o allow_untrusted_routing=YES\n26 inet n - n - - smtpd -o allow_untrusted_routing=no\n",
                            [("587", "allow_untrusted_routing", "no")]),
    (ROUTING, "allow_untrusted_routing = yes\n", "587 inet n - n - - smtpd -o allow_untrusted_routing=no\n", [(None, "allow_untrusted_routing", "no")]),
    (CERTIFICATES, "relay_clientcerts = static:x\n", "", [(None, "relay_clientcerts", "")]), (CERTIFICATES, "", "", []),
    (narrowing.narrowed_qmqp, QMQP + " = 127.0.0.1, unknown\n", "628 inet n - n - - qmqpd\n", [(None, QMQP, "127.0.0.1")]),
    (narrowing.narrowed_qmqp, "{0} = ${0}\n".format(QMQP), "628 inet n - n - - qmqpd -o {0}=unknown\n".format(QMQP), [("628", QMQP, "")]),
    (narrowing.narrowed_qmqp, "parent_domain_matches_subdomains = !\n" + QMQP + " = unknown\n", "628 inet n - n - - qmqpd\n", []),
    (narrowing.narrowed_qmqp, QMQP + " = unknown\n", "", []), (narrowing.narrowed_qmqp, "", "628 inet n - n - - qmqpd\n", []),
    (narrowing.narrowed_qmqp, QMQP + " = 127.0.0.1\n", "628 inet n - n - - qmqpd\n", []),
    (narrowing.narrowed_qmqp, "", "628 inet n - n - - qmqpd\n629 inet n - n - - qmqpd -o {0}=unknown\n"
     "630 inet n - n - - qmqpd -o {0}=127.0.0.1,unknown\n".format(QMQP),
     [("629", QMQP, ""), ("630", QMQP, "127.0.0.1")]),
])
def test_each_step_narrows_in_each_scope_what_is_its_own(step, main, services, found):
    assert changes(step, main, services)[0] == found
    assert changes(step, main, services)[1] in ((1, 2) if found else (0,))


@pytest.mark.parametrize("step, id_, main", [
    (DESTINATIONS, "relay_domains_wildcard", "relay_domains = com\n"), (ROUTING, "untrusted_routing", "allow_untrusted_routing = yes\n"),
    (CERTIFICATES, "clientcerts_wildcard", "relay_clientcerts = static:x\n"),
    (narrowing.narrowed_qmqp, "qmqpd_open", QMQP + " = unknown\n"), (CLAIMS, "xclient_too_broad", XCLIENT + " = unknown\n"),
])
def test_no_step_touches_what_is_waived(step, id_, main):
    services = "628 inet n - n - - qmqpd\n"
    assert changes(step, main, services)[0] != []
    assert changes(step, main, services, waived=[id_]) == ([], 0)
    assert changes(step, main, services, waived=["stranger_relays"])[0] != []


def test_networks_are_written_where_nobody_wrote_any_only_if_some_are_declared():
    from verdicts import HEAD
    bare = Draft(configuration())
    text = HEAD.replace("mynetworks = 127.0.0.0/8\n", "").encode()
    bare.configuration = bare.configuration.changed(main=type(bare.configuration.main)(text))
    assert NETWORKS(bare, Trust(), frozenset()) is bare
    assert [one.after for one in NETWORKS(bare, Trust(["203.0.113.0/24"]), frozenset()).changes] == [", ".join(LOOPBACK + ["203.0.113.0/24"])]
