# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan edits and what it leaves alone. Whether smtpd agrees about the result is what tests/oracle asks."""

import os
import sys

import pytest
from listening import RECIPIENT, RELAY, both, configuration

from ansible_collections.relaylock.postfix.plugins.module_utils._relay.judge import judge
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.plan import PlanError, make_plan
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../fixtures"))

GUARD = "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination"


def edits(main, services="", **wishes):
    """[(service, parameter, words after), ...] of the plan for a configuration."""
    plan = make_plan(configuration(main, services), wishes.pop("trust", Trust()), **wishes)
    return [(one.service, one.parameter, one.after) for one in plan.changes]


@pytest.mark.parametrize("relay, recipient, parameter, after", [
    # A permissive table moves behind the guard, whole, and goes on refusing whom it refuses.
    ("check_sender_access inline:{x@y.example=OK}, permit_mynetworks, reject_unauth_destination", "",
     RELAY, "permit_mynetworks, reject_unauth_destination, check_sender_access, inline:{x@y.example=OK}"),
    # The parameter at fault, also where the other one would do.
    ("", "permit_mynetworks, check_helo_access static:OK, reject_unauth_destination",
     RECIPIENT, "permit_mynetworks, reject_unauth_destination, check_helo_access, static:OK"),
    ("permit_mynetworks, permit", "", RELAY, "permit_mynetworks, reject_unauth_destination"),
    ("permit_mynetworks", "", RELAY, "permit_mynetworks, reject_unauth_destination"),
    ("permit_mynetworks, warn_if_reject reject_unauth_destination", "", RELAY, "permit_mynetworks, reject_unauth_destination"),
    # What local tables and services refuse stays ahead of what the guard lets through.
    ("reject_unknown_sender_domain, permit_mynetworks, check_client_access static:OK", "",
     RELAY, "reject_unknown_sender_domain, permit_mynetworks, reject_unauth_destination, check_client_access, static:OK"),
    # A table that stands bare is one item, whether it opens the list or not.
    ("permit_mynetworks, static:OK, reject_unauth_destination", "", RELAY, "permit_mynetworks, reject_unauth_destination, static:OK"),
    ("permit_mynetworks, check_client_access static:OK, check_helo_access static:OK, reject_unauth_destination", "",
     RELAY, "permit_mynetworks, reject_unauth_destination, check_client_access, static:OK, check_helo_access, static:OK"),
    # smtpd does not start for want of a guard: what its lists refuse, they go on refusing.
    ("static:DUNNO, permit", "", RELAY, "static:DUNNO, " + GUARD),
    ("check_sender_access inline:{x@y.example=REJECT}, permit", "", RELAY, "check_sender_access, inline:{x@y.example=REJECT}, " + GUARD),
    ("check_client_access static:OK, check_sender_access inline:{x@y.example=REJECT}", "",
     RELAY, GUARD + ", check_client_access, static:OK, check_sender_access, inline:{x@y.example=REJECT}"),
    # A word that opens nothing stays where it is.
    ("permit_mynetworks, reject_non_fqdn_sender, permit, reject_unauth_destination", "",
     RELAY, "permit_mynetworks, reject_non_fqdn_sender, reject_unauth_destination"),
    # Nobody said who relays: what is trusted does.
    ("", "permit", RECIPIENT, GUARD),
    # Postfix's own place for a guard, where there is none to keep.
    ("", "", RELAY, GUARD),
    # What only warns goes on warning; a guard that only warns becomes one.
    ("", "permit_mynetworks, warn_if_reject reject_rbl_client x.example, warn_if_reject reject_unauth_destination", RECIPIENT,
     "permit_mynetworks, warn_if_reject, reject_rbl_client, x.example, reject_unauth_destination"),
    # A slip of the pen goes, and nothing else.
    ("", "permit_mynetworks, reject_unauth_destination, allow_all", RECIPIENT, "permit_mynetworks, reject_unauth_destination"),
    ("", "permit_mynetworks, alow_all, reject_unauth_destination, permit_al", RECIPIENT, "permit_mynetworks, reject_unauth_destination"),
    ("", "\\ permit_sasl_authenticated \\ permit_mynetworks \\ reject_unauth_destination\\", RECIPIENT,
     "permit_sasl_authenticated, permit_mynetworks, reject_unauth_destination"),
])
def test_the_smallest_edit(relay, recipient, parameter, after):
    assert edits(both(relay, recipient)) == [(None, parameter, after)]


def test_of_a_list_that_fails_for_everyone_only_what_fails_is_taken_out():
    main = "mydestination = example.com\n" + both(
        "reject_unauth_destination", "reject_non_fqdn_recipient, check_client_access static:nonsense, reject_unauth_destination")
    assert edits(main) == [(None, RECIPIENT, "reject_non_fqdn_recipient, reject_unauth_destination")]


@pytest.mark.parametrize("recipient", [
    "permit_mynetworks, reject_unauth_destination, check_recipient_access cidr:/nowhere/a",
    "check_sender_access cidr:/nowhere/a, permit_mynetworks, reject_unauth_destination, check_policy_service unix:private/p",
])
def test_no_lookup_is_thrown_away_or_put_out_of_sight_for_want_of_its_table(recipient):
    with pytest.raises(PlanError, match="open cidr:/nowhere/a: no such file"):
        make_plan(configuration("mydestination = example.com\n" + both("permit_mynetworks, reject_unauth_destination", recipient)), Trust())


def test_who_is_declared_keeps_the_lookup_that_lets_him_in():
    main = "mynetworks = 127.0.0.0/8, [::ffff:127.0.0.0]/104, [::1]/128, 203.0.113.7/32\n" + both(
        "permit_mynetworks, check_client_access inline:{203.0.113.7=OK}, reject_unauth_destination")
    assert edits(main, trust=Trust(["203.0.113.7/32"])) == []


def test_the_guard_comes_as_late_as_it_can():
    main = both("permit_mynetworks, permit_sasl_authenticated, check_client_access static:OK, reject_unauth_destination")
    assert edits(main) == [(None, RELAY, "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination, check_client_access, static:OK")]


def test_a_macro_stays_a_macro():
    main = "checks = check_sender_access static:OK\nours = 127.0.0.0/8\nmynetworks = $ours, 0.0.0.0/0\n" + both(
        "$checks, permit_mynetworks, reject_unauth_destination")
    found = dict((parameter, after) for dummy, parameter, after in edits(main))
    assert found["mynetworks"].startswith("$ours, 10.0.0.0/8,")
    assert "$checks" in found[RELAY].split(", ") and "static:OK" not in found[RELAY]


def test_a_list_of_main_cf_is_not_mended_at_the_cost_of_a_port_that_hangs_on_it():
    """The port for logins refuses strangers by its own list; its other list, that of main.cf, must let logins through."""
    services = "587 inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes -o smtpd_relay_restrictions=permit_sasl_authenticated,reject\n"
    assert edits(both("", "permit"), services) == [(None, RECIPIENT, GUARD)]


def test_an_edit_for_one_port_cuts_off_no_login_on_another():
    """On port 26 nobody logs in, and the guard could stand ahead of logins; port 25 has the same list, and refuses others by one of its own."""
    main = "smtpd_sasl_auth_enable = yes\n" + both(
        "permit_sasl_authenticated, reject", "permit_mynetworks, check_sender_access static:OK, permit_sasl_authenticated, reject_unauth_destination")
    services = "26 inet n - n - - smtpd -o smtpd_sasl_auth_enable=no -o smtpd_relay_restrictions=\n"
    (service, parameter, after), = edits(main, services)
    words = after.split(", ")
    assert (service, parameter) == (None, RECIPIENT)
    assert words.index("permit_sasl_authenticated") < words.index("reject_unauth_destination") < words.index("check_sender_access")


def test_a_port_for_logins_alone_stays_as_it_is():
    services = "587 inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject\n"
    assert edits("", services) == []


def test_a_guard_comes_behind_those_who_relay_in_an_option_on_a_line_of_its_own():
    services = "26 inet n - n - - smtpd\n  -o smtpd_relay_restrictions=\n  -o smtpd_recipient_restrictions=permit_mynetworks\n"
    found = make_plan(configuration(both("permit_mynetworks, reject_unauth_destination"), services), Trust())
    assert [(one.service, one.parameter, one.after) for one in found.changes] == [("26", RECIPIENT, "permit_mynetworks, reject_unauth_destination")]


def test_a_listener_on_loopback_stays_as_it_is_and_one_for_strangers_does_not():
    options = " -o smtpd_relay_restrictions= -o smtpd_recipient_restrictions=permit_mynetworks,check_client_access,static:OK,reject\n"
    assert edits("", "127.0.0.1:10025 inet n - n - - smtpd" + options + "[::1]:10026 inet n - n - - smtpd" + options) == []
    assert [(service, parameter) for service, parameter, dummy in edits("", "10025 inet n - n - - smtpd" + options)] == [("10025", RECIPIENT)]


def test_whoever_mails_the_servers_own_domains_still_does():
    """All the world was in mynetworks, and what is behind refuses all the world."""
    found = edits("mynetworks = 0.0.0.0/0\n" + both("permit_mynetworks, reject"))
    assert (None, RELAY, "permit_mynetworks, permit_auth_destination, reject") in found


def test_a_wide_network_loses_no_more_than_its_trust():
    """Other strangers were refused here, own domains or not: clients of the network that is taken out are strangers as they are."""
    main = "mynetworks = 127.0.0.0/8, 203.0.0.0/16\n" + both("permit_mynetworks, reject")
    assert edits(main) == [(None, "mynetworks", "127.0.0.0/8")]


WAIVED = [
    ("mynetworks_too_broad", "mynetworks = 127.0.0.0/8, 203.0.0.0/16\n" + both("permit_mynetworks, reject_unauth_destination")),
    ("mynetworks_wildcard", "mynetworks = 127.0.0.0/8, unknown\n"),
    ("mynetworks_broken", "mynetworks = 127.0.0.0/8, 203.0.113.1/24\n"),
    ("relay_domains_wildcard", "relay_domains = com\n"),
    ("untrusted_routing", "allow_untrusted_routing = yes\n"),
    ("stranger_relays", both("permit_mynetworks, check_sender_access static:OK, reject_unauth_destination")),
]


@pytest.mark.parametrize("id_, main", WAIVED, ids=[id_ for id_, dummy in WAIVED])
def test_what_is_waived_is_not_edited(id_, main):
    assert edits(main) != []
    assert edits(main, waived=frozenset([id_])) == []


def test_what_is_not_waived_is_edited_beside_it():
    main = "mynetworks = 127.0.0.0/8, 203.0.0.0/16, unknown\n"
    assert edits(main, waived=frozenset(["mynetworks_too_broad"])) == [(None, "mynetworks", "127.0.0.0/8, 203.0.0.0/16")]


@pytest.mark.parametrize("main, reason", [
    ("smtpd_restriction_classes = mine\n" + both("mine, reject_unauth_destination"), "needs a definition"),
    ("mydestination = $mydestination\n", "nesting"),
    (both("permit_mynetworks, reject_unauth_destination") + "smtpd_delay_reject = perhaps\n", "neither yes nor no"),
])
def test_a_refusal_says_why(main, reason):
    with pytest.raises(PlanError) as refusal:
        make_plan(configuration(main), Trust())
    assert reason in str(refusal.value) and "othing was written" in str(refusal.value)


def test_replace_refuses_where_it_would_let_in_someone():
    main = both("reject_unauth_destination")
    with pytest.raises(PlanError) as refusal:
        make_plan(configuration(main), Trust(), strategy="replace")
    assert "let in" in str(refusal.value) and "127." in str(refusal.value)


def test_policy_services_are_weighed_whatever_they_answer():
    """The table stays ahead of the service: behind it, the service would be asked about mail that it never saw."""
    main = both("", "check_client_access static:OK, check_policy_service inet:127.0.0.1:10023, permit_mynetworks, reject_unauth_destination")
    found = edits(main)
    assert len(found) == 1 and found[0][2].startswith("permit_mynetworks, reject_unauth_destination, check_client_access, static:OK")
    assert judge(make_plan(configuration(main), Trust()).configuration, Trust()).verdict == "closed"


def test_logins_are_let_in_where_they_are_asked_for():
    main = both("permit_mynetworks, reject_unauth_destination", "permit_mynetworks, reject_unknown_sender_domain")
    found = dict((parameter, after) for dummy, parameter, after in edits(main, sasl={"type": "dovecot", "path": "private/auth"}))
    assert found == {"smtpd_sasl_type": "dovecot", "smtpd_sasl_path": "private/auth", "smtpd_sasl_auth_enable": "yes", "smtpd_tls_auth_only": "yes",
                     RELAY: "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination"}


def test_logins_that_are_asked_for_stay_ahead_of_the_guard():
    main = both("permit_mynetworks, permit_sasl_authenticated, check_client_access static:OK, reject_unauth_destination")
    found = dict((parameter, after) for dummy, parameter, after in edits(main, sasl={"type": "dovecot", "path": "private/auth"}))
    assert found[RELAY] == "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination, check_client_access, static:OK"


def test_logins_that_are_asked_for_let_in_nobody_else():
    main = both("permit_mynetworks, check_sender_access static:OK, reject_unauth_destination")
    plan = make_plan(configuration(main), Trust(), sasl={"type": "dovecot", "path": "private/auth"})
    assert judge(plan.configuration, Trust()).verdict == "closed"
    assert make_plan(plan.configuration, Trust(), sasl={"type": "dovecot", "path": "private/auth"}).changes == []
