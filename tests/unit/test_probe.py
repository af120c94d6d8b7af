# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a probe says, and what replies mean. The replies are those of Postfix, Exim, OpenSMTPD, sendmail, qmail and Exchange."""

import contextlib
import socket

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._probe import forms as subject
from ansible_collections.relaylock.postfix.plugins.module_utils._probe import outcomes
from ansible_collections.relaylock.postfix.plugins.module_utils._probe.probe import Wish, probe

WORDS = {"user": "u", "domain": "d.test", "name": "mx.own.test", "literal": "[192.0.2.1]"}
# nmap's script smtp-open-relay, by its own numbers.
NMAP = ("u@d.test", "u%d.test@[192.0.2.1]", "u%d.test@mx.own.test", '"u@d.test"', '"u%d.test"', "u@d.test@[192.0.2.1]", '"u@d.test"@[192.0.2.1]',
        "u@d.test@mx.own.test", "@[192.0.2.1]:u@d.test", "@mx.own.test:u@d.test", "d.test!u", "d.test!u@[192.0.2.1]", "d.test!u@mx.own.test")


def test_all_of_nmaps_forms_are_said():
    said = subject.forms(WORDS)
    assert set(NMAP) <= {one.recipient for one in said}
    assert {one.sender for one in said if one.recipient == "u@d.test"} == {"", "u@d.test", "u@mx.own.test", "u@[192.0.2.1]"}


def test_with_a_domain_of_the_servers_own_there_is_more():
    more = [one for one in subject.forms(WORDS, ["own.test"]) if one not in subject.forms(WORDS)]
    assert subject.Form("foreign", "postmaster@own.test", "u@d.test") in more
    assert subject.Form("own", "u@d.test", "postmaster@own.test") in more


def test_top_level_domains_are_asked_for():
    """relay_domains = com relays to all of it. What is the server's own is no relay."""
    said = [one.recipient for one in subject.forms(dict(WORDS, name="mx.own.museum"), ["a.xn--p1ai", "nic.de", "192.0.2.1"]) if "@nic." in one.recipient]
    assert {"u@nic.com", "u@nic.org", "u@nic.museum", "u@nic.xn--p1ai"} < set(said)
    assert not {"u@nic.de", "u@nic.1"} & set(said)
    assert len(said) == len(set(said))


def test_each_sender_is_said_in_one_stretch():
    senders = [one.sender for one in subject.forms(WORDS, ["own.test"], [{"sender": "x@y", "recipient": "z@d.test"}])]
    changes = [one for one, before in zip(senders, [None] + senders) if one != before]
    assert len(changes) == len(set(changes))


@pytest.mark.parametrize("sender, recipient, said", [
    ("", "a@b", True), ("a@b", "x@y>\r\nDATA", False), (u"\xe4@b", "x@y", False), ("a@b", "x" * 500, False)])
def test_what_no_command_can_say(sender, recipient, said):
    assert subject.sayable(subject.Form("foreign", sender, recipient)) is said


@pytest.mark.parametrize("code, text, expected", [
    (250, "2.1.5 Ok", "relayed"), (251, "User not local; will forward", "relayed"),
    (554, "5.7.1 <x@y>: Relay access denied", "refused"), (454, "4.7.1 <x@y>: Relay access denied", "refused"),
    (550, "relay not permitted", "refused"), (550, "Invalid recipient: <x@y>", "refused"), (550, "5.7.1 <x@y>... Relaying denied", "refused"),
    (553, "sorry, that domain isn't in my list of allowed rcpthosts", "refused"), (550, "5.7.1 Unable to relay", "refused"), (550, "5.4.1", "refused"),
    (501, "<x>: malformed address", "refused"), (450, "4.2.0 <x@y>: Recipient address rejected: Greylisted", "deferred"),
    (451, "4.3.5 Server configuration error", "untested"), (450, "4.3.2 Service currently unavailable", "deferred"),
    (530, "5.7.0 Must issue a STARTTLS command first", "tls_required"),
    (554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "client_refused"),
    (450, "4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]", "client_refused"),
    (504, "5.5.2 <x>: Helo command rejected: need fully-qualified hostname", "client_refused"),
    (554, "5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied", "client_refused"),
    (450, "4.1.2 <x@y>: Recipient address rejected: Domain not found", "untested"),
    (550, "5.1.2 <x@y>: Recipient address rejected: Domain not found", "untested"),
    (556, "5.1.10 <x@y>: Recipient address rejected: Domain y does not accept mail (nullMX)", "untested"),
    (450, "4.1.8 <a@b>: Sender address rejected: Domain not found", "untested"),
    (452, "4.5.3 Error: too many recipients", "rate_limited"), (450, "4.7.1 Error: too much mail from 192.0.2.1", "rate_limited"),
    (354, "?", "untested")])
def test_what_a_reply_means(code, text, expected):
    assert outcomes.of_recipient("foreign", code, text) == expected


@pytest.mark.parametrize("foreign, own, expected", [
    (["refused"], [], "closed"), (["refused", "relayed"], [], "open"), (["relayed", "dropped"], [], "open"), ([], [], "unknown"),
    (["refused", "dropped"], [], "unknown"), (["refused", "not_asked"], [], "unknown"), (["refused", "untested"], [], "closed"),
    (["untested"], [], "unknown"), (["deferred"], [], "unknown"), (["deferred"], ["local"], "closed"), (["deferred"], ["deferred"], "unknown"),
    (["refused", "client_refused"], [], "unknown"), (["refused", "rate_limited"], [], "unknown"), (["tls_required"], [], "unknown")])
def test_the_verdict(foreign, own, expected):
    attempts = [(subject.Form("foreign", "", "x@d.test"), one) for one in foreign] + [(subject.Form("own", "", "x@own.test"), one) for one in own]
    assert outcomes.verdict(attempts)[0] == expected


def test_who_takes_nonsense_is_no_relay():
    attempts = [(subject.Form("foreign", "", "x@d.test"), "relayed"), (subject.Form("nonsense", "", "<a>@@<b>"), "relayed")]
    assert outcomes.verdict(attempts)[0] == "unknown"


def test_where_nobody_answers_there_is_no_verdict():
    """On every Python: what could not connect must be closed as well."""
    with contextlib.closing(socket.socket()) as taken:  # bound and not listening, so that nobody else takes the port meanwhile
        taken.bind(("127.0.0.1", 0))
        found = probe(Wish(host="127.0.0.1", port=taken.getsockname()[1], tls="none", validate_certs=True, own_domains=[], foreign_domain="d.test",
                           witnesses=[], helo=None, source_address=None, timeout=10, retry_greylisted=0))
    assert found["verdict"] == "unreachable" and found["greeting"] is None
