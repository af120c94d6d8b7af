# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each finding means for an administrator, and what to do about it. Ids, severities and sentences are those of findings.TABLE."""

from typing import NamedTuple

from ansible_collections.relaylock.postfix.plugins.module_utils._relay.findings import TABLE

# id: (a title, what it leads to and what helps)
_HELP = {
    "file_unreadable_to_postfix": (
        "Postfix refuses the file",
        "Mail stops with the next start or reload. Correct the line; postconf -n and postfix check say what "
        "Postfix reads."),
    "smtpd_does_not_start": (
        "smtpd does not start",
        "Every client gets a server error, those with mail for the server's own domains too. The usual cause is a "
        "recipient and a relay list without a guard: put reject_unauth_destination into smtpd_relay_restrictions."),
    "stranger_relays": (
        "A stranger can relay mail",
        "The server is an open relay and will be found by spammers. The module relay_baseline plans the smallest "
        "edit that closes it. By hand: take away what permits ahead of reject_unauth_destination, or narrow "
        "mynetworks."),
    "mynetworks_too_broad": (
        "mynetworks trusts a wide public network",
        "Every client of that network may relay. Narrow it to addresses that are yours, or declare it in "
        "trusted_networks."),
    "mynetworks_wildcard": (
        "mynetworks trusts whoever it is",
        "The entry holds for clients that nobody named. Replace it by networks."),
    "mynetworks_broken": (
        "mynetworks holds a broken entry",
        "Clients that reach the entry get a server error instead of an answer. Correct or remove it."),
    "mynetworks_comment": (
        "A comment within mynetworks",
        "Postfix knows comments at the start of a line alone; here the words of the comment are networks, and "
        "what follows is lost. Move the comment to a line of its own."),
    "mynetworks_beyond_declared": (
        "mynetworks trusts a network that is not declared",
        "Its clients may relay although trusted_networks does not name them. Remove the entry or declare it."),
    "recipient_guard_missing": (
        "smtpd_recipient_restrictions lacks a guard",
        "Should the relay list be emptied, the server is open. End the list with reject_unauth_destination."),
    "relay_guard_missing": (
        "smtpd_relay_restrictions lacks a guard",
        "The recipient list alone holds the relay closed, if it does. The usual value is permit_mynetworks, "
        "permit_sasl_authenticated, reject_unauth_destination."),
    "relay_restrictions_empty": (
        "smtpd_relay_restrictions is empty",
        "One line in smtpd_recipient_restrictions decides. The usual value is permit_mynetworks, "
        "permit_sasl_authenticated, reject_unauth_destination."),
    "sender_restrictions_missing": (
        "smtpd_sender_restrictions is empty",
        "Senders with names that cannot exist are taken. The profile hardened sets a list."),
    "sender_restrictions_permissive": (
        "smtpd_sender_restrictions permits everyone",
        "What stands behind the permission is never asked. Remove the permission."),
    "client_restrictions_permissive": (
        "smtpd_client_restrictions permits everyone",
        "What stands behind the permission is never asked. Remove the permission."),
    "permit_before_guard": (
        "A permission ahead of the guard",
        "A stranger can say what the table permits, and relay. Move it behind reject_unauth_destination, or let "
        "it answer DUNNO."),
    "sasl_off_but_permitted": (
        "Logins are permitted but not offered",
        "Nobody can log in, so permit_sasl_authenticated has no effect. Turn smtpd_sasl_auth_enable on, or remove "
        "the permission."),
    "sasl_anonymous": (
        "Anonymous logins are taken",
        "Whoever logs in without a name counts as logged in, though permit_sasl_authenticated lets him not relay. Put "
        "noanonymous into smtpd_sasl_security_options."),
    "sasl_plaintext_without_tls": (
        "Passwords cross the network unencrypted",
        "Whoever listens can relay with them. Set smtpd_tls_auth_only = yes."),
    "sasl_socket_missing": (
        "The login server's socket is missing",
        "smtpd ends every connection. Let Dovecot listen there, or turn logins off."),
    "unknown_restriction": (
        "A restriction that Postfix does not know",
        "Clients that reach it get a server error. Correct the name."),
    "policy_default_permits": (
        "A policy service permits while it is down",
        "While the service does not answer, everyone relays. Give it a default action that does not permit."),
    "table_missing": (
        "A lookup table is missing",
        "Clients that reach it get a server error. Make the table, or remove the lookup."),
    "table_stale": (
        "A compiled table is older than its text",
        "Postfix goes on with the old entries. Run postmap."),
    "table_unreadable": (
        "A lookup table that cannot be read here",
        "What it answers is not known, so a verdict may hang on it. Judge it on a host that can read it."),
    "xclient_too_broad": (
        "XCLIENT from too many hosts",
        "These clients may claim any address, a trusted one too. Narrow smtpd_authorized_xclient_hosts to the "
        "proxies."),
    "proxy_protocol": (
        "The port believes a proxy header",
        "A client that reaches the port directly can claim any address. Let a firewall admit the proxy alone."),
    "qmqpd_open": (
        "qmqpd relays for strangers",
        "qmqpd asks no destination. Narrow qmqpd_authorized_clients to addresses that are yours."),
    "relay_domains_wildcard": (
        "relay_domains names whole public domains",
        "Strangers may send to all of them. Name the domains that the server relays for."),
    "own_domains_wildcard": (
        "The server takes mail for every domain",
        "It bounces what it cannot deliver to senders who never wrote it. Name the domains that are the server's "
        "own."),
    "untrusted_routing": (
        "Addresses with a route count as the server's own",
        "A stranger can write a@b@own.example and relay. Set allow_untrusted_routing = no."),
    "clientcerts_wildcard": (
        "Any client certificate may relay",
        "A certificate that a stranger made for himself does. Name fingerprints in relay_clientcerts."),
    "clientcerts_any_authority": (
        "Every certificate of any trusted authority may relay",
        "Whom a public authority certifies relays too. Trust an authority of your own alone, or name fingerprints in "
        "relay_clientcerts."),
    "byte_order_mark": (
        "The file begins with a byte order mark",
        "The first parameter is not set. Save the file as UTF-8 without a mark."),
    "duplicate_parameter": (
        "A parameter is set twice",
        "The last one wins, and this one misleads its reader. Remove it."),
    "master_override": (
        "An override in master.cf is in force",
        "main.cf is not what this listener does. See that the override is wanted."),
}


class Rule(NamedTuple):
    """What there is to say of all findings of one id."""

    id: str
    severity: str
    title: str
    sentence: str
    help: str


def _rule(id_, severity, sentence):
    title, advice = _HELP.get(id_, (id_.replace("_", " "), "See the file and line that the finding names."))
    return Rule(id_, severity, title, sentence.replace("{0}", "…"), advice)


# By id, in the order of the table. A rule for every id that the collection knows; a finding may have been made by a newer one.
RULES = dict((id_, _rule(id_, *row)) for id_, row in TABLE.items())
