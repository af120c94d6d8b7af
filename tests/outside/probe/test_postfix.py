# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""relay_probe and the real smtpd: what is open is found, what is closed is no false alarm, and no mail is ever sent."""

import pytest
from postfix_server import MAIN, MASTER
from probed import CLOSED

OWN = ["example.com"]
RECIPIENTS = "smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = "


def outcomes(found, kind=None):
    return {one["outcome"] for one in found["attempts"] if kind is None or kind in one["recipient"]}


def test_a_closed_server(mail):
    mail.serve()
    found = mail.probed(own_domains=OWN)
    assert (found["verdict"], found["notes"]) == ("closed", [])
    assert found["greeting"] == "220 mx.example.com ESMTP Postfix"
    assert outcomes(found) == {"refused", "local"}
    assert found["seconds"] < 1, "the error limits of smtpd make it wait where a connection bears too many refusals"


@pytest.mark.parametrize("main", [
    MAIN,
    CLOSED + "relay_domains = elsewhere.example\n",
    CLOSED + "relay_domains = com\n",
    CLOSED.replace("permit_mynetworks, reject_unauth_destination", "check_recipient_access inline:{org=OK}, reject_unauth_destination"),
    CLOSED.replace("permit_mynetworks, reject_unauth_destination", "check_client_access static:OK, reject_unauth_destination"),
    CLOSED.replace("permit_mynetworks, reject_unauth_destination", "check_sender_access inline:{<>=OK}, reject_unauth_destination"),
    CLOSED.replace("permit_mynetworks, reject_unauth_destination", "check_sender_access inline:{example.com=OK}, reject_unauth_destination"),
], ids=["mynetworks", "relay_domains", "a top-level domain", "a top-level domain by a table", "clients", "null sender", "own sender"])
def test_an_open_server_is_found(mail, main):
    mail.serve(main)
    found = mail.probed(own_domains=OWN)
    assert found["verdict"] == "open"
    assert not {line.split()[1].upper() for line in found["transcript"] if line.startswith("C: ")} - {"EHLO", "MAIL", "RCPT", "RSET", "QUIT"}
    assert "DATA" not in mail.logged() and "qmgr" not in mail.logged().replace("qmgr: daemon", ""), "no mail was sent"


def test_a_witness_is_replayed(mail):
    mail.serve(CLOSED.replace("permit_mynetworks, reject_unauth_destination", "check_sender_access inline:{boss@a.test=OK}, reject_unauth_destination"))
    assert mail.probed()["verdict"] == "closed"
    assert mail.probed(witnesses=[{"sender": "boss@a.test", "recipient": "x@elsewhere.example"}])["verdict"] == "open"


@pytest.mark.parametrize("setting", ["swap_bangpath = no", "allow_percent_hack = no", "resolve_dequoted_address = no"])
def test_a_form_that_is_a_mailbox_here_is_no_relay(mail, setting):
    mail.serve(CLOSED + "allow_untrusted_routing = yes\nlocal_recipient_maps =\n%s\n" % setting)
    found = mail.probed()
    assert found["verdict"] == "closed"
    assert "look local" in found["notes"][0]
    assert {one["outcome"] for one in found["attempts"] if one["code"] == 250} == {"local"}


@pytest.mark.parametrize("setting, verdict, note", [
    (RECIPIENTS + "check_recipient_access inline:{{elsewhere.example=450 4.7.9 Not now}}, reject_unauth_destination",
     "closed", "how it refuses to relay"),
    (RECIPIENTS + "permit_auth_destination, check_recipient_access fail:x, reject_unauth_destination", "unknown", "failed itself"),
    (RECIPIENTS + "check_client_access static:{450 4.2.0 Greylisted}, reject_unauth_destination", "unknown", "greylisting"),
    ("smtpd_client_restrictions = check_client_access static:{554 5.7.1 blocked using lists.example}", "unknown", "refuses this client"),
    ("smtpd_helo_restrictions = check_helo_access static:REJECT", "unknown", "refuses this client"),
    ("smtpd_client_restrictions = reject", "unknown", "refuses this client"),
    ("smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = reject_unknown_recipient_domain, permit_mynetworks, check_helo_access static:OK, "
     "reject_unauth_destination", "unknown", "did not find the foreign domain"),
    ("smtpd_tls_security_level = encrypt\nsmtpd_tls_cert_file = /etc/postfix/pair.pem", "unknown", "tls=starttls"),
])
def test_what_is_no_refusal_to_relay(mail, setting, verdict, note):
    mail.serve(CLOSED + setting + "\n", **{"pair.pem": ""})
    found = mail.probed(own_domains=OWN)
    assert found["verdict"] == verdict, found["notes"]
    assert any(note in text for text in found["notes"]), found["notes"]


def test_under_stress_each_refusal_ends_the_connection(mail):
    mail.serve(CLOSED, MASTER.replace("smtpd\n", "smtpd -o smtpd_hard_error_limit=1\n", 1))
    found = mail.probed(own_domains=OWN)
    assert found["verdict"] == "closed"
    assert outcomes(found) == {"refused", "local"}


def test_a_limit_of_the_rate_is_no_answer(mail):
    mail.serve(CLOSED + "smtpd_client_recipient_rate_limit = 3\nsmtpd_client_event_limit_exceptions =\n")
    found = mail.probed()
    assert found["verdict"] == "unknown"
    assert any("limits how much" in text for text in found["notes"])


def test_a_port_where_nobody_listens(mail):
    mail.serve()
    found = mail.probed(port=26)
    assert (found["verdict"], found["attempts"], found["greeting"]) == ("unreachable", [], None)
    assert "refused" in found["notes"][0]
