# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which findings a configuration has, all of them, and where: a table with each finding's edges, those without it among them."""

import pytest
from listening import RECIPIENT, RELAY, both, configuration

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.configuration import Configuration
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.findings import TABLE, find
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.judge import judge
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust

G = "reject_unauth_destination"
SENDER, CLIENT = "smtpd_sender_restrictions", "smtpd_client_restrictions"
# Below a head without anything else to find: the sender list is not empty, and no login is named where none is taken.
HEAD = "{0} = reject_unknown_sender_domain\n".format(SENDER) + both("permit_mynetworks, " + G, "permit_mynetworks, " + G)


def found(main, services="", trust=None, all_=False):
    subject = configuration(HEAD + main, services)
    trust = trust or Trust()
    return find(subject, judge(subject, trust), trust)


def ids(*args, **more):
    """The findings' ids but for the verdict's own and for entries that a later one overrides."""
    return [one.id for one in found(*args, **more) if one.id not in ("stranger_relays", "smtpd_does_not_start", "duplicate_parameter")]


@pytest.mark.parametrize("main, expected", [
    ("", []),
    # mynetworks
    ("mynetworks = 127.0.0.0/8, 203.0.112.0/23\n", ["mynetworks_too_broad"]), ("mynetworks = 203.0.113.0/24, !0.0.0.0/0\n", []),
    ("mynetworks = !0.0.0.0/0, !unknown, !static:x, 127.0.0.1\n", []), ("mynetworks = mail.example.com, .example.com, 10\n", []),
    ("mynetworks = unknown\n", ["mynetworks_wildcard"]), ("mynetworks = .com\n", ["mynetworks_wildcard"]), ("mynetworks = co.uk\n", ["mynetworks_wildcard"]),
    ("mynetworks = .lan, localhost, .local\n", []), ("mynetworks = static:x\n", ["mynetworks_wildcard"]), ("mynetworks = inline:{com=x}\n", []),
    ("mynetworks = cidr:{{203.0.112.0/23 x}, {203.0.113.0/24 x}}\n", ["mynetworks_too_broad"]), ("mynetworks = cidr:{{203.0.113.0/24 x}}\n", []),
    ("mynetworks = !cidr:{{203.0.112.0/23 x}}, 127.0.0.1\n", []),
    ("mynetworks = 127.0.0.1 # all\n", ["mynetworks_comment"]),
    # The lists' ends
    (RELAY + " =\n", ["relay_restrictions_empty"]), (RECIPIENT + " =\n", []),
    (RELAY + " = permit_mynetworks\n", ["relay_guard_missing"]), (RECIPIENT + " = permit_mynetworks\n", ["recipient_guard_missing"]),
    (RELAY + " = permit_mynetworks, warn_if_reject {0}\n".format(G), ["relay_guard_missing"]),
    (RELAY + " = permit_mynetworks, defer\n", []), (RELAY + " = permit_mynetworks, reject\n", []), (RELAY + " = defer_unauth_destination\n", []),
    (RECIPIENT + " = permit_mynetworks, warn_if_reject reject\n", ["recipient_guard_missing"]),
    # Senders and clients
    (SENDER + " =\n", ["sender_restrictions_missing"]), (CLIENT + " =\n", []), (SENDER + " = permit\n", ["sender_restrictions_permissive"]),
    (CLIENT + " = permit\n", ["client_restrictions_permissive"]), (CLIENT + " = check_client_access static:OK\n", ["client_restrictions_permissive"]),
    (SENDER + " = check_sender_access static:REJECT, check_sender_access inline:{a=b}, permit_mynetworks\n", []),
    # What permits ahead of a guard
    (RELAY + " = check_sender_access inline:{a@b.example=OK}, " + G + "\n", ["permit_before_guard"]),
    (RELAY + " = " + G + ", check_sender_access inline:{a@b.example=OK}, permit\n", []),
    (RELAY + " = check_helo_access static:OK, reject\n", ["permit_before_guard"]),
    (RELAY + " = permit_mynetworks, permit, " + G + "\n", ["permit_before_guard"]), (RELAY + " = check_client_access static:DUNNO, " + G + "\n", []),
    (RELAY + " = warn_if_reject reject, check_helo_access static:OK, defer, check_helo_access static:OK\n", ["permit_before_guard"]),
    # Where no guard is to come, there is nothing to be ahead of; and what permits nobody permits nobody.
    (RECIPIENT + " = reject_non_fqdn_recipient, permit\n", ["recipient_guard_missing"]),
    (RELAY + " = check_sender_access inline:{a@b.example=REJECT, c.example=DUNNO}, " + G + "\n", []),
    (RELAY + " = check_sender_access texthash:/nowhere, " + G + "\n", ["table_missing"]),
    (RELAY + " = check_helo_access regexp:{{/x/ REJECT $0}, {/y/ 550 no}}, " + G + "\n", []),
    (RELAY + " = check_helo_access pcre:{{/x/ REJECT}, {/y/ OK}}, " + G + "\n", ["permit_before_guard"]),
    (RELAY + " = check_helo_access cidr:{{10.0.0.0/8 OK}}, " + G + "\n", ["permit_before_guard"]),
    (RELAY + " = check_helo_access cidr:{{10.0.0.0/8 REJECT}}, " + G + "\n", []),
    (RELAY + " = check_helo_access randmap:{REJECT, OK}, " + G + "\n", ["permit_before_guard"]),
    (RELAY + " = check_helo_access inline:{a.example=permit_mynetworks}, " + G + "\n", ["permit_before_guard"]),
    (RELAY + " = check_sender_access ldap:/x, " + G + "\n", ["permit_before_guard", "table_unreadable"]),
    # A permission that is the last word says what the end of the list says.
    (CLIENT + " = permit_mynetworks, reject_rbl_client x.example, permit\n", []),
    (CLIENT + " = permit_mynetworks, permit\n", ["client_restrictions_permissive"]),
    (CLIENT + " = permit, reject_rbl_client x.example\n", ["client_restrictions_permissive"]),
    (SENDER + " = reject_unknown_sender_domain, check_sender_access static:OK\n", []),
    # Logins: Postfix's own list names them, and that of a plan.
    (RELAY + " = permit_mynetworks, permit_sasl_authenticated, " + G + "\n", []),
    (RELAY + " = permit_mynetworks permit_sasl_authenticated defer_unauth_destination\n", []),
    (RELAY + " = permit_sasl_authenticated, " + G + "\n", ["sasl_off_but_permitted"]),
    (RECIPIENT + " = permit_sasl_authenticated, " + G + "\n", ["sasl_off_but_permitted"]),
    (SENDER + " = permit_sasl_authenticated\n", []),
    ("smtpd_sasl_auth_enable = yes\n", ["sasl_plaintext_without_tls"]), ("smtpd_sasl_auth_enable = yes\nsmtpd_tls_auth_only = yes\n", []),
    ("smtpd_sasl_auth_enable = yes\nsmtpd_tls_security_level = encrypt\n", []),
    ("smtpd_sasl_auth_enable = yes\nsmtpd_tls_security_level = may\n", ["sasl_plaintext_without_tls"]),
    ("smtpd_sasl_auth_enable = yes\nsmtpd_tls_wrappermode = yes\n", []),
    ("smtpd_sasl_auth_enable = yes\nsmtpd_tls_auth_only = yes\nsmtpd_sasl_security_options = noplaintext\n", ["sasl_anonymous"]),
    ("smtpd_sasl_auth_enable = yes\nsmtpd_tls_auth_only = yes\nsmtpd_sasl_security_options = noplaintext, noanonymous\n" + RELAY
     + " = permit_sasl_authenticated, reject\n", []),
    # Tables and words
    (RECIPIENT + " = " + G + ", allow_all\n", ["unknown_restriction"]), ("smtpd_data_restrictions = allow_all\n", ["unknown_restriction"]),
    ("smtpd_etrn_restrictions = check_etrn_access fail:x\n", ["table_missing"]), ("smtpd_helo_restrictions = check_helo_access inline:{a=OK}\n", []),
    (CLIENT + " = check_client_access ldap:/etc/x\n", ["table_unreadable"]), (CLIENT + " = check_client_access texthash:/nowhere/at/all\n", ["table_missing"]),
    (CLIENT + " = reject_rbl_client fail:x, reject_unknown_client_hostname\n", []),
    # Policy services (SMTPD_POLICY_README)
    (RECIPIENT + " = " + G + ", check_policy_service {unix:x, default_action=DUNNO}\n", []),
    (RECIPIENT + " = " + G + ", check_policy_service { unix:x, timeout=1s, { default_action = OK } }\n", ["policy_default_permits"]),
    (RECIPIENT + " = " + G + ", check_policy_service {unix:x, default_action=permit}\n", ["policy_default_permits"]),
    (RECIPIENT + " = " + G + ", check_policy_service {unix:x, {default_action = permit one}}\n", ["policy_default_permits"]),
    ("smtpd_policy_service_default_action = permit\n" + RECIPIENT + " = " + G + ", check_policy_service {unix:x, timeout=1s}\n", ["policy_default_permits"]),
    ("smtpd_policy_service_default_action = OK\n" + RECIPIENT + " = " + G + ", check_policy_service { unix:x, default_action=DUNNO }\n", []),
    ("smtpd_policy_service_default_action = OK\n" + RECIPIENT + " = " + G + ", check_policy_service unix:x\n", ["policy_default_permits"]),
    ("smtpd_policy_service_default_action =\n" + RECIPIENT + " = " + G + ", check_policy_service unix:x\n", []),
    # Who may claim to be another, and who is believed
    ("smtpd_authorized_xclient_hosts = 203.0.112.0/23, unknown, 10.0.0.0/8, 203.0.113.0/24\n", ["xclient_too_broad", "xclient_too_broad"]),
    ("smtpd_authorized_xclient_hosts = static:x\n", ["xclient_too_broad"]), ("smtpd_authorized_xclient_hosts = 127.0.0.1, mail.example.com\n", []),
    ("smtpd_upstream_proxy_protocol = haproxy\n", ["proxy_protocol"]), ("allow_untrusted_routing = yes\n", ["untrusted_routing"]),
    # Destinations
    ("relay_domains = com\n", ["relay_domains_wildcard"]), ("relay_domains = static:x\n", ["relay_domains_wildcard"]),
    ("relay_domains = !com, example.net, lan, inline:{com=x}\n", []),
    ("relay_domains = !static:x\n", []), ("mydestination = static:x\n", ["own_domains_wildcard"]), ("mydestination = !static:x\n", []),
    ("mydestination = inline:{a=b}, com\n", []), ("virtual_alias_domains = static:x\n", ["own_domains_wildcard"]),
    ("virtual_mailbox_domains = static:x\n", ["own_domains_wildcard"]),
    ("relay_clientcerts = static:x\n", ["clientcerts_wildcard"]), ("relay_clientcerts = inline:{AA=x}\n", []),
    ("relay_clientcerts = inline:{AA=x}, static:x\n", ["clientcerts_wildcard"]),
    ("smtpd_tls_security_level = may\nsmtpd_tls_ask_ccert = yes\n" + RECIPIENT + " = permit_tls_all_clientcerts, " + G + "\n", ["clientcerts_any_authority"]),
    (RECIPIENT + " = permit_tls_all_clientcerts, " + G + "\n", []),
    ("smtpd_tls_security_level = may\nsmtpd_tls_ask_ccert = yes\n" + RECIPIENT + " = permit_tls_clientcerts, " + G + "\n", []),
])
def test_the_findings_of_a_configuration(main, expected):
    assert ids(main) == expected


def test_a_broken_entry_is_a_finding_although_nobody_is_served():
    assert ids("mynetworks = 203.0.113.1/24, 203.0.112.0/23\n") == ["mynetworks_broken", "mynetworks_too_broad"]


@pytest.mark.parametrize("networks, expected", [
    ("198.51.100.0/24, 127.0.0.0/8, [::1]/128, [::ffff:127.0.0.0]/104", []), ("198.51.100.128/25", []), ("10.0.0.0/8", ["mynetworks_beyond_declared"]),
    ("198.51.0.0/16", ["mynetworks_too_broad"]), ("!10.0.0.0/8, 198.51.100.7", []), ("mail.example.com", []), ("203.0.113.7", ["mynetworks_beyond_declared"]),
])
def test_what_is_beyond_the_declared_networks(networks, expected):
    assert ids("mynetworks = {0}\n".format(networks), trust=Trust(["198.51.100.0/24"])) == expected


@pytest.mark.parametrize("level, expected", [("0", ["relay_restrictions_empty"]), ("1", []), ("3.6", [])])
def test_what_smtpd_tries_in_place_of_an_empty_relay_list_is_neither_a_list_nor_a_login(level, expected):
    subject = Configuration(MainCf("compatibility_level = {0}\n{1} = permit_mynetworks, {2}\n{3} = reject_unknown_sender_domain\n".format(
        level, RECIPIENT, G, SENDER).encode(), "/main"), None, (3, 7), Files())
    assert [one.id for one in find(subject, judge(subject, Trust()), Trust())] == expected


def test_a_port_that_takes_no_logins_is_no_finding_beside_one_that_does():
    main, port = RELAY + " = permit_sasl_authenticated, " + G + "\n", "587 inet n - n - - smtpd -o smtpd_sasl_auth_enable={0} -o smtpd_tls_auth_only=yes\n"
    assert ids(main, port.format("yes")) == [] and ids(main, port.format("no")) == ["sasl_off_but_permitted"] * 2


def test_of_a_server_that_serves_nobody_the_finding_is_where_the_fault_is():
    for main, parameter in ((CLIENT + " = check_client_access cidr:/nowhere/clients\n", CLIENT), ("myhostname = %NAME%\n", "myhostname"),
                            ("transport_maps = regexp:/nowhere/transport\n", "transport_maps"), (both("permit", "permit"), RELAY)):
        first = found(main)[0]
        assert (first.id, first.parameter, first.line > 5) == ("smtpd_does_not_start", parameter, True)


def test_only_a_listener_of_its_own_has_an_override():
    options = " -o mynetworks=127.0.0.1 -o {0}=permit_mynetworks,{2} -o {1}=permit_mynetworks,{2}".format(RECIPIENT, RELAY, G)
    have = found("", "587 inet n - n - - smtpd{0} -o {1}=reject_unknown_sender_domain -o {2}=permit_mynetworks\n".format(options, SENDER, CLIENT))
    assert sorted((one.id, one.service, one.parameter, one.file) for one in have) == sorted(
        ("master_override", "587", parameter, "/master") for parameter in ("mynetworks", RELAY, RECIPIENT))


@pytest.mark.parametrize("main, services, expected", [
    ("qmqpd_authorized_clients = 203.0.112.0/23, 10.0.0.0/8, unknown, 203.0.113.0/24, static:x\n", "628 inet n - n - - qmqpd\n", 3),
    ("qmqpd_authorized_clients = unknown\n", "", 0), ("qmqpd_authorized_clients = 127.0.0.1, mail.example.com\n", "628 inet n - n - - qmqpd\n", 0),
    ("", "628 inet n - n - - qmqpd -o qmqpd_authorized_clients=unknown\n629 inet n - n - - qmqpd\n", 1),
    # qmqpd dies of it.
    ("qmqpd_authorized_clients = !\n", "628 inet n - n - - qmqpd\n629 inet n - n - - qmqpd -o qmqpd_authorized_clients=unknown\n", 1),
    ("qmqpd_authorized_clients = $qmqpd_authorized_clients\n", "628 inet n - n - - qmqpd\n629 inet n - n - - qmqpd -o qmqpd_authorized_clients=unknown\n", 1),
])
def test_strangers_whom_qmqpd_trusts(main, services, expected):
    have = [one for one in found(main, services) if one.id != "stranger_relays"]
    assert [one.id for one in have] == ["qmqpd_open"] * expected
    assert all(one.parameter == "qmqpd_authorized_clients" and one.severity == "high" and one.service in ("628", "629") and one.line for one in have)


def test_findings_have_a_line_and_the_worst_come_first():
    have = found("mynetworks = 127.0.0.1,\n unknown\n" + SENDER + " =\n")
    assert [(one.id, one.severity, one.parameter, one.service) for one in have] == [
        ("stranger_relays", "critical", RELAY, "smtp"), ("mynetworks_wildcard", "high", "mynetworks", "smtp"),
        ("duplicate_parameter", "low", "mynetworks", None),
        ("duplicate_parameter", "low", SENDER, None), ("sender_restrictions_missing", "low", SENDER, "smtp")]
    assert all(one.file == "/main" and one.line for one in have)
    for said in ("from unknown [", "<someone@stranger.example>", "<somebody@elsewhere.example>"):
        assert said in have[0].message
    assert "unknown" in have[1].message


def test_a_permit_is_shown_where_it_stands():
    have, = [one for one in found(RELAY + " = permit_mynetworks,\n check_sender_access static:OK,\n " + G + "\n") if one.id == "permit_before_guard"]
    assert have.message.split(" stands")[0] == "check_sender_access static:OK"
    first = [one for one in found(RELAY + " = permit,\n " + G + "\n") if one.id == "permit_before_guard"][0]
    assert (have.line - first.line, first.message.split(" stands")[0]) == (1, "permit")


def test_a_listener_that_does_not_start_says_so_where_its_lists_stand():
    for main, parameter, file in ((both("", "permit"), RELAY, "/main"), (RECIPIENT + " = permit\n", RECIPIENT, "/main")):
        subject = configuration(main) if main.startswith(RELAY) else Configuration(
            MainCf(("compatibility_level = 0\nmydomain = example.com\n" + main).encode(), "/main"), None, (3, 7), Files())
        have = [one for one in find(subject, judge(subject, Trust()), Trust()) if one.id == "smtpd_does_not_start"]
        assert [(one.parameter, one.file, one.severity) for one in have] == [(parameter, file, "critical")] and "guard" in have[0].message


def test_a_file_that_postfix_refuses_is_the_one_finding():
    subject = Configuration(MainCf(b"x = 1\nstray\n", "/main"), None, (3, 7), Files())
    assert subject.main.error is not None
    have, = [one for one in find(subject, judge(subject, Trust()), Trust()) if one.severity == "critical"]
    assert (have.id, have.file, have.line, have.service) == ("file_unreadable_to_postfix", "/main", 2, None)


def test_a_byte_order_mark_is_part_of_the_first_name():
    subject = Configuration(MainCf(u"\ufeffmynetworks = 127.0.0.1\nmydomain = example.com\n".encode("utf-8"), "/main"), None, (3, 7), Files())
    have, = [one for one in find(subject, judge(subject, Trust()), Trust()) if one.id == "byte_order_mark"]
    assert (have.parameter, have.line, have.file) == ("mynetworks", 1, "/main") and "mynetworks is not set" in have.message
    clean = Configuration(MainCf(u"x = 1\n\ufeffmynetworks = 127.0.0.1\n".encode("utf-8"), "/main"), None, (3, 7), Files())
    assert "byte_order_mark" not in [one.id for one in find(clean, judge(clean, Trust()), Trust())]


def test_a_map_that_differs_from_its_source_is_stale_in_each_list(tmp_path):
    class Old(Files):
        """Every compiled map is here, and older than its text."""
        def newer(self, dummy, dummy_other):
            return True

    (tmp_path / "m").write_text("a.example b\n")
    (tmp_path / "m.db").write_text("")
    table = "hash:{0}/m".format(tmp_path)
    main = "mynetworks = {0}\nmydestination = {0}\nrelay_domains = {0}\n"
    main += "virtual_alias_domains = {0}\nvirtual_mailbox_domains = {0}\n{1} = check_client_access {0}\n"
    subject = Configuration(MainCf((HEAD + main.format(table, CLIENT)).encode(), "/main"), None, (3, 7), Old())
    have = [one for one in find(subject, judge(subject, Trust()), Trust()) if one.id == "table_stale"]
    assert sorted(one.parameter for one in have) == sorted([CLIENT, "mydestination", "mynetworks", "relay_domains", "virtual_alias_domains",
     "virtual_mailbox_domains"])
    assert all("postmap " + table in one.message for one in have)


def test_each_finding_is_told_once():
    have = found("mynetworks = 127.0.0.1, 203.0.112.0/23, 203.0.112.0/23, 203.0.110.0/23\n")
    assert [one.message.split(" ")[0] for one in have if one.id == "mynetworks_too_broad"] == ["203.0.112.0/23", "203.0.110.0/23"]
    assert all(one.severity == TABLE[one.id][0] for one in have)
    assert [one.id for one in found("mynetworks = 127.0.0.1, 203.0.112.0/23\n", "26 inet n - n - - smtpd\n")].count("mynetworks_too_broad") == 1
