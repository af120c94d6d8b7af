# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict's parts: which listeners there are and who reaches them, the witness, and why he gets through."""

import pytest
from listening import RECIPIENT, RELAY, both, configuration
from verdicts import HEAD

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.configuration import Configuration
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.master_cf import MasterCf
from ansible_collections.relaylock.postfix.plugins.module_utils._relay import judge as subject
from ansible_collections.relaylock.postfix.plugins.module_utils._relay import ways
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.judge import judge
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.recipients import LOCAL_NAMES
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust

G = "reject_unauth_destination"
OPEN = both("permit_mynetworks, check_sender_access static:OK, " + G)


@pytest.mark.parametrize("service, main, loopback", [
    ("smtp inet n - n - - smtpd", "", False), ("127.0.0.1:25 inet n - n - - smtpd", "", True), ("127.8.9.1:25 inet n - n - - smtpd", "", True),
    ("[::1]:25 inet n - n - - smtpd", "", True), ("localhost:25 inet n - n - - smtpd", "", True), ("[127.0.0.1]:25 inet n - n - - smtpd", "", True),
    ("[127.0.0.2]:25 inet n - n - - smtpd", "", True), ("::1:25 inet n - n - - smtpd", "", True),
    ("192.0.2.1:25 inet n - n - - smtpd", "inet_interfaces = loopback-only\n", False), ("host.example:25 inet n - n - - smtpd", "", False),
    ("smtp inet n - n - - smtpd", "inet_interfaces = loopback-only\n", True), ("smtp inet n - n - - smtpd", "inet_interfaces = 127.0.0.1, [::1]\n", True),
    ("smtp inet n - n - - smtpd", "inet_interfaces = localhost, 127.0.0.2\n", True),
    ("smtp inet n - n - - smtpd", "inet_interfaces = 127.0.0.1, 192.0.2.1\n", False),
    ("smtp inet n - n - - smtpd", "inet_interfaces = all\n", False), ("smtp inet n - n - - smtpd", "inet_interfaces = $inet_interfaces\n", False),
    ("smtp inet n - n - - smtpd", "inet_interfaces =\n", False),
    # From postscreen, which listens elsewhere.
    ("smtpd pass - - n - - smtpd", "inet_interfaces = loopback-only\n", False), ("127.0.0.1:25 pass - - n - - smtpd", "", False),
])
def test_who_listens_on_loopback_alone(service, main, loopback):
    conf = Configuration(MainCf((HEAD + main).encode(), "/main"), MasterCf((service + "\n").encode(), "/master"), (3, 7), Files())
    entry, = subject.listeners(conf)
    assert subject.on_loopback(conf, entry) is loopback


@pytest.mark.parametrize("services, loopback", [
    ("127.0.0.1:25 inet n - n - 1 postscreen\n", True), ("127.0.0.1:25 inet n - n - 1 postscreen\nsmtp inet n - n - 1 postscreen\n", False),
    ("x unix n - n - 1 postscreen\n", False)])
def test_behind_postscreen_it_is_reached_as_that_is(services, loopback):
    conf = Configuration(MainCf(HEAD.encode(), "/main"), MasterCf((services + "smtpd pass - - n - - smtpd\n").encode(), "/master"), (3, 7), Files())
    entry, = subject.listeners(conf)
    assert subject.on_loopback(conf, entry) is loopback


def test_of_two_entries_and_of_two_rewrite_services():
    conf = configuration("rewrite_service_name = b\n", "smtp inet n - n - - smtpd -v\nb unix - - n - - trivial-rewrite\nsmtp unix n - n - - smtpd\n")
    assert [(one.name, one.line) for one in subject.listeners(conf)] == [("smtp", 4)]
    assert subject.rewrite_service(conf).name == "b" and subject.rewrite_service(configuration("rewrite_service_name = $(\n")).name == "rewrite"


def test_the_listeners_are_the_smtpds_that_take_connections():
    services = "26 inet n - n - - smtpd\nx pass - - n - - smtpd\ny unix - - n - - smtpd\nz inet n - n - - qmqpd\n"
    assert [one.name for one in subject.listeners(configuration("", services))] == ["smtp", "26", "x"]
    bare = Configuration(MainCf(HEAD.encode(), "/main"), None, (3, 7), Files())
    assert [(one.name, one.type) for one in subject.listeners(bare)] == [("smtp", "inet")]
    assert subject.rewrite_service(configuration()).name == "rewrite" and subject.rewrite_service(bare) is None


def test_the_worst_listener_is_the_hosts_verdict():
    services = "26 inet n - n - - smtpd -o {{ {0} = permit }} -o {1}=\n127.0.0.1:27 inet n - n - - smtpd -o mynetworks=0.0.0.0/0\n".format(RELAY, RECIPIENT)
    found = judge(configuration("", services), Trust())
    assert found.verdict == "down" and [(one.service, one.verdict, one.loopback) for one in found.listeners] == [
        ("smtp", "closed", False), ("26", "down", False), ("127.0.0.1:27", "closed", True)]
    latent = found.listeners[2]
    assert "latent" in latent.reasons[0] and latent.witness is None and latent.because == [] and latent.listener is not None
    assert "guard" in found.listeners[1].reasons[0] and found.listeners[1].listener is None
    found = judge(configuration("", services + "28 inet n - n - - smtpd -o mynetworks=0.0.0.0/0\n"), Trust())
    assert found.verdict == "open"
    nothing = Configuration(MainCf(HEAD.encode(), "/main"), MasterCf(b"x unix - - n - - cleanup\n", "/master"), (3, 7), Files())
    assert judge(nothing, Trust()) == ("closed", [])


@pytest.mark.parametrize("main, master, service", [
    ("stray\n", "26 inet n - n - - smtpd\n", "26"), ("x = 1\n", "broken\n", "smtp"), ("x = 1\n", None, None), ("stray\n", None, "smtp")])
def test_a_broken_file_stops_every_listener(main, master, service):
    conf = Configuration(MainCf((HEAD + main).encode(), "/main"), master and MasterCf(master.encode(), "/master"), (3, 7), Files())
    found = judge(conf, Trust())
    assert [(one.service, one.verdict) for one in found.listeners] == ([(service, "down")] if service else [("smtp", "closed")])
    assert (found.verdict == "down") is (service is not None) and all(one.reasons for one in found.listeners if one.verdict == "down")


def test_qmqpd_on_loopback_is_nobodys():
    for service, listeners in (("127.0.0.1:628", 1), ("628", 2)):
        services = service + " inet n - n - - qmqpd -o qmqpd_authorized_clients=static:all\n"
        assert len(judge(configuration("", services), Trust()).listeners) == listeners


def test_qmqpd_is_open_whatever_smtpd_is_but_not_where_a_file_is_broken():
    services = "628 inet n - n - - qmqpd\n629 inet n - n - - qmqpd -o qmqpd_authorized_clients=127.0.0.1\n630 unix n - n - - qmqpd\n"
    main = "qmqpd_authorized_clients = 127.0.0.1, 0.0.0.0/0\n"
    found = judge(configuration(main, services), Trust())
    assert [(one.service, one.verdict) for one in found.listeners] == [("smtp", "closed"), ("628", "open")] and found.verdict == "open"
    witness = found.listeners[1].witness
    assert (witness.client_name, witness.sender, witness.recipient, witness.helo, witness.xclient) == (
        "unknown", "someone@stranger.example", "somebody@elsewhere.example", "", None)
    assert found.listeners[1].because == [("/main", 6, "qmqpd_authorized_clients", "127.0.0.1, 0.0.0.0/0")] and not found.listeners[1].loopback
    broken = Configuration(MainCf((HEAD + main + "stray\n").encode(), "/main"), MasterCf(services.encode(), "/master"), (3, 7), Files())
    assert judge(broken, Trust()).listeners == []  or all(one.verdict == "down" for one in judge(broken, Trust()).listeners)
    for dies in ("!", "$qmqpd_authorized_clients"):
        both_ = services + "631 inet n - n - - qmqpd -o qmqpd_authorized_clients=static:x\n"
        assert [one.service for one in judge(configuration("qmqpd_authorized_clients = {0}\n".format(dies), both_), Trust()).listeners] == ["smtp", "631"]


def opened(main, services=""):
    return [one for one in judge(configuration(main, services), Trust()).listeners if one.verdict == "open"][0]


def test_a_witness_says_what_a_stranger_says():
    found = opened(both("check_helo_access inline:{h.example=OK}, " + G)).witness
    assert (found.client_name, found.helo, found.sender, found.recipient, found.xclient) == (
        "unknown", "h.example", "someone@stranger.example", "somebody@elsewhere.example", None)
    assert found.client_address in ("198.51.100.25", "203.0.113.25", "192.0.2.25", "2001:db8::25")
    found = opened(both("check_sender_access inline:{a@b.example=OK}, " + G)).witness
    assert (found.helo in ("", "mail.stranger.example"), found.sender) == (True, "a@b.example")


# HEAD has five lines; the lists stand in the sixth and the seventh.
@pytest.mark.parametrize("relay, recipient, because", [
    ("permit_mynetworks, check_sender_access static:OK, " + G, "", [(6, RELAY, "check_sender_access static:OK"), (7, RECIPIENT, subject.NO_GUARD)]),
    ("permit_mynetworks, check_sender_access inline:{{ {{ someone@stranger.example = OK }} }}, " + G, "permit_mynetworks, permit, " + G,
     [(6, RELAY, "check_sender_access inline:{...}"), (7, RECIPIENT, "permit")]),
    ("", "check_sender_access static:OK, " + G, [(7, RECIPIENT, "check_sender_access static:OK"), (6, RELAY, subject.NO_GUARD)]),
    ("permit_mynetworks,\n permit_auth_destination,\n check_sender_access static:OK,\n " + G, "",
     [(8, RELAY, "check_sender_access static:OK"), (10, RECIPIENT, subject.NO_GUARD)]),
])
def test_why_a_stranger_gets_through_is_shown_where_it_stands(relay, recipient, because):
    found = opened(both(relay.replace("{{", "{").replace("}}", "}"), recipient)).because
    assert [(one.line, one.parameter, one.item) for one in found] == because and all(one.file == "/main" for one in found)


def test_a_network_or_a_class_that_lets_strangers_in_is_shown_too():
    found = opened("mynetworks = 0.0.0.0/0\n" + both("permit_mynetworks, " + G)).because
    assert [(one.parameter, one.item, one.line) for one in found] == [
        (RELAY, "permit_mynetworks", 7), (RECIPIENT, subject.NO_GUARD, 8), ("mynetworks", "0.0.0.0/0", 6)]
    found = opened("smtpd_restriction_classes = friends\nfriends = permit\n" + both("friends, " + G)).because
    assert ("friends", "permit") in [(one.parameter, one.item) for one in found]
    assert "mynetworks" not in [one.parameter for one in opened(OPEN).because]
    long = "mynetworks = {0}, 0.0.0.0/0\n".format(", ".join("10.0.0.{0}".format(number) for number in range(60)))
    assert [len(one.item) for one in opened(long).because if one.parameter == "mynetworks"] == [200]


def test_what_the_answer_hangs_on_is_told_once():
    tables = "check_sender_access ldap:/etc/x, check_client_access ldap:/etc/x, check_helo_access ldap:/etc/y, "
    found, = judge(configuration(both(tables + G)), Trust()).listeners
    assert found.verdict == "unknown" and len(found.reasons) == 1
    assert found.reasons[0].count("ldap:/etc/x") in (1, 2) and found.reasons[0].count("ldap:/etc/y") == 1


@pytest.mark.parametrize("main, verdict", [
    ("mynetworks = 203.0.113.1/24\n", "down"), ("mynetworks = 127.0.0.0/8, [2001:db8::1]/32\n", "closed"),
    (both(G, "check_sender_access static:451, " + G), "closed"), (both(G, "check_sender_access fail:x, " + G), "down"),
    (both(G, "check_sender_access inline:{stranger.example=x}, check_helo_access inline:{mail.stranger.example=fail}, " + G), "closed"),
    (both(G, "check_recipient_access inline:{somebody@example.com=allow_all}, " + G), "closed"),
    (both(G, "allow_all"), "down"), ("inet_protocols = ipv6\nmynetworks = [2001:db8::1]/32\n", "down"),
])
def test_a_server_that_answers_everybody_with_an_error_is_down(main, verdict):
    assert judge(configuration(main), Trust()).verdict == verdict


@pytest.mark.parametrize("main, faults", [
    ("smtpd_client_restrictions = check_client_access cidr:/nowhere/a, check_client_access cidr:/nowhere/b\n",
     ["smtpd_client_restrictions: open cidr:/nowhere/a: no such file"]),
    ("mynetworks = 203.0.113.1/24\n", ['mynetworks: non-null host address bits in "203.0.113.1/24"']),
    ("mynetworks = /nowhere/networks\n", ["mynetworks: open file /nowhere/networks: no such file"]),
    ("transport_maps = regexp:/nowhere/t\n", ["transport_maps: open regexp:/nowhere/t: no such file"]),
    ("sender_dependent_relayhost_maps = texthash:/nowhere/s\nmydestination =\nrelay_domains = own.example\n",
     ["sender_dependent_relayhost_maps: open texthash:/nowhere/s: no such file"]),
    # One file, named once: where it is written, and not where it is a default.
    ("virtual_alias_maps = texthash:/nowhere/v\n", ["virtual_alias_maps: open texthash:/nowhere/v: no such file"]),
    ("local_header_rewrite_clients = permit_mynetworks\nmynetworks = 203.0.113.1/24\n", ['mynetworks: non-null host address bits in "203.0.113.1/24"']),
    ("smtpd_client_restrictions = check_client_access cidr:/nowhere/a, ldap:x\n", ["smtpd_client_restrictions: open cidr:/nowhere/a: no such file"]),
    (both(G, "allow_all"), ['smtpd_recipient_restrictions: unknown smtpd restriction: "allow_all"']),
    (both(G, "check_client_access static:nonsense"), ["smtpd_recipient_restrictions: check_client_access static:nonsense answers a server error"]),
    (both(G, "check_client_access inline:{{192.0.2.25=nonsense}}, check_client_access static:nonsense, check_recipient_access fail:secret"), None),
])
def test_of_a_server_that_answers_everybody_with_an_error_it_is_said_by_what(main, faults):
    found, = judge(configuration(main), Trust()).listeners
    assert found.verdict == "down" and found.reasons[0].startswith("every stranger gets a server error, also for the server's own domains: ")
    if faults is not None:
        assert found.reasons == ["every stranger gets a server error, also for the server's own domains: " + "; ".join(faults)]
        assert all(one.file and one.line > 5 for one in found.failing)


@pytest.mark.parametrize("main, verdict, failing", [
    (both(G, G), "closed", False), (both(G, "check_policy_service unix:private/p, check_client_access cidr:/nowhere/a"), "closed", True),
    (both("permit_mynetworks, check_client_access ldap:/x, " + G, "check_client_access cidr:/nowhere/a"), "closed", True),
    (both(G, "check_client_access ldap:/x, check_sender_access cidr:/nowhere/a"), "closed", True),
])
def test_what_serves_only_those_whom_something_unread_permits_is_known(main, verdict, failing):
    found, = judge(configuration(main), Trust()).listeners
    assert (found.verdict, bool(found.failing)) == (verdict, failing)


@pytest.mark.parametrize("parameter, value", [
    ("mynetworks", "127.0.0.0/8, ::1/128"), ("mydestination", "!"), ("mynetworks", "/nowhere/networks\ndaemon_table_open_error_is_fatal = yes"),
])
def test_of_a_list_that_smtpd_dies_of_the_parameter_is_said(parameter, value):
    found, = judge(configuration("{0} = {1}\n".format(parameter, value)), Trust()).listeners
    assert found.verdict == "down" and parameter + ": " in found.reasons[0]
    assert parameter in [one.parameter for one in found.failing] and all(one.file == "/main" for one in found.failing)


def claims(main, version=(3, 7)):
    conf = configuration("smtpd_authorized_xclient_hosts = 127.0.0.1, 0.0.0.0/0\n" + main, version=version)
    found, = judge(conf, Trust()).listeners
    return found.verdict, found.witness and found.witness.xclient


@pytest.mark.parametrize("main, version, expected", [
    ("", (3, 7), ("open", {"NAME": "localhost", "ADDR": "127.0.0.1"})),
    ("mynetworks = 203.0.113.0/24\n" + both("permit_mynetworks, " + G), (3, 7), ("open", {"NAME": "unknown", "ADDR": "203.0.113.25"})),
    ("mynetworks = [::1]\n" + both("permit_mynetworks, " + G), (3, 7), ("open", {"NAME": "localhost", "ADDR": "::1"})),
    ("mynetworks = localhost\n" + both("permit_mynetworks, " + G), (3, 7), ("open", {"NAME": "localhost", "ADDR": "127.0.0.1"})),
    ("mynetworks = !203.0.113.0/24\n" + both("permit_mynetworks, " + G), (3, 7), ("closed", None)),
    (both(G), (3, 7), ("closed", None)),
    # Whoever claims to have logged in has, and from 3.10 on where logins are off as well.
    ("smtpd_sasl_auth_enable = yes\n" + both("permit_sasl_authenticated, " + G), (3, 7),
    ("open", {"NAME": "localhost", "ADDR": "127.0.0.1", "LOGIN": "anyone"})),
    (both("permit_sasl_authenticated, " + G), (3, 9), ("closed", None)),
    (both("permit_sasl_authenticated, " + G), (3, 10), ("open", {"NAME": "localhost", "ADDR": "127.0.0.1", "LOGIN": "anyone"})),
    (both("check_sasl_access inline:{anyone=OK}, " + G), (3, 10), ("closed", None)),
    ("smtpd_sender_login_maps = static:other\n" + both("reject_sender_login_mismatch, permit_sasl_authenticated, " + G), (3, 10),
     ("open", {"NAME": "localhost", "ADDR": "127.0.0.1", "LOGIN": "anyone"})),
    (both("check_policy_service unix:private/x, " + G), (3, 7), ("unknown", None)),
    # Any address and any name, whoever has it, and any login that a table knows.
    (both("check_client_access inline:{10.1=OK}, " + G), (3, 7), ("open", {"NAME": "unknown", "ADDR": "10.1.0.25"})),
    (both("check_client_access inline:{.own.example=OK, own.example=OK}, " + G), (3, 7), ("open", {"NAME": "mail.own.example", "ADDR": "127.0.0.1"})),
    ("mynetworks = cidr:{{10.0.0.0/8 x}}\n" + both("permit_mynetworks, " + G), (3, 7), ("open", {"NAME": "unknown", "ADDR": "10.0.0.25"})),
    (both("check_client_access pcre:{{/\\.lan$$/ OK}}, " + G), (3, 7), ("open", {"NAME": "x.lan", "ADDR": "127.0.0.1"})),
    ("smtpd_sasl_auth_enable = yes\n" + both("check_sasl_access inline:{boss=OK}, " + G), (3, 7),
     ("open", {"NAME": "localhost", "ADDR": "127.0.0.1", "LOGIN": "boss"})),
    # This one looks at the connection alone.
    ("inet_interfaces = loopback-only\n" + both("permit_inet_interfaces, " + G), (3, 7), ("closed", None)),
])
def test_whom_a_stranger_may_claim_to_be(main, version, expected):
    assert claims(main, version) == expected


def test_a_claim_is_shown_with_the_list_that_lets_strangers_claim():
    hosts = ", ".join("10.0.0.{0}".format(number) for number in range(60)) + ", inline:{10.0.0.1=x}, 0.0.0.0/0"
    found = opened("smtpd_authorized_xclient_hosts = {0}\n".format(hosts))
    assert [(one.parameter, one.line) for one in found.because] == [("smtpd_authorized_xclient_hosts", 6)]
    assert found.because[0].item.startswith("10.0.0.0 10.0.0.1") and len(found.because[0].item) == 200
    assert (found.witness.recipient, found.witness.sender) == ("somebody@elsewhere.example", "someone@stranger.example")


@pytest.mark.parametrize("text, families, admitted", [
    ("203.0.112.0/22", (4, 6), "203.0.113.25"), ("203.0.113.0/24", (4, 6), None), ("10.0.0.0/8, [2001:db8::]/32", (4, 6), "2001:db8::"),
    ("[2001:db8::]/32", (4,), None), ("unknown", (6,), "2001:db8::"), ("203.0.113.1/24, [2000::]/4", (4, 6), "2"), ("static:x", (4, 6), ""),
    ("", (4, 6), None), ("!0.0.0.0/0, static:x", (4,), None), ("ldap:/etc/x", (4, 6), None),
])
def test_the_first_stranger_whom_a_list_admits(text, families, admitted):
    match_list = configuration("smtpd_authorized_xclient_hosts = {0}\n".format(text)).settings().match_list(ways.XCLIENT)
    found = ways.admitted(match_list, Trust(), [], families)
    assert (found is None) is (admitted is None)
    assert found is None or found[0] == "unknown" and found[1].startswith(admitted)
    assert families != (4, 6) or ways.admitted(match_list, Trust(), []) == found


def test_names_that_nobody_looks_up_let_no_one_in():
    for name, verdict in (("yes", "open"), ("no", "closed")):
        assert judge(configuration("mynetworks = 127.0.0.1, com\nsmtpd_peername_lookup = {0}\n".format(name)), Trust()).verdict == verdict


TLS = "smtpd_tls_security_level = {0}\n"
PLAIN = both("reject_plaintext_session, check_sender_access static:OK, " + G)
CERTIFICATES = both("check_ccert_access {0}, " + G)


@pytest.mark.parametrize("main, verdict", [
    (PLAIN, "closed"), (TLS.format("none") + PLAIN, "closed"), (TLS.format("may") + PLAIN, "open"), (TLS.format("Verify") + PLAIN, "open"),
    ("smtpd_use_tls = Yes\n" + PLAIN, "open"), ("smtpd_enforce_tls = yes\n" + PLAIN, "open"), ("smtpd_tls_wrappermode = YES\n" + PLAIN, "open"),
    (CERTIFICATES.format("static:OK") + TLS.format("may"), "closed"),
    (CERTIFICATES.format("static:OK") + TLS.format("may") + "smtpd_tls_ask_ccert = Yes\n", "open"),
    (CERTIFICATES.format("static:OK") + TLS.format("may") + "smtpd_tls_req_ccert = yes\n", "closed"),
    (CERTIFICATES.format("static:OK") + TLS.format("encrypt") + "smtpd_tls_req_ccert = yes\n", "open"),
    (CERTIFICATES.format("{static:OK, {search_order = cert_fingerprint}}") + TLS.format("may") + "smtpd_tls_ask_ccert = yes\n", "open"),
    (CERTIFICATES.format("inline:{{aa:bb=OK}}") + TLS.format("may") + "smtpd_tls_ask_ccert = yes\n", "closed"),
])
def test_what_tls_lets_a_stranger_do(main, verdict):
    assert judge(configuration(main), Trust()).verdict == verdict


def test_a_name_below_a_local_one_is_nobodys_to_take():
    """No registry sells names below ``localhost`` or ``lan``: a stranger's address has none that a lookup confirms."""
    for name in LOCAL_NAMES:
        assert judge(configuration("mynetworks = 127.0.0.1, {0}, .{0}\n".format(name)), Trust()).verdict == "closed"
        access = "permit_mynetworks, check_client_access inline:{{{0}=OK}}, {1}".format(name, G)
        assert judge(configuration(both(access)), Trust()).verdict == "closed"
    assert judge(configuration("mynetworks = 127.0.0.1, com\n"), Trust()).verdict == "open"
