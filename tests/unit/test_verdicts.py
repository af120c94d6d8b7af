# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every case of tests/fixtures/verdicts.py: judged, planned, judged again."""

import pathlib
import sys

import pytest
from listening import configuration

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.evaluate import PERMIT, Box, answers
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.match_lists import ListError, MatchList
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.tables import Tables
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.findings import TABLE, find
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.judge import judge, listeners, make_listener
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.plan import PlanError, make_plan
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fixtures"))
import verdicts  # noqa: E402

# What only a person can mend: a class without a text, a macro without an end, a word that no one can place.
BY_HAND = {"self_reference", "class_without_definition", "bad_boolean", "stray_word"}
# The lists of "replace" name who relays where nobody does, or leave out a destination that a table allows.
REPLACE_HURTS = {"warn_if_reject", "policy_ahead_of_the_guard", "destination_that_a_table_allows"}
IDS = [case[0] for case in verdicts.CASES]


@pytest.mark.parametrize("name, main, services, expected", verdicts.CASES, ids=IDS)
def test_verdict(name, main, services, expected):
    subject = configuration(main, services)
    verdict = judge(subject, Trust())
    assert verdict.verdict == expected
    for one in verdict.listeners:
        assert (one.witness is not None) == (one.verdict == "open")
        assert one.verdict not in ("down", "unknown") or one.reasons


@pytest.mark.parametrize("strategy", ["merge", "replace"])
@pytest.mark.parametrize("profile", ["guard", "hardened"])
@pytest.mark.parametrize("name, main, services, expected", verdicts.CASES, ids=IDS)
def test_plan_closes_and_then_rests(name, main, services, expected, profile, strategy):
    subject = configuration(main, services)
    if name in BY_HAND or strategy == "replace" and name in REPLACE_HURTS:
        with pytest.raises(PlanError):
            make_plan(subject, Trust(), profile, strategy)
        return
    plan = make_plan(subject, Trust(), profile, strategy)
    assert judge(plan.configuration, Trust()).verdict in ("closed", expected if expected == "unknown" else "closed")
    if (profile, strategy, expected) == ("guard", "merge", "closed") and name not in ("untrusted_routing_alone", "xclient_with_nobody_to_claim"):
        assert plan.changes == []
    assert make_plan(plan.configuration, Trust(), profile, strategy).changes == []


def test_a_plan_keeps_comments_and_other_parameters():
    text = "mynetworks =\n# the office\n 10.1.0.0/16\n# everyone, for a test\n 0.0.0.0/0\nother = x\n"
    subject = configuration(text, "")
    after = make_plan(subject, Trust()).configuration.main.to_bytes().decode()
    assert "# the office" in after and "# everyone, for a test" in after and "other = x\n" in after
    assert "0.0.0.0/0" not in after and "10.1.0.0/16" in after


def said(subject, address, sender, recipient):
    """Whether the first listener accepts one dialogue."""
    listener = make_listener(subject, listeners(subject)[0])
    box = Box((("unknown", address),), ("client.example",), (sender,), (recipient,), None)
    return [verdict is PERMIT for verdict, dummy in answers(listener, box)] == [True]


FOREIGN = "somebody@elsewhere.example"
TABLE_FIRST = ("smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = "
               "check_sender_access inline:{friend@example.org=OK, foe@example.org=REJECT}, permit_mynetworks, reject_unauth_destination\n")


def test_a_plan_lets_no_one_in_and_keeps_who_is_entitled():
    before = configuration("mynetworks = 127.0.0.0/8, 0.0.0.0/0\n" + TABLE_FIRST, "")
    after = make_plan(before, Trust()).configuration
    for address in ("127.0.0.1", "10.1.2.3", "192.168.7.7"):
        assert said(before, address, "me@example.com", FOREIGN) and said(after, address, "me@example.com", FOREIGN)
        assert not said(before, address, "foe@example.org", FOREIGN) and not said(after, address, "foe@example.org", FOREIGN)
    assert said(before, "198.51.100.25", "friend@example.org", FOREIGN) and not said(after, "198.51.100.25", "friend@example.org", FOREIGN)
    assert said(before, "198.51.100.25", "x@example.org", "me@example.com") and said(after, "198.51.100.25", "x@example.org", "me@example.com")


def test_of_two_edits_the_one_that_lets_no_one_in():
    """Behind the guard of the recipient list, its table would no longer refuse the foe whom the host itself speaks for."""
    rest = "permit_mynetworks, reject_unauth_destination\n"
    before = configuration(
        "smtpd_recipient_restrictions = check_sender_access inline:{friend@example.org=OK, foe@example.org=REJECT}, " + rest
        + "smtpd_relay_restrictions = check_sender_access inline:{friend@example.org=OK}, " + rest, "")
    after = make_plan(before, Trust()).configuration
    assert judge(before, Trust()).verdict == "open" and judge(after, Trust()).verdict == "closed"
    assert not said(before, "127.0.0.1", "foe@example.org", FOREIGN) and not said(after, "127.0.0.1", "foe@example.org", FOREIGN)
    assert [one.parameter for one in make_plan(before, Trust()).changes] == ["smtpd_relay_restrictions"]


def test_routed_addresses_are_no_ones_own():
    """As the real smtpd answers: 554 to both, though example.net itself is relayed for."""
    subject = configuration("relay_domains = example.net\nallow_percent_hack = no\n", "")
    assert said(subject, "198.51.100.25", "x@example.org", "user@example.net")
    assert not said(subject, "198.51.100.25", "x@example.org", "user%elsewhere.example@example.net")
    assert not said(subject, "198.51.100.25", "x@example.org", "elsewhere.example!user@example.net")


def test_trusted_networks_are_what_mynetworks_becomes():
    subject = configuration("mynetworks = 10.0.0.0/8, 198.51.100.0/24\n", "")
    trust = Trust(["198.51.100.0/24"])
    plan = make_plan(subject, trust)
    assert "10.0.0.0/8" not in plan.configuration.main.entry("mynetworks").text
    assert "198.51.100.0/24" in plan.configuration.main.entry("mynetworks").text
    assert plan.lost
    assert make_plan(plan.configuration, trust).changes == []


def test_findings_have_known_ids_and_a_place():
    for dummy, main, services, dummy_verdict in verdicts.CASES:
        subject = configuration(main, services)
        for finding in find(subject, judge(subject, Trust()), Trust()):
            assert finding.id in TABLE
            assert finding.message
            assert finding.line is None or finding.file


@pytest.mark.parametrize("cause, text", [
    ("mynetworks_too_broad", "mynetworks = 0.0.0.0/0\n"),
    ("recipient_guard_missing", "smtpd_recipient_restrictions = permit_mynetworks\n"),
    ("sender_restrictions_permissive", "smtpd_sender_restrictions = permit\n"),
    ("relay_guard_missing", "smtpd_relay_restrictions = permit_mynetworks\n"),
    ("sasl_off_but_permitted", "smtpd_recipient_restrictions = permit_sasl_authenticated, reject_unauth_destination\n"),
    ("client_restrictions_permissive", "smtpd_client_restrictions = permit\n"),
    ("unknown_restriction", "smtpd_data_restrictions = allow_all\n"),
    ("policy_default_permits", "smtpd_recipient_restrictions = check_policy_service { unix:private/x, default_action=permit }, reject\n"),
    ("policy_default_permits", "smtpd_policy_service_default_action = OK\nsmtpd_recipient_restrictions = check_policy_service unix:private/x, reject\n"),
    ("xclient_too_broad", "smtpd_authorized_xclient_hosts = 0.0.0.0/0\n"),
    ("proxy_protocol", "smtpd_upstream_proxy_protocol = haproxy\n"),
])
def test_a_finding_for_each_cause(cause, text):
    subject = configuration(text + "smtpd_recipient_restrictions = permit_sasl_authenticated, reject_unauth_destination\n"
                            if cause == "relay_guard_missing" else text, "")
    assert cause in [one.id for one in find(subject, judge(subject, Trust()), Trust())]


@pytest.mark.parametrize("path, made, missing", [
    ("private/auth", None, True), ("private/auth", "private/auth", False), ("unix:private/auth", "private/auth", False), ("inet:127.0.0.1:12345", None, False)])
def test_the_socket_of_dovecot(tmp_path, path, made, missing):
    subject = configuration("smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\n"
                            "smtpd_sasl_path = {0}\nqueue_directory = {1}\n".format(path, tmp_path), "")
    subject.files.compiled_needed = True
    if made:
        (tmp_path / made).parent.mkdir()
        (tmp_path / made).touch()
    assert ("sasl_socket_missing" in [one.id for one in find(subject, judge(subject, Trust()), Trust())]) is missing


def test_a_policy_service_that_does_not_permit_by_default_is_no_finding():
    subject = configuration("smtpd_recipient_restrictions = check_policy_service unix:private/x, reject\n", "")
    assert "policy_default_permits" not in [one.id for one in find(subject, judge(subject, Trust()), Trust())]


def test_who_may_claim_what_he_likes_is_shown_with_his_claim():
    opened, = judge(configuration("smtpd_authorized_xclient_hosts = 0.0.0.0/0\n", ""), Trust()).listeners
    assert opened.witness.xclient == {"NAME": "localhost", "ADDR": "127.0.0.1"}
    assert (opened.witness.client_name, opened.witness.client_address.count(".")) == ("unknown", 3)
    assert [one.parameter for one in opened.because] == ["smtpd_authorized_xclient_hosts"]


def test_files_that_hold_each_other_fail_for_whom_they_do_not_match_before(tmp_path):
    """match_list.c opens them one in the other until there are no more files."""
    (tmp_path / "a").write_text("127.0.0.1\n{0}\n".format(tmp_path / "b"))
    (tmp_path / "b").write_text(str(tmp_path / "a") + "\n")
    found = MatchList(str(tmp_path / "a"), Tables(Files()))
    assert found.matches_client("unknown", "127.0.0.1")
    with pytest.raises(ListError, match="holds itself"):
        found.matches_client("unknown", "192.0.2.1")
    (tmp_path / "b").write_text("192.0.2.0/24\n")
    assert len(MatchList("{0}, {1}, {1}".format(tmp_path / "a", tmp_path / "b"), Tables(Files())).patterns) == 4
