# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What restrictions do to a box of dialogues: how it is split, what is guessed of what cannot be read, and why a mail was let in."""

import listening
import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix import restrictions, splitting
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.dns_lists import has_bad_filter
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.effects import A_FINGERPRINT, policy_name
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.evaluate import ALL, answers
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.replies import DEATH, DUNNO, PERMIT, SERVER_ERROR, Nested, Reject
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.splitting import Box, Guess, Path

BOX = Box((("unknown", "203.0.113.9"),), ("client.example.net",), ("sender@example.net",), ("user@elsewhere.example",), None)
GUARD = "reject_unauth_destination"


def listener(main, version=(3, 7)):
    return listening.listener(listening.OWN + main, version=version)


def relay(items, main=""):
    return listener("smtpd_relay_restrictions = {0}, {1}\n{2}".format(items, GUARD, main))


def word(verdict):
    return "yes" if verdict is PERMIT else "dead" if verdict == DEATH else "error" if verdict.server else "later" if verdict.code < 500 else "no"


def said(subject, box=BOX, **fields):
    """[(answer, what it was guessed from), ...] of one dialogue."""
    return [(word(verdict), [(guess.what, guess.answer if isinstance(guess.answer, str) else guess.answer.code) for guess in path.unknown])
            for verdict, path in answers(subject, box._replace(**{name: (value,) if name != "login" else value for name, value in fields.items()}))]


def only(answer):
    return [(answer, [])]


# postconf(5): relay_clientcerts, and smtpd_tls_ask_ccert without which no client shows a certificate.
CERTS = "smtpd_tls_security_level = may\nsmtpd_tls_ask_ccert = yes\n"


@pytest.mark.parametrize("restriction", ["permit_tls_clientcerts", "permit_tls_all_clientcerts"])
@pytest.mark.parametrize("main, expected", [
    ("", only("no")), (CERTS, only("no")), (CERTS + "relay_clientcerts = static:x\n", only("yes")),
    (CERTS.replace("may", "none") + "relay_clientcerts = static:x\n", only("no")), (CERTS.replace("yes", "no") + "relay_clientcerts = static:x\n", only("no")),
    (CERTS + "relay_clientcerts = inline:{00:11=x}\n", only("no")), (CERTS + "relay_clientcerts = inline:{00:11=x}, static:x\n", only("yes")),
    (CERTS + "relay_clientcerts = inline:{{{{ {0} = x }}}}\n".format(A_FINGERPRINT), only("yes")),
    (CERTS + "relay_clientcerts = fail:x, static:x\n", only("no")),
    (CERTS + "relay_clientcerts = static:x, fail:x\n", only("yes")),
])
def test_certificates(restriction, main, expected):
    assert said(relay(restriction, main)) == expected


def test_certificates_in_a_table_that_cannot_be_read():
    found = said(relay("permit_tls_clientcerts", CERTS + "relay_clientcerts = mysql:/no/such/file\n"))
    assert {(answer, guesses[0][1]) for answer, guesses in found} == {("yes", PERMIT), ("no", DUNNO), ("later", 450)}


@pytest.mark.parametrize("items, main, what", [
    ("check_policy_service unix:private/policy", "", "private/policy"), ("check_sender_access mysql:/x", "", "mysql:/x"), ("permit_mynetworks",
                                                                                                                         "mynetworks = mysql:/x\n", "mysql:/x"),
    ("check_client_access ldap:/x", "", "ldap:/x"), ("check_helo_access ldap:/x", "", "ldap:/x"), ("check_recipient_access ldap:/x", "", "ldap:/x"),
    ("check_relay_domains", "relay_domains = !elsewhere.example, ldap:/x\n", "ldap:/x"), ("permit_mx_backup", "", "DNS"),
])
def test_an_answer_that_cannot_be_read_may_be_any(items, main, what):
    found = said(relay(items, main), clients=("client.example.org", "203.0.113.9"))
    assert {answer for answer, dummy in found} >= {"yes", "no"}
    assert all(len(guesses) == 1 and what in guesses[0][0] for dummy, guesses in found)
    assert len({str(guesses[0][1]) for dummy, guesses in found}) == len(found)


def test_the_same_is_guessed_once():
    once = said(relay("check_policy_service unix:p"))
    assert len(once) == 3
    assert [guesses for answer, guesses in said(relay("check_policy_service unix:p, check_policy_service unix:p")) if len(guesses) != len(set(guesses))] == []


def test_an_own_domain_that_cannot_be_read_is_guessed_both_ways():
    subject = listener("relay_domains = ldap:/x\n")
    assert sorted((answer, guesses[0][1]) for answer, guesses in said(subject)) == [("no", "foreign"), ("yes", "own")]
    assert said(subject, recipients="user@own.example") == only("yes")
    # Where lists of final destinations cannot be read, no relay hangs on them.
    for name, maps in (("mydestination", ""), ("virtual_alias_domains", "virtual_alias_maps = static:x\n"), ("virtual_mailbox_domains", "")):
        subject = listener("mydestination =\n{0} = own.example, ldap:/x, !not.example\n{1}".format(name, maps))
        assert [said(subject, recipients="user@" + domain) for domain in ("own.example", "OWN.example", "elsewhere.example", "not.example")] == [
            only("yes"), only("yes"), only("no"), only("no")]


def test_users_who_cannot_be_read_are_there():
    main = "virtual_mailbox_domains = box.example\nrelay_domains = relayed.example\n"
    for name, domain, expected in (("local_recipient_maps", "own.example", only("yes")), ("virtual_mailbox_maps", "box.example", only("yes")),
                                   ("relay_recipient_maps", "relayed.example", [("yes", [(DUNNO,)]), ("no", [(550,)])])):
        found = said(listener(main + "{0} = ldap:/x\n".format(name)), recipients="user@" + domain)
        assert [(answer, [guess[1:] for guess in guesses]) for answer, guesses in found] == expected


def test_chance_decides_for_either():
    assert sorted(said(relay("check_client_access randmap:{OK, REJECT, DUNNO}"))) == sorted(only("yes") + only("no") + only("no"))
    assert said(relay("check_helo_access inline:{a=b}, check_client_access randmap:{OK, OK}")) in (only("yes"), only("yes") * 2)


LOGIN = {"login": "someone"}


@pytest.mark.parametrize("items, main, expected", [
    ("permit_sasl_authenticated", "smtpd_sasl_auth_enable = yes\n", "yes"), ("permit_sasl_authenticated", "", "no"),
    ("check_sasl_access inline:{someone=OK}", "smtpd_sasl_auth_enable = yes\n", "yes"), ("check_sasl_access inline:{someone=OK}", "", "no"),
    ("check_sasl_access inline:{other=OK}", "smtpd_sasl_auth_enable = yes\n", "no"), ("check_sasl_access fail:x", "smtpd_sasl_auth_enable = yes\n", "error"),
])
def test_clients_who_log_in(items, main, expected):
    assert said(relay(items, main), **LOGIN) == only(expected)
    assert said(relay(items, main)) == only("no")


@pytest.mark.parametrize("items, main, expected", [
    ("reject_plaintext_session", "", "later"), ("reject_plaintext_session", "smtpd_tls_security_level = may\n", "yes"),
    ("reject_plaintext_session", "plaintext_reject_code = 550\n", "no"), ("reject_unknown_client_hostname", "", "later"),
    ("reject_unknown_client_hostname", "unknown_client_reject_code = 550\n", "no"),
])
def test_sessions_and_clients_that_are_turned_away(items, main, expected):
    assert said(relay(items, main), recipients="user@own.example") == only(expected)
    if "client" in items:
        assert said(relay(items, main), recipients="user@own.example", clients=("client.example.org", "203.0.113.9")) == only("yes")


def test_a_box_is_split_by_what_each_is_told():
    clients = (("unknown", "127.0.0.1"), ("unknown", "203.0.113.9"), ("unknown", "127.0.0.2"))
    found = answers(listener("smtpd_relay_restrictions = permit_mynetworks, {0}\n".format(GUARD)),
                    BOX._replace(clients=clients, recipients=("user@own.example", "user@elsewhere.example")))
    assert sorted((word(verdict), path.box.clients, path.box.recipients) for verdict, path in found) == [
        ("no", clients[1:2], ("user@elsewhere.example",)), ("yes", clients[::2], ("user@own.example", "user@elsewhere.example")),
        ("yes", clients[1:2], ("user@own.example",))]


def test_who_permits_is_told():
    subject = relay("check_helo_access inline:{client.example.net=mine}", "smtpd_restriction_classes = mine\nmine = sleep 1, permit\n")
    (verdict, path), = answers(subject, BOX)
    assert verdict is PERMIT
    assert [(parameter, item.name, item.word) for parameter, item in path.because] == [
        ("mine", "permit", 2), ("smtpd_relay_restrictions", "check_helo_access", 0)]


@pytest.mark.parametrize("endpoint, name", [("unix:private/policy", "unix:private/policy"), ("{ inet:127.0.0.1:10023, timeout=1s }", "inet:127.0.0.1:10023"),
                                            ("{inet:a:1}", "inet:a:1")])
def test_a_policy_service_is_named_by_where_it_listens(endpoint, name):
    assert policy_name(endpoint) == name


@pytest.mark.parametrize("zone, bad", [
    ("list.example", False), ("list.example=127.0.0.2", False), ("list.example=", True), ("list.example=[127.0.0.2]", False),
    ("list.example=[127.0.0.2]x", True),
    ("list.example=[127].[0].0.2", False), ("list.example=127.0.0.[2..11;13]", False), ("list.example=127.0.0.[2..11;13..12]", True),
    ("list.example=127.0.0.255", False), ("list.example=127.0.0.256", True), ("list.example=127.0.0.[3..3]", False), ("list.example=[[1].0.0.2]", False),
    ("list.example=127.0.0.2\n", True), ("list.example=\u0661.0.0.2", True), ("list.example=127.0.0.2.1", True), ("list.example=[", True)])
def test_filters_of_dns_lists(zone, bad):
    assert has_bad_filter(zone) is bad


@pytest.mark.parametrize("items, early, at_rcpt", [
    ("permit_dnswl_client list.example=x", only("dead"), only("no")), ("permit_rhswl_client list.example=x", only("no"), only("no")),
    ("reject_rbl_client list.example=x", only("dead"), only("dead")), ("reject_rhsbl_sender list.example=x", only("no"), only("dead")),
    ("reject_rhsbl_client list.example=x", only("no"), only("no")),
])
def test_dns_lists_with_a_broken_filter(items, early, at_rcpt):
    text = "smtpd_client_restrictions = {0}\n".format(items)
    assert said(listener(text)) == at_rcpt
    assert said(listener(text + "smtpd_delay_reject = no\n")) == early


def test_an_allow_list_that_cannot_be_asked_lets_in_own_mail_alone():
    subject = listener("smtpd_relay_restrictions = permit_dnswl_client list.example, reject\n")
    assert said(subject) == only("no")
    assert {answer for answer, dummy in said(subject, recipients="user@own.example")} == {"yes", "no", "later"}


PATH = Path(BOX._replace(senders=("a", "b", "a", "c")), ALL, False, False, False, (), ())


def test_values_of_one_answer_stay_together():
    assert splitting.split(PATH, "senders", lambda one: "same") == [("same", PATH)]
    found = splitting.split(PATH, "senders", lambda one: one == "b")
    assert [(answer, path.box.senders) for answer, path in found] == [(False, ("a", "a", "c")), (True, ("b",))]
    assert all(path.box.helos == BOX.helos for dummy, path in found)


def test_a_guess_is_noted_once():
    once = splitting.guessed(PATH, "x", DUNNO)
    assert once.unknown == (Guess("x", DUNNO),) and splitting.guessed(once, "x", DUNNO) is once
    assert splitting.guessed(once, "x", PERMIT).unknown == (Guess("x", DUNNO), Guess("x", PERMIT))
    assert [answer for answer, dummy in splitting.unknown(PATH, "x")] == [PERMIT, DUNNO, Reject(450, False)]


def test_permissions_that_count_as_something_else():
    found = splitting.without(SERVER_ERROR, [(PERMIT, 1), (DUNNO, 2), (Nested("x", PERMIT), 3), (Reject(550, False), 4)])
    assert found == [(SERVER_ERROR, 1), (DUNNO, 2), (Nested("x", SERVER_ERROR), 3), (Reject(550, False), 4)]


def parsed(text, shorthand="check_client_access", classes=("mine",), version=(3, 7)):
    return [(one.word, one.name, one.effect, one.warn) for one in restrictions.parse(text, shorthand, classes, version)]


@pytest.mark.parametrize("text, expected", [
    ("", []), ("permit", [(0, "permit", "permit", False)]), ("PERMIT, Reject", [(0, "permit", "permit", False), (1, "reject", "reject", False)]),
    ("warn_if_reject reject permit", [(1, "reject", "reject", True), (2, "permit", "permit", False)]),
    ("Warn_If_Reject warn_if_reject mine permit", [(2, "mine", "class", True), (3, "permit", "permit", False)]), ("warn_if_reject", []),
    ("static:OK permit", [(0, "check_client_access", "client_access", False), (1, "permit", "permit", False)]),
    ("warn_if_reject static:OK permit", [(1, "check_client_access", "client_access", True), (2, "permit", "permit", False)]),
    ("check_sender_access static:OK permit", [(0, "check_sender_access", "sender_access", False), (2, "permit", "permit", False)]),
    ("check_sender_access permit reject", [(0, "check_sender_access", "error", False), (2, "reject", "reject", False)]),
    ("check_sender_access", [(0, "check_sender_access", "error", False)]), ("check_policy_service x", [(0, "check_policy_service", "error", False)]),
    ("sleep 1 permit", [(0, "sleep", "nothing", False), (2, "permit", "permit", False)]), ("sleep permit", [(0, "sleep", "error", False),
                                                                                                          (1, "permit", "permit", False)]),
    ("sleep 1x", [(0, "sleep", "error", False), (1, "1x", "error", False)]), ("sleep", [(0, "sleep", "error", False)]),
    ("sleep \u00b2", [(0, "sleep", "error", False), (1, "\u00b2", "error", False)]),
    ("reject_rbl_client a.b permit", [(0, "reject_rbl_client", "dns_reject_address", False), (2, "permit", "permit", False)]), ("reject_rbl_client", []),
    ("mine, Mine", [(0, "mine", "class", False), (1, "Mine", "error", False)]), ("nonsense permit", [(0, "nonsense", "error", False),
                                                                                                 (1, "permit", "permit", False)]),
])
def test_restrictions_and_their_places(text, expected):
    assert parsed(text) == expected


def test_a_table_where_no_check_is_meant():
    assert parsed("permit, static:OK, reject", None) == [(0, "permit", "permit", False), (1, "static:OK", "error", False)]


@pytest.mark.parametrize("version, effects", [((3, 8), ["naked_ip", "relay_domains"]), ((3, 9), ["error", "relay_domains_gone"]),
                                              ((3, 11), ["error", "relay_domains_gone"])])
def test_restrictions_that_went(version, effects):
    found = restrictions.parse("permit_naked_ip_address, check_relay_domains", None, (), version)
    assert [one.effect for one in found] == effects
    assert [bool(one.argument and "removed in 3.9" in one.argument) for one in found] == [version >= (3, 9)] * 2


@pytest.mark.parametrize("text, reason", [("check_sender_access x", "need maptype:mapname"), ("check_policy_service", "need maptype:mapname"),
                                          ("sleep x", "must be followed by number"), ("nonsense", "unknown smtpd restriction")])
def test_what_is_wrong_with_a_restriction(text, reason):
    assert reason in restrictions.parse(text, None, (), (3, 7))[0].argument


@pytest.mark.parametrize("value, expected", [
    ("reject", True), ("DEFER", True), ("permit reject", False), ("Permit, reject", False), ("warn_if_reject reject", False),
    ("warn_if_reject permit reject", True), ("sleep 1, warn_if_reject", False), ("warn_if_reject", False), ("in, reject", True), ("in", False),
    ("guard", True), ("permits, reject", True), ("guard, permit", True), ("out", True), ("in, in, out", True), ("check_relay_domains", True),
    ("defer_if_permit", True), ("defer_if_reject", False), ("reject_unlisted_recipient", False)])
def test_the_guard_that_smtpd_wants(value, expected):
    classes = {"in": "sleep 1", "guard": "sleep 1 reject", "permits": "permit reject", "out": "in guard"}
    assert restrictions.has_required(value, classes) is expected
