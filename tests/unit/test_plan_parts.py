# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a plan: which steps are chosen, what a profile adds to a list, and what is told to whom."""

import pytest
from listening import RECIPIENT, RELAY, both, configuration

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.configuration import Configuration
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.master_cf import MasterCf
from ansible_collections.relaylock.postfix.plugins.module_utils._relay import plan as subject
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.draft import Change, Draft, as_written
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.evidence import Because
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.judge import NO_GUARD, Judgement
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.narrowing import STEPS
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.plan import PlanError, Wish, make_plan
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust

G = "reject_unauth_destination"
GUARD = "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination"
SENDER, CLIENT = "smtpd_sender_restrictions", "smtpd_client_restrictions"


def wish(**more):
    return Wish(Trust(), "guard", "merge", None, (), frozenset())._replace(**more)


def planned(main, services="", trust=None, **wishes):
    return make_plan(configuration(main, services), trust or Trust(), **wishes)


def edits(*args, **wishes):
    return dict(((one.service, one.parameter), one.after) for one in planned(*args, **wishes).changes)


def test_first_all_steps_that_have_something_to_do_are_chosen_then_all_but_one_and_last_none():
    draft = Draft(configuration("mynetworks = unknown\nrelay_domains = com\nallow_untrusted_routing = yes\n"))
    a, b, c = STEPS[0], STEPS[2], STEPS[3]
    assert list(subject._choices(draft, wish())) == [(a, b, c), (a, b), (a, c), (b, c), (a,), (b,), (c,), ()]
    assert list(subject._choices(draft, wish(waived=frozenset(["untrusted_routing"])))) == [(a, b), (a,), (b,), ()]
    assert list(subject._choices(Draft(configuration()), wish())) == [()]


@pytest.mark.parametrize("have, wanted, merged", [
    ("", "a b", "a b"), ("a", "a b", "a b"), ("a b", "a b", "a b"), ("b", "a b", "b a"),
    # Ahead of the guard, and of a word that ends the list.
    ("x reject_unauth_destination y", "a", "x a reject_unauth_destination y"), ("x permit y", "a", "x a permit y"), ("REJECT", "a b", "a b REJECT"),
    ("x defer permit", "a", "x a defer permit"), ("x y", "a", "x y a"),
    # A blocklist is two words; one that is asked already is not asked again, whatever answers count.
    ("", "a reject_rbl_client b.example=127.0.0.2 c", "a reject_rbl_client b.example=127.0.0.2 c"),
    ("reject_rbl_client b.example", "reject_rbl_client b.example=127.0.0.2 c", "reject_rbl_client b.example c"),
    ("reject_rbl_client b.example=127.0.0.4", "reject_rbl_client b.example=127.0.0.2", "reject_rbl_client b.example=127.0.0.4"),
    ("reject_rbl_client b.example", "reject_rbl_client c.example reject_rbl_client d.example",
     "reject_rbl_client b.example reject_rbl_client c.example reject_rbl_client d.example"),
])
def test_what_is_missing_is_merged_into_a_list(have, wanted, merged):
    assert subject._merged(have.split(), wanted.split()) == merged.split()


def test_the_hardened_profile_adds_to_two_lists_and_asks_blocklists():
    found = edits("", profile="hardened", dnsbl_zones=["a.example", "b.example=127.0.0.[2..4]"])
    assert found == {(None, SENDER): "reject_unknown_sender_domain, permit_sasl_authenticated, permit_mynetworks",
                     (None, CLIENT): "permit_mynetworks, permit_sasl_authenticated, reject_rbl_client, a.example=127.0.0.[2..11], "
                                     "reject_rbl_client, b.example=127.0.0.[2..4]"}
    assert edits("", dnsbl_zones=["a.example"]) == {}
    main = "{0} = check_sender_access inline:{{a@b.example=REJECT}}, permit\n".format(SENDER)
    assert edits(main, profile="hardened")[None, SENDER] == ("check_sender_access, inline:{a@b.example=REJECT}, reject_unknown_sender_domain, "
                                                             "permit_sasl_authenticated, permit_mynetworks, permit")
    replaced = edits(SENDER + " = permit\n", profile="hardened", strategy="replace")
    assert replaced[None, SENDER] == "reject_unknown_sender_domain, permit_sasl_authenticated, permit_mynetworks"


def test_replace_writes_the_lists_of_the_baseline():
    assert edits(both("permit_mynetworks, permit_sasl_authenticated, permit"), strategy="replace") == {(None, RELAY): GUARD, (None, RECIPIENT): GUARD}
    assert edits(both(GUARD, GUARD), strategy="replace") == {}


LOGIN = {"smtpd_sasl_type": "dovecot", "smtpd_sasl_path": "private/auth", "smtpd_sasl_auth_enable": "yes", "smtpd_tls_auth_only": "yes"}


@pytest.mark.parametrize("main, sasl, found", [
    ("", {}, {}), ("", None, {}), ("", {"type": "dovecot"}, LOGIN),
    ("", {"type": "cyrus"}, dict((name, LOGIN[name]) for name in LOGIN if name != "smtpd_sasl_type")),
    ("", {"path": "inet:127.0.0.1:12345"}, dict(LOGIN, smtpd_sasl_path="inet:127.0.0.1:12345")),
    ("smtpd_sasl_auth_enable = yes\nsmtpd_sasl_security_options = noplaintext\n", {"type": "dovecot"},
     {"smtpd_sasl_type": "dovecot", "smtpd_sasl_path": "private/auth", "smtpd_tls_auth_only": "yes",
      "smtpd_sasl_security_options": "noplaintext, noanonymous"}),
    ("".join("{0} = {1}\n".format(*one) for one in LOGIN.items()), {"type": "dovecot"}, {}),
    # Where a list guards, they come first, and once; where it does not guard, it is none of theirs.
    (both("permit_mynetworks, reject_unauth_destination, permit", "reject_non_fqdn_sender, reject"), {"path": "private/auth"},
     dict(LOGIN, smtpd_relay_restrictions="permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination, permit",
          smtpd_recipient_restrictions="reject_non_fqdn_sender, permit_sasl_authenticated, reject")),
    ("who = permit_sasl_authenticated\n" + both("$who, DEFER_UNAUTH_DESTINATION", "permit_mynetworks"), {"path": "private/auth"}, LOGIN),
])
def test_what_it_takes_to_log_in(main, sasl, found):
    assert dict((parameter, after) for (dummy, parameter), after in edits(main, sasl=sasl).items()) == found


@pytest.mark.parametrize("because, verdict, texts", [
    ([("permit", RELAY)], "open", ["permit in smtpd_relay_restrictions"]), ([("b", RELAY), ("a", RECIPIENT), ("b", RELAY)], "open", ["a in ", "b in "]),
    ([(NO_GUARD, RELAY)], "open", ["no guard"]), ([("permit_mynetworks", RELAY), ("127.0.0.1", "mynetworks")], "open", ["no guard"]),
    ([("check_client_access static:OK", RELAY)], "open", ["clients whom check_client_access static:OK in smtpd_relay_restrictions let in; trusted_"]),
    ([], "open", ["no guard"]), ([], "down", []), ([(NO_GUARD, RELAY)], "closed", []),
])
def test_who_was_let_in_is_told_in_words(because, verdict, texts):
    judged = Judgement("smtp", verdict, None, [Because("/main", 1, parameter, item) for item, parameter in because], [], False, None, None, [])
    found = subject._let_in(judged)
    assert len(found) == len(texts) and all(text in one for text, one in zip(texts, found))
    assert found == sorted(found)


def test_a_change_is_told_as_it_stands_in_the_file():
    options = "smtp unix - - n - - smtp\nsmtp inet n - n - - smtpd -o {0}=permit_mynetworks,permit_sasl_authenticated\n".format(RELAY)
    bare = Configuration(MainCf((both("", "permit_mynetworks\n  check_sender_access static:OK\n  " + G)).encode(), "/main"),
                         MasterCf(options.encode(), "/master"), (3, 7), Files())
    draft = Draft(bare).set(None, RECIPIENT, ["permit_mynetworks", G, "check_sender_access", "static:OK"])
    draft = draft.set(draft.entry("smtp"), RELAY, ["permit_mynetworks", G])
    assert [(one.service, as_written(one, draft.configuration).after) for one in draft.net_changes()] == [
        (None, "permit_mynetworks  {0}  check_sender_access static:OK".format(G)), ("smtp", "permit_mynetworks," + G)]


def test_who_loses_is_told_once():
    draft = Draft(configuration(), lost=["a"])
    assert draft.losing(["b", "a", "c"]).lost == ["a", "b", "c"] and draft.lost == ["a"]
    assert planned(both("permit_mynetworks, check_sender_access static:OK, reject_unauth_destination")).lost == [
        "strangers, whom check_sender_access static:OK in smtpd_relay_restrictions let in"]
    assert planned(both("permit_mynetworks", "permit")).lost == []


def test_of_several_edits_the_first_text_and_the_last_are_what_remains():
    a, b = ("/main", None, "x"), ("/master", "587", "x")
    changes = [Change(*a + ("1", "2")), Change(*b + ("1", "2")), Change(*a + ("2", "3")), Change(*b + ("2", "1")), Change("/main", None, "y", "1", "2")]
    assert Draft(configuration(), changes).net_changes() == [Change(*a + ("1", "3")), Change("/main", None, "y", "1", "2")]


OVERRIDE = "587 inet n - n - - smtpd -o { x = 1 2 }\n127.0.0.1:588 inet n - n - - smtpd -o x=1\n26 inet n - n - - smtpd\n"


def test_an_edit_is_made_where_the_parameter_is_in_force():
    draft = Draft(configuration("x = 1, 2\n", OVERRIDE))
    assert draft.scopes("x") == [None, "587"] and draft.scopes("y") == [None]
    assert draft.entry("587").name == "587" and draft.entry("none") is None
    changed = draft.set(draft.entry("587"), "x", ["3"])
    assert changed.changes == [Change("/master", "587", "x", "1 2", "3")] and draft.changes == []
    assert (changed.settings("587").value("x"), changed.settings(None).value("x"), draft.settings("587").value("x")) == ("3", "1, 2", "1 2")
    changed = changed.set(changed.entry("26"), "x", ["4", "5"])
    assert changed.changes[1] == Change("/main", None, "x", "1, 2", "4, 5")
    assert (changed.settings("587").value("x"), changed.settings("26").value("x")) == ("3", "4, 5")
    changed = changed.set(None, "y", ["6"])
    assert changed.changes[2] == Change("/main", None, "y", "", "6") and changed.settings(None).value("y") == "6"


def test_a_draft_judges_each_listener_once():
    draft = Draft(configuration("", OVERRIDE))
    assert draft.judged("587", Trust()) is draft.judged("587", Trust())
    assert draft.judged("587", Trust()).service == "587" and draft.judged("smtp", Trust()).service == "smtp"


@pytest.mark.parametrize("main, master, word", [
    ("/", "smtp inet n - n - - smtpd\n", "missing"), ("x = 1\n", "smtp inet n - n\n", "master"),
])
def test_a_file_that_postfix_refuses_is_to_be_mended_first(main, master, word):
    broken = Configuration(MainCf(main.encode(), "/main"), MasterCf(master.encode(), "/master"), (3, 7), Files())
    assert broken.main.error or broken.master.error
    with pytest.raises(PlanError) as refusal:
        make_plan(broken, Trust())
    assert "Mend the file first" in str(refusal.value) and word in str(refusal.value)


def test_without_a_master_cf_main_cf_is_planned():
    open_ = Configuration(MainCf(("mynetworks = 127.0.0.1, unknown\n" + both(GUARD)).encode(), "/main"), None, (3, 7), Files())
    assert [(one.parameter, one.after) for one in make_plan(open_, Trust()).changes] == [("mynetworks", "127.0.0.1")]


def test_what_qmqpd_dies_of_is_left_alone():
    services = "628 inet n - n - - qmqpd\n"
    assert edits("qmqpd_authorized_clients = $qmqpd_authorized_clients\n", services) == {}
    with pytest.raises(PlanError) as refusal:  # smtpd dies of it as well
        planned("parent_domain_matches_subdomains = !\nqmqpd_authorized_clients = unknown\n", services)
    assert "no pattern" in str(refusal.value)


OPEN = "permit_mynetworks, check_sender_access static:OK, reject_unauth_destination"


@pytest.mark.parametrize("main, waived, verdict, excused", [
    (both(OPEN), [], "open", False), (both(OPEN), ["stranger_relays"], "open", True), (both(OPEN), ["mynetworks_too_broad"], "open", False),
    ("mynetworks = 127.0.0.1, unknown\n", ["mynetworks_wildcard"], "open", True),
    # A waiver for what is open is none for what does not run; but where narrowing would mend it, it is one.
    (both("permit"), ["stranger_relays"], "down", False), ("mynetworks = 203.0.113.1/24\n", ["mynetworks_broken"], "down", True),
    ("mynetworks = 127.0.0.1, unknown\n", [], "open", False),
])
def test_what_is_wrong_is_excused_where_the_waivers_are_about_it(main, waived, verdict, excused):
    draft = Draft(configuration(main))
    assert draft.judged("smtp", Trust()).verdict == verdict
    assert bool(subject._excused(draft, wish(waived=frozenset(waived)), "smtp")) is excused


@pytest.mark.parametrize("texts, rounds, last", [(["x"], 2, "x"), (["", ""], 1, None), (["x", "y", "y"], 3, "y"), (["x", "y", "z", "v", "w"], 4, "v")])
def test_a_plan_is_drawn_again_until_it_rests_or_four_times(monkeypatch, texts, rounds, last):
    drawn = []

    def first(draft, dummy):
        text = texts[min(len(drawn), len(texts) - 1)]
        drawn.append(Draft(draft.configuration, [Change("/main", None, "p", "", text)]))
        return drawn[-1]
    monkeypatch.setattr(subject, "_first", first)
    found = subject._at_rest(Draft(configuration()), wish())
    assert len(drawn) == rounds and found is drawn[-1]
    assert [one.after for one in found.net_changes()] == ([last] if last else [])


def test_of_all_choices_that_fail_the_first_says_why(monkeypatch):
    tried = []

    def drawn(before, dummy, steps):
        tried.append(steps)
        if len(tried) <= enough:
            raise PlanError(len(tried))
        return before
    monkeypatch.setattr(subject, "_drawn", drawn)
    draft = Draft(configuration("mynetworks = unknown\nrelay_domains = com\n"))
    enough = 9
    with pytest.raises(PlanError) as refusal:
        subject._first(draft, wish())
    assert refusal.value.args == (1,) and tried == [(STEPS[0], STEPS[2]), (STEPS[0],), (STEPS[2],), ()]
    tried, enough = [], 1
    assert subject._first(draft, wish()) is draft and len(tried) == 2


def test_why_no_edit_was_found_is_said():
    judged = Judgement("smtp", "down", None, [], ["a.", "b."], False, None, None, [])
    assert subject._in_the_way(subject.Harm("cut off x", False)) == "the smallest edit would cut off x. If that may be, make it by hand"
    assert subject._in_the_way(subject.Harm("stop 26: x", False)) == "the smallest edit would stop 26: x. Mend that first"
    assert subject._unmended(judged) == "a. b. No edit of the relay and recipient lists mends that"
