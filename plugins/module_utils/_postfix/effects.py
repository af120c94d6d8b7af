# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each effect of the catalogue does to the dialogues of a box: it splits them by answer."""

from . import destinations, dns_lists, lookups, networks
from .addresses import valid_literal
from .match_lists import ListError
from .quoting import internal, neutered
from .replies import BAD_SYNTAX, DEFER_IF_PERMIT, DEFER_IF_REJECT, DUNNO, PERMIT, SERVER_ERROR, Reject, reject
from .splitting import Failed, Unread, lookup, needs, read, split, unknown, without
from .tables import Maps, Opaque, TableError, TableFatal, safe_name
from .text import split_words, unbrace

A_FINGERPRINT = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33"


def apply(listener, item, path):
    """Return [(result, Path), ...] of one restriction for the dialogues of *path*."""
    return _EFFECTS[item.effect](listener, item, path)


def _constant(result):
    return lambda listener, item, path: [(result, path)]


def _refusal(parameter):
    """Make an effect that refuses with the reply code of *parameter*."""
    return lambda listener, item, path: [(reject(listener.code(parameter)), path)]


def _mynetworks(listener, item, path):
    def classify(client):
        try:
            return PERMIT if listener.mynetworks.matches_client(*client) else DUNNO
        except ListError:
            return SERVER_ERROR
        except Opaque as exc:
            return Unread(exc)
    return read(split(path, "clients", classify))


def _inet_interfaces(listener, item, path):
    own = listener.interfaces
    return split(path, "clients", lambda client: PERMIT if networks.parse_address(client[1]) in own else DUNNO)


def _sasl(listener, item, path):
    return [(PERMIT if listener.permits_logins and path.box.login else DUNNO, path)]


def _sasl_access(listener, item, path):
    if not listener.sasl or not path.box.login:
        return [(DUNNO, path)]
    return lookup(listener, item, path, "clients", lambda table, dummy: table.get(path.box.login))


def _clientcerts(listener, item, path):
    if not (listener.asks_certificates and listener.clientcerts):
        return [(DUNNO, path)]
    try:
        if any(listener.tables.open(spec).get(A_FINGERPRINT) is not None for spec in split_words(listener.clientcerts)):
            return [(PERMIT, path)]
    except (TableError, TableFatal):
        return [(DUNNO, path)]
    except Opaque as exc:
        return unknown(path, str(exc))
    return [(DUNNO, path)]


def _ccert_access(listener, item, path):
    """Answer as to no certificate, and where one is asked for also as to one that nobody knows: whoever likes has one."""
    if not listener.asks_certificates:
        return [(DUNNO, path)]
    inside = split_words(unbrace(item.argument) or "") if item.argument.startswith("{") else []
    item = item._replace(argument=inside[0] if inside else item.argument)
    found = lookup(listener, item, path, "clients", lambda table, dummy: table.get(A_FINGERPRINT))
    return [(DUNNO, path)] + [(result, sub) for result, sub in found if result is not DUNNO]


def _client_access(listener, item, path):
    def ask(table, client):
        found = lookups.domain(table, client[0], listener.access_parents)
        return lookups.address(table, client[1]) if found is None else found
    return lookup(listener, item, path, "clients", ask)


def _reverse_access(listener, item, path):
    # An OK there is refused by smtpd itself ("not allowed for security reasons"); a stranger has no reverse name.
    return without(SERVER_ERROR, _client_access(listener, item, path))


def _helo_access(listener, item, path):
    def ask(table, helo):
        return None if helo is None else lookups.domain(table, neutered(helo), listener.access_parents)
    return lookup(listener, item, path, "helos", ask)


def _mail_access(listener, table, address):
    """Look a sender or recipient up. :raises TableError, Opaque:"""
    resolved = listener.resolver.resolve(address)
    if resolved.class_ == "error":
        raise Failed()
    return lookups.mail(table, resolved.address, listener.access_parents, listener.extensions)


def _sender_access(listener, item, path):
    def ask(table, sender):
        return _mail_access(listener, table, sender) if sender else table.get(listener.null_key)
    return lookup(listener, item, path, "senders", ask)


def _recipient_access(listener, item, path):
    def routed(recipient):
        return listener.resolver.resolve(recipient).routed and not listener.untrusted_routing

    def ask(table, recipient):
        return _mail_access(listener, table, recipient)
    found = []  # type: list[tuple]
    for suspicious, sub in split(path, "recipients", routed):
        answers = lookup(listener, item, sub, "recipients", ask)
        found.extend(without(DUNNO, answers) if suspicious else answers)
    return found


def _policy(listener, item, path):
    return unknown(path, "the policy service {0}".format(policy_name(item.argument)))


def policy_name(endpoint):
    """Return where a policy service listens, for messages: the first word within braces."""
    inside = split_words(unbrace(endpoint) or "") if endpoint.startswith("{") else []
    return safe_name(inside[0] if inside else endpoint)


def _naked_ip(listener, item, path):
    def classify(helo):
        if not helo or helo.strip("0123456789.:"):
            return DUNNO
        return PERMIT if networks.valid_literal(helo) else reject(listener.code("invalid_hostname_reject_code"))
    return split(path, "helos", classify)


def _helo_form(good, parameter):
    """Make an effect that refuses a HELO name that is not *good*; an address in brackets is always looked at as one."""
    def effect(listener, item, path):
        refusal = reject(listener.code(parameter))
        invalid = reject(listener.code("invalid_hostname_reject_code"))

        def classify(helo):
            if helo is None:
                return DUNNO
            if helo.startswith("["):
                return DUNNO if valid_literal(helo) else invalid
            helo = neutered(helo)
            return DUNNO if good(helo[:-1] if helo.endswith(".") and not helo.endswith("..") else helo) else refusal
        return split(path, "helos", classify)
    return effect


def _fqdn_address(field):
    def effect(listener, item, path):
        refusal = reject(listener.code("non_fqdn_reject_code"))

        def classify(text):
            domain = internal(text).rpartition("@")[2] if "@" in text else ""
            if not text and field == "senders" or domain.startswith("[") and domain.endswith("]"):
                return DUNNO
            domain = domain[:-1] if domain.endswith(".") and not domain.endswith("..") else domain
            valid = lookups.valid_hostname(domain) or listener.resolver.utf8 and lookups.valid_utf8_hostname(domain)
            return DUNNO if "." in domain and valid else refusal
        return split(path, field, classify)
    return effect


def _needs_name(listener, item, path):
    return split(path, "clients", lambda client: reject(listener.code("unknown_client_reject_code")) if client[0] == "unknown" else DUNNO)


def _logins(listener):
    return Maps(listener.settings.value("smtpd_sender_login_maps"), listener.tables)


def _unauth_login(listener, item, path):
    try:
        logins = _logins(listener)
    except TableFatal:
        return [(SERVER_ERROR, path)]
    if not listener.sasl or path.box.login:
        return [(DUNNO, path)]

    def classify(sender):
        if not sender:
            return DUNNO
        try:
            resolved = listener.resolver.resolve(sender)
            if resolved.class_ == "error":
                return SERVER_ERROR
            # Whether the domain is the server's own is asked even where there are no tables (mail_addr_find.c).
            listener.recipients.is_local(resolved.address.rpartition("@")[2])
            owned = lookups.mail_default(logins, resolved.address, listener.extensions, listener.recipients.is_local)
        except (ListError, TableError):
            return SERVER_ERROR
        except Opaque:
            return DUNNO  # a stranger takes a sender whom nobody owns
        return Reject(553, False) if owned is not None else DUNNO
    return split(path, "senders", classify)


def _plaintext(listener, item, path):
    return [(DUNNO if listener.tls else reject(listener.code("plaintext_reject_code")), path)]


def check_rewrite(listener, path):
    """Split by whether local_header_rewrite_clients can be worked out, which smtpd does at MAIL FROM (smtpd_check_rewrite)."""
    words = listener.header_rewriting
    if not any(":" in word or word.lower() == "permit_mynetworks" for word in words):
        return [(DUNNO, path)]

    def classify(client):
        try:
            return _first_rewrite(listener, words, client)
        except (ListError, TableError, TableFatal):
            return SERVER_ERROR
        except Opaque:
            return DUNNO
    return split(path, "clients", classify)


def _first_rewrite(listener, words, client):
    for word in words:
        if (word.lower() == "permit_mynetworks" and listener.mynetworks.matches_client(*client)
                or ":" in word and Maps(word, listener.tables).get(client[1]) is not None
                or word.lower() == "permit_inet_interfaces" and networks.parse_address(client[1]) in listener.recipients.own.addresses):
            break
    return DUNNO


def _is_address(listener, text):
    return listener.resolver.resolve(text).valid and not (listener.strict and internal(text).startswith("@"))


def check_syntax(listener, path):
    """Split by whether smtpd takes the form of sender and recipient; return [(DUNNO or a Reject, Path), ...]."""
    found = []  # type: list[tuple]
    for answer, sub in split(path, "senders", lambda text: DUNNO if not text or _is_address(listener, text) else BAD_SYNTAX):
        found.extend([(answer, sub)] if answer is not DUNNO else
                     split(sub, "recipients", lambda text: DUNNO if text and _is_address(listener, text) else BAD_SYNTAX))
    return found


_EFFECTS = {
    "permit": _constant(PERMIT), "reject": _refusal("reject_code"), "defer": _refusal("defer_code"),
    "defer_if_permit": _constant(DEFER_IF_PERMIT), "defer_if_reject": _constant(DEFER_IF_REJECT),
    "nothing": _constant(DUNNO), "error": _constant(SERVER_ERROR), "plaintext": _plaintext, "policy": _policy,
    "mynetworks": _mynetworks, "inet_interfaces": _inet_interfaces, "sasl": _sasl, "clientcerts": _clientcerts, "all_clientcerts": _clientcerts,
    "naked_ip": needs("helo")(_naked_ip), "client_access": _client_access, "reverse_access": _reverse_access,
    "named_client": _constant(DUNNO), "ccert_access": _ccert_access, "sasl_access": _sasl_access,
    "needs_name": _needs_name, "dns_allow_address": dns_lists.allows("address"),
    "dns_allow_client": dns_lists.allows("client"), "dns_reject_address": dns_lists.refuses("address"),
    "dns_reject_zones": dns_lists.refuses_by_parameter,
    "dns_reject_client": dns_lists.refuses("client"), "dns_reject_helo": dns_lists.refuses("helo"),
    "dns_reject_sender": dns_lists.refuses("sender"), "dns_reject_recipient": dns_lists.refuses("recipient"),
    "helo_access": needs("helo")(_helo_access),
    "valid_helo": needs("helo")(_helo_form(lambda name: lookups.valid_hostname(name) or networks.valid_address(name), "invalid_hostname_reject_code")),
    "fqdn_helo": needs("helo")(_helo_form(lambda name: "." in name and lookups.valid_hostname(name), "non_fqdn_reject_code")),
    "dns_helo": _constant(DUNNO),
    "sender_access": needs("sender")(_sender_access), "dns_sender": _constant(DUNNO),
    "fqdn_sender": needs("sender")(_fqdn_address("senders")), "unlisted_sender": needs("sender")(destinations.unlisted_sender),
    "auth_login": _constant(DUNNO), "known_login": needs("sender")(_unauth_login), "unauth_login": needs("sender")(_unauth_login),
    "recipient_access": needs("recipient")(_recipient_access), "auth_destination": destinations.by_destination(PERMIT, DUNNO),
    "mx_backup": destinations.mx_backup, "reject_unauth_destination": destinations.unauth,
    "defer_unauth_destination": destinations.deferred_unauth,
    "relay_domains": needs("recipient")(destinations.relay_domains), "relay_domains_gone": needs("recipient")(_constant(SERVER_ERROR)),
    "dns_recipient": _constant(DUNNO), "fqdn_recipient": needs("recipient")(_fqdn_address("recipients")),
    "unlisted_recipient": needs("recipient")(destinations.unlisted_recipient),
}

__all__ = ["apply", "check_rewrite", "check_syntax", "policy_name"]
