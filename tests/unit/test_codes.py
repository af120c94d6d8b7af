# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reply codes of smtpd, as 3.7 and 3.11 gave them; and in which order the lists have their say."""

import listening
import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix import replies
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.evaluate import PERMIT, answers
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.splitting import Box

MAPS = """\
local_recipient_maps = inline:{user=x}
virtual_mailbox_domains = box.example
virtual_mailbox_maps = inline:{user@box.example=x}
relay_domains = relayed.example
relay_recipient_maps = inline:{user@relayed.example=x}
virtual_alias_domains = alias.example
virtual_alias_maps = inline:{user@alias.example=user@own.example}
"""
OWN, FOREIGN = "user@own.example", "user@elsewhere.example"
GUARD = "reject_unauth_destination\n"
RELAY, RECIPIENT = "smtpd_relay_restrictions = ", "smtpd_recipient_restrictions = "


def listener(main, version=(3, 7)):
    return listening.listener(listening.OWN + main, version=version)


def asked(subject, recipient=FOREIGN, sender="sender@example.net", helo="client.example.net", client=("unknown", "203.0.113.9")):
    """The code of each answer to one dialogue, 250 where it is taken; a letter marks the server's own fault."""
    found = answers(subject, Box((client,), (helo,), (sender,), (recipient,), None))
    return [250 if verdict is PERMIT else "{0}{1}".format(verdict.code, "s" if verdict.server else "") for verdict, dummy in found]


@pytest.mark.parametrize("main, recipient, code", [
    (RELAY + "defer_if_permit, " + GUARD, OWN, "450"), (RELAY + "defer_if_reject, " + GUARD, FOREIGN, "450"), (RELAY + "defer_if_reject, " + GUARD, OWN, 250),
    (RELAY + "defer_if_reject, " + GUARD + "local_recipient_maps = inline:{user=x}\n", "x@own.example", "450"),
    (RELAY + "defer_if_reject, reject\nreject_code = 500\n", OWN, "450"), (RELAY + "defer_if_reject, reject\nreject_code = 499\n", OWN, "499"),
    (RELAY + "defer_if_reject, " + GUARD + "local_recipient_maps = inline:{user=x}\nunknown_local_recipient_reject_code = 500\n", "x@own.example", "450"),
    (RELAY + "defer_if_reject, " + GUARD + "local_recipient_maps = inline:{user=x}\nunknown_local_recipient_reject_code = 499\n", "x@own.example", "499"),
    (RELAY + "defer_unauth_destination\n", FOREIGN, "454"), (RELAY + "defer_unauth_destination\nrelay_domains_reject_code = 550\n", FOREIGN, "450"),
    ("", FOREIGN, "554"), ("relay_domains_reject_code = 550\n", FOREIGN, "550"), (RELAY + "check_relay_domains\n", FOREIGN, "554"),
    (MAPS + "transport_maps = inline:{box.example=error:x}\n", "x@box.example", "550"), (MAPS + "transport_maps = inline:{box.example=retry:x}\n",
                                                                                       "x@box.example", "450"),
    (MAPS, "x@alias.example", "550"), (MAPS, "x@box.example", "550"), (MAPS, "x@own.example", "550"), (MAPS, "x@relayed.example", "550"),
    (MAPS + "unknown_virtual_alias_reject_code = 551\n", "x@alias.example", "551"),
    (MAPS + "unknown_virtual_mailbox_reject_code = 552\n", "x@box.example", "552"),
    (MAPS + "unknown_local_recipient_reject_code = 553\n", "x@own.example", "553"), (MAPS + "unknown_relay_recipient_reject_code = 559\n",
                                                                                    "x@relayed.example", "559"),
    ("smtpd_sender_login_maps = static:x\nsmtpd_sasl_auth_enable = yes\n"
     "smtpd_sender_restrictions = reject_unauthenticated_sender_login_mismatch\n", OWN, "553"),
    (RELAY + "check_client_access fail:x, " + GUARD, OWN, "451s"), (RELAY + "nonsense, " + GUARD, OWN, "451s"), ("", "user@", "501"),
    (RELAY + "reject\nreject_code = 250\n", OWN, "450s"), (RELAY + "reject\n", OWN, "554"), (RELAY + "defer\n", OWN, "450"),
    (RELAY + "permit_mx_backup, reject\nrelay_domains = fail:x\n", FOREIGN, "451s"), ("relay_domains = fail:x\n", FOREIGN, "451s"),
    (RELAY + "permit_mx_backup, reject\n", OWN, 250), ("mydestination = fail:x\n", OWN, "451s"), (RELAY + "reject_unlisted_recipient, reject\n", OWN, "554"),
])
def test_the_code_of_a_reply(main, recipient, code):
    assert asked(listener(main), recipient) == [code]


def test_codes_of_what_is_wrong_with_the_server():
    assert replies.DEATH.code == 421  # RFC 5321: the service closes the channel
    assert (replies.SERVER_ERROR.code, replies.TABLE_ERROR.code, replies.BAD_SYNTAX.code) == (451, 451, 501)
    assert (replies.SERVER_ERROR.server, replies.TABLE_ERROR.server, replies.BAD_SYNTAX.server, replies.DEATH.server) == (True, True, False, True)


@pytest.mark.parametrize("version, main, relay_first", [
    ((3, 5), "", False), ((3, 6), "", True), ((3, 7), "", True), ((3, 11), "", True), ((3, 6), "smtpd_relay_before_recipient_restrictions = no\n", False),
    ((3, 5), "smtpd_relay_before_recipient_restrictions = yes\n", False)])
def test_which_of_two_lists_comes_first(version, main, relay_first):
    """postconf(5): smtpd_relay_before_recipient_restrictions, since 3.6."""
    subject = listener(main + RELAY + "reject\nreject_code = 559\n" + RECIPIENT + "defer\n", version)
    assert asked(subject) == ["559" if relay_first else "450"]
    assert subject.order[:3] == ["smtpd_client_restrictions", "smtpd_helo_restrictions", "smtpd_sender_restrictions"]


@pytest.mark.parametrize("order", ["client", "helo", "sender"])
@pytest.mark.parametrize("early", ["yes", "no"])
def test_the_list_of_an_earlier_command_comes_first(order, early):
    names = ("client", "helo", "sender")
    lines = ["smtpd_{0}_restrictions = {1}\n".format(name, "reject" if name == order else "defer" if names.index(name) > names.index(order) else "permit")
             for name in names]
    assert asked(listener("".join(lines) + RELAY + "defer\nsmtpd_delay_reject = {0}\n".format(early)), OWN) == ["554"]


@pytest.mark.parametrize("main, code", [
    # smtpd_delay_reject = no: the lists of client and HELO before the command MAIL FROM is looked at, that of the sender after it.
    ("smtpd_client_restrictions = reject\n", "554"), ("smtpd_helo_restrictions = reject\n", "554"), ("smtpd_sender_restrictions = reject\n", "501")])
def test_the_form_of_a_sender_is_looked_at_before_its_list(main, code):
    assert asked(listener(main + "smtpd_delay_reject = no\n"), OWN, sender="a@b..c") == [code]
    assert asked(listener(main), OWN, sender="a@b..c") == ["501"]


UNLISTED = "local_recipient_maps = inline:{user=x}\nsmtpd_reject_unlisted_sender = "


@pytest.mark.parametrize("main, code", [
    ("yes\n", "550"), ("no\n", 250), ("yes\nsmtpd_sender_restrictions = permit\n", "550"), ("yes\nsmtpd_sender_restrictions = defer\n", "450"),
    ("yes\nsmtpd_sender_restrictions = check_sender_access static:DISCARD\n", 250),
    ("yes\nsmtpd_client_restrictions = check_client_access static:DISCARD\n", 250),
    ("yes\nsmtpd_sender_restrictions = defer_if_reject\n", "450"), ("yes\nsmtpd_client_restrictions = defer_if_reject\n", "550"),
])
def test_a_sender_whom_nobody_knows(main, code):
    assert asked(listener(UNLISTED + main), OWN, sender="x@own.example") == [code]
    assert asked(listener(UNLISTED + main), OWN, sender="user@own.example")[0] in (250, "450")


@pytest.mark.parametrize("name", ["client", "helo"])
def test_before_mail_from_a_second_attempt_passes(name):
    """smtpd looks for the sender once, and has forgotten nothing by the second MAIL FROM."""
    text = UNLISTED + "no\nsmtpd_%s_restrictions = reject_unlisted_sender\n"
    assert sorted(asked(listener(text % name), OWN, sender="x@own.example"), key=str) == [250, "550"]
    assert asked(listener(text % "sender"), OWN, sender="x@own.example") == ["550"]


@pytest.mark.parametrize("main, helo, code", [
    ("", None, 250), ("smtpd_helo_required = yes\n", None, "501"), ("smtpd_helo_required = yes\n", "a.example", 250),
    ("smtpd_helo_restrictions = reject\n", None, 250), ("smtpd_helo_restrictions = reject\n", "a.example", "554"),
    (RELAY + "reject_invalid_helo_hostname, " + GUARD, None, 250), (RELAY + "reject_invalid_helo_hostname, " + GUARD, "a b", "501"),
    (RELAY + "reject_non_fqdn_helo_hostname, " + GUARD, "a", "504"), (RELAY + "reject_non_fqdn_helo_hostname, " + GUARD, "a.b..", "504"),
])
def test_who_says_no_helo(main, helo, code):
    assert asked(listener(main), OWN, helo=helo) == [code]


@pytest.mark.parametrize("main, recipient, code", [
    (RELAY + "reject\n", "postmaster", 250), (RELAY + "reject\n", "PostMaster", 250), (RELAY + "reject\n", "postmaster@own.example", "554"),
    ("smtpd_client_restrictions = reject\n", "postmaster", 250), ("smtpd_client_restrictions = reject\nsmtpd_delay_reject = no\n", "postmaster", "554")])
def test_the_bare_postmaster(main, recipient, code):
    assert asked(listener(main), recipient) == [code]


MISMATCH = "smtpd_sender_restrictions = reject_unauthenticated_sender_login_mismatch\n"
SENDERS = "smtpd_sender_restrictions = warn_if_reject check_sender_access "


@pytest.mark.parametrize("main, recipient, code", [
    (MISMATCH + "smtpd_sasl_auth_enable = yes\nrelay_domains = fail:x\n", OWN, "451s"), (MISMATCH + "smtpd_sender_login_maps = fail:x\n", OWN, 250),
    (MISMATCH + "smtpd_sender_login_maps = fail:x\nsmtpd_sasl_auth_enable = yes\n", OWN, "451s"),
    (SENDERS + "inline:{a=b}\nrelay_domains = fail:x\n", OWN, "451s"), (SENDERS + "fail:x\n", OWN, 250),
    (RELAY + "warn_if_reject check_recipient_access inline:{a=b}, reject\nrelay_domains = fail:x\n", FOREIGN, "451s"),
    (RECIPIENT + "warn_if_reject reject_unlisted_recipient\nlocal_recipient_maps = fail:x\nsmtpd_reject_unlisted_recipient = no\n", OWN, "451s"),
    (RELAY + "warn_if_reject permit_auth_destination, reject\nrelay_domains = fail:x\n", FOREIGN, "451s"),
    (RELAY + "warn_if_reject nonsense, reject\n", OWN, "451s"),
    (RELAY + "warn_if_reject permit_mynetworks, reject\nmynetworks = fail:x\n", FOREIGN, "451s"),
])
def test_warn_if_reject_softens_what_a_table_says_and_not_what_the_server_cannot_do(main, recipient, code):
    assert asked(listener(main), recipient) == [code]


def test_owners_of_senders_who_cannot_be_read_own_nobody():
    """A stranger takes a sender whom nobody owns."""
    assert asked(listener(MISMATCH + "smtpd_sender_login_maps = ldap:/x\nsmtpd_sasl_auth_enable = yes\n"), OWN) == [250]


@pytest.mark.parametrize("main, own, stranger", [
    (RELAY + "permit_inet_interfaces, " + GUARD, 250, "554"), (RELAY + GUARD, "554", "554"),
    (RELAY + "permit\nlocal_header_rewrite_clients = permit_inet_interfaces, fail:x\n" + RECIPIENT + GUARD.replace("reject", "defer"), "454", "451s"),
    (RELAY + "permit\nlocal_header_rewrite_clients = fail:x, permit_inet_interfaces\n" + RECIPIENT + GUARD, "451s", "451s"),
    (RELAY + GUARD + "local_header_rewrite_clients = permit_inet_interfaces, permit_sasl_authenticated\n", "554", "554"),
])
def test_clients_on_the_hosts_own_interfaces(main, own, stranger):
    subject = listener(main + "inet_interfaces = 127.0.0.1\n")
    assert [asked(subject, client=("unknown", address)) for address in ("127.0.0.1", "203.0.113.9")] == [[own], [stranger]]
