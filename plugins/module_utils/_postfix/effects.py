# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each effect of the catalogue does to the dialogues of a box: it splits them by answer."""

from collections import OrderedDict

from . import lookups, networks
from .addresses import valid_literal
from .match_lists import ListError
from .quoting import internal, neutered
from .replies import BAD_SYNTAX, DEATH, DEFER_IF_PERMIT, DEFER_IF_REJECT, DUNNO, PERMIT, SERVER_ERROR, TABLE_ERROR, Nested, Reject, reject, table_result
from .tables import Maps, Opaque, RandomTable, TableError, TableFatal, safe_name
from .text import split_words, unbrace

A_FINGERPRINT = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33"


def apply(listener, item, path):
    """Return [(result, Path), ...] of one restriction for the dialogues of *path*."""
    return _EFFECTS[item.effect](listener, item, path)


def _split(path, field, classify):
    """Split the box by ``classify(value)`` of each value of *field*; return [(result, Path), ...]."""
    groups = OrderedDict()
    for value in getattr(path.box, field):
        groups.setdefault(classify(value), []).append(value)
    if len(groups) == 1:
        return [(next(iter(groups)), path)]
    return [(result, path._replace(box=path.box._replace(**{field: tuple(values)}))) for result, values in groups.items()]


def _unknown(path, what):
    """Both answers that matter to a stranger, when the real one cannot be read."""
    marked = path._replace(unknown=path.unknown + (what,))
    return [(PERMIT, marked), (DUNNO, marked)]


class _Either(tuple):
    """Answers of which any may come; one who tries often enough gets each."""


class _Failed(Exception):
    """trivial-rewrite could not resolve an address."""


class _Unread(str):
    """A table's answer that cannot be read: the text names the table."""


def _lookup(listener, item, path, field, ask):
    """Split by what a table answers; *ask* maps (Maps, value of the field) to a str or None."""
    try:
        table = Maps(item.argument, listener.tables)
    except TableFatal:
        return [(SERVER_ERROR, path)]

    def classify(value):
        try:
            answer = ask(table, value)
        except TableError:
            return TABLE_ERROR
        except _Failed:
            return SERVER_ERROR
        except Opaque as exc:
            return _Unread(exc)
        if answer is not None and isinstance(table.tables[0], RandomTable):
            return _Either(table_result(one, path.available, listener.code) for one in table.tables[0].values)
        return DUNNO if answer is None else table_result(answer, path.available, listener.code)

    return _read(_split(path, field, classify))


def _read(found):
    """Put all answers that matter in place of each that cannot be read, or is left to chance."""
    pairs = []
    for result, sub in found:
        if isinstance(result, _Unread):
            pairs.extend(_unknown(sub, str(result)))
        else:
            pairs.extend((one, sub) for one in (result if isinstance(result, _Either) else (result,)))
    return pairs


def _needs(what):
    """Make an effect that does nothing while smtpd does not know *what* yet (smtpd_delay_reject = no)."""
    def wrap(effect):
        def wrapped(listener, item, path):
            return effect(listener, item, path) if what in path.available else [(DUNNO, path)]
        return wrapped
    return wrap


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
            return _Unread(exc)
    return _read(_split(path, "clients", classify))


def _inet_interfaces(listener, item, path):
    own = listener.recipients.own.addresses
    return _split(path, "clients", lambda client: PERMIT if networks.parse_address(client[1]) in own else DUNNO)


def _sasl(listener, item, path):
    return [(PERMIT if listener.sasl and path.box.login else DUNNO, path)]


def _sasl_access(listener, item, path):
    if not listener.sasl or not path.box.login:
        return [(DUNNO, path)]
    return _lookup(listener, item, path, "clients", lambda table, dummy: table.get(path.box.login))


def _clientcerts(listener, item, path):
    if not (listener.tls and listener.settings.value("smtpd_tls_ask_ccert") == "yes" and listener.clientcerts):
        return [(DUNNO, path)]
    try:
        if any(listener.tables.open(spec).get(A_FINGERPRINT) is not None for spec in split_words(listener.clientcerts)):
            return [(PERMIT, path)]
    except (TableError, TableFatal):
        return [(DUNNO, path)]
    except Opaque as exc:
        return _unknown(path, str(exc))
    return [(DUNNO, path)]


def _client_access(listener, item, path):
    def ask(table, client):
        found = lookups.domain(table, client[0], listener.access_parents)
        return lookups.address(table, client[1]) if found is None else found
    return _lookup(listener, item, path, "clients", ask)


def _without(permit, found):
    """Put *permit* in place of each PERMIT among [(result, Path), ...]."""
    return [(permit if result is PERMIT else Nested(result.text, permit) if isinstance(result, Nested) else result, sub)
            for result, sub in found]


def _reverse_access(listener, item, path):
    # An OK there is refused by smtpd itself ("not allowed for security reasons"); a stranger has no reverse name.
    return _without(SERVER_ERROR, _client_access(listener, item, path))


def _helo_access(listener, item, path):
    return _lookup(listener, item, path, "helos",
                   lambda table, helo: None if helo is None else lookups.domain(table, neutered(helo), listener.access_parents))


def _mail_access(listener, table, address):
    """Look a sender or recipient up. :raises TableError, Opaque:"""
    resolved = listener.resolver.resolve(address)
    if resolved.class_ == "error":
        raise _Failed()
    return lookups.mail(table, resolved.address, listener.access_parents, listener.delimiters)


def _sender_access(listener, item, path):
    return _lookup(listener, item, path, "senders", lambda table, sender: _mail_access(listener, table, sender) if sender
                   else table.get(listener.null_key))


def _recipient_access(listener, item, path):
    def routed(recipient):
        return listener.resolver.resolve(recipient).routed and not listener.untrusted_routing

    def ask(table, recipient):
        return _mail_access(listener, table, recipient)
    found = []
    for suspicious, sub in _split(path, "recipients", routed):
        answers = _lookup(listener, item, sub, "recipients", ask)
        found.extend(_without(DUNNO, answers) if suspicious else answers)
    return found


def _policy(listener, item, path):
    service = item.argument
    inside = unbrace(service) if service.startswith("{") else None
    if inside is not None:
        service = split_words(inside)[0] if split_words(inside) else service
    return _unknown(path, "the policy service {0}".format(safe_name(service)))


def _naked_ip(listener, item, path):
    def classify(helo):
        if not helo or helo.strip("0123456789.:"):
            return DUNNO
        return PERMIT if networks.valid_literal(helo) else reject(listener.code("invalid_hostname_reject_code"))
    return _split(path, "helos", classify)


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
        return _split(path, "helos", classify)
    return effect


def _fqdn_address(field):
    def effect(listener, item, path):
        refusal = reject(listener.code("non_fqdn_reject_code"))

        def classify(text):
            domain = internal(text).rpartition("@")[2] if "@" in text else ""
            if not text and field == "senders" or domain.startswith("[") and domain.endswith("]"):
                return DUNNO
            domain = domain[:-1] if domain.endswith(".") and not domain.endswith("..") else domain
            return DUNNO if "." in domain and lookups.valid_hostname(domain) else refusal
        return _split(path, field, classify)
    return effect


def _needs_name(listener, item, path):
    return _split(path, "clients", lambda client: reject(listener.code("unknown_client_reject_code")) if client[0] == "unknown" else DUNNO)


def _destination(listener, recipient):
    """own, foreign, error or what cannot be read: the destination of *recipient* as permit_auth_destination sees it."""
    resolved = listener.resolver.resolve(recipient)
    if resolved.class_ == "error":
        return "error"
    if resolved.routed and not listener.untrusted_routing and resolved.unknown is None:
        return "foreign"
    if resolved.unknown is not None:
        return _Unread(resolved.unknown)
    return "own" if resolved.class_ != "default" else "foreign"


def _by_class(listener, path):
    """Split by the destination: [("own", "foreign" or "error", Path), ...]; what cannot be read counts as both of the first two."""
    found = []
    for answer, sub in _split(path, "recipients", lambda one: _destination(listener, one)):
        if isinstance(answer, _Unread):
            marked = sub._replace(unknown=sub.unknown + (str(answer),))
            found.extend([("own", marked), ("foreign", marked)])
        else:
            found.append((answer, sub))
    return found


def _by_destination(own, foreign):
    """Make an effect that answers *own* or *foreign* by the recipient's domain; a callable takes the listener."""
    @_needs("recipient")
    def effect(listener, item, path):
        results = {"own": own, "foreign": foreign(listener) if callable(foreign) else foreign, "error": SERVER_ERROR}
        return [(results[class_], sub) for class_, sub in _by_class(listener, path)]
    return effect


@_needs("recipient")
def _mx_backup(listener, item, path):
    found = []
    for class_, sub in _by_class(listener, path):
        if class_ == "foreign":
            found.extend(_unknown(sub, "permit_mx_backup asks the DNS of the recipient's domain"))
        else:
            found.append((PERMIT if class_ == "own" else SERVER_ERROR, sub))
    return found


def _dns_allow(listener, item, path):
    """A DNS allow-list permits, at RCPT, mail for the server's own domains alone (permit_dnswl_addr in smtpd_check.c)."""
    if "recipient" not in path.available:
        return _unknown(path, "the DNS allow-list {0}".format(item.argument))
    found = []
    for class_, sub in _by_class(listener, path):
        found.extend([(DUNNO, sub)] if class_ == "foreign" else _unknown(sub, "the DNS allow-list {0}".format(item.argument)))
    return found


def _logins(listener):
    return Maps(listener.settings.value("smtpd_sender_login_maps"), listener.tables)


def _unauth_login(listener, item, path):
    try:
        logins = _logins(listener)
    except TableFatal:
        return [(SERVER_ERROR, path)]
    if not listener.sasl or not logins or path.box.login:
        return [(DUNNO, path)]

    def classify(sender):
        if not sender:
            return DUNNO
        try:
            resolved = listener.resolver.resolve(sender)
            if resolved.class_ == "error":
                return SERVER_ERROR
            owned = lookups.mail_default(logins, resolved.address, listener.delimiters, listener.recipients.is_local)
        except TableError:
            return SERVER_ERROR
        except Opaque:
            return DUNNO  # a stranger takes a sender whom nobody owns
        return Reject(553, False) if owned is not None else DUNNO
    return _split(path, "senders", classify)


def _plaintext(listener, item, path):
    return [(DUNNO if listener.tls else reject(listener.code("plaintext_reject_code")), path)]


def unlisted(field):
    """Make an effect that refuses addresses that no table of recipients has.

    Where a table of the server's own recipients cannot be read, they all count as known: no relay hangs on it.
    """
    def effect(listener, item, path):
        def classify(text):
            if not text or not listener.checks_recipients:
                return DUNNO
            resolved = listener.resolver.resolve(text)
            try:
                reason = listener.recipients.missing(resolved, field == "senders")
            except TableError:
                return SERVER_ERROR
            except Opaque as exc:
                return DUNNO if resolved.class_ in ("local", "alias", "mailbox") else _Unread(exc)
            if reason is None:
                return DUNNO
            return reject({"error": 550, "retry": 450}.get(reason) or listener.code(reason))
        found = []
        for answer, sub in _split(path, field, classify):
            if isinstance(answer, _Unread):
                marked = sub._replace(unknown=sub.unknown + (str(answer),))
                found.extend([(DUNNO, marked), (reject(550), marked)])
            else:
                found.append((answer, sub))
        return found
    return effect


def check_rewrite(listener, path):
    """Split by whether local_header_rewrite_clients can be worked out, which smtpd does at MAIL FROM (smtpd_check_rewrite)."""
    words = split_words(listener.settings.value("local_header_rewrite_clients"))
    if not any(":" in word or word.lower() == "permit_mynetworks" for word in words):
        return [(DUNNO, path)]

    def classify(client):
        try:
            return _first_rewrite(listener, words, client)
        except (ListError, TableError, TableFatal):
            return SERVER_ERROR
        except Opaque:
            return DUNNO
    return _split(path, "clients", classify)


def _first_rewrite(listener, words, client):
    for word in words:
        if (word.lower() == "permit_mynetworks" and listener.mynetworks.matches_client(*client)
                or ":" in word and Maps(word, listener.tables).get(client[1]) is not None
                or word.lower() == "permit_inet_interfaces" and networks.parse_address(client[1]) in listener.recipients.own.addresses):
            break
    return DUNNO


def check_syntax(listener, path):
    """Split by whether smtpd takes the form of sender and recipient; return [(DUNNO or a Reject, Path), ...]."""
    found = []
    for answer, sub in _split(path, "senders", lambda text: DUNNO if not text or listener.resolver.resolve(text).valid else BAD_SYNTAX):
        found.extend([(answer, sub)] if answer is not DUNNO else
                     _split(sub, "recipients", lambda text: DUNNO if text and listener.resolver.resolve(text).valid else BAD_SYNTAX))
    return found


def _relay_domains(listener, item, path):
    """check_relay_domains also permits a client whose own name is in relay_domains."""
    def classify(client):
        try:
            return PERMIT if listener.relay_domains.matches_domain(client[0]) else DUNNO
        except ListError:
            return DEATH  # smtpd ends itself here, where it meets its own relay_domains
        except Opaque as exc:
            return _Unread(exc)
    found = []
    for result, sub in _read(_split(path, "clients", classify)):
        found.extend(_relayed(listener, item, sub) if result is DUNNO else [(result, sub)])
    return found


unlisted_recipient = unlisted("recipients")
_relayed = _by_destination(PERMIT, lambda listener: reject(listener.code("relay_domains_reject_code")))
unlisted_sender = unlisted("senders")
_unauth = _by_destination(DUNNO, lambda listener: reject(listener.code("relay_domains_reject_code")))
_EFFECTS = {
    "permit": _constant(PERMIT), "reject": _refusal("reject_code"), "defer": _refusal("defer_code"),
    "defer_if_permit": _constant(DEFER_IF_PERMIT), "defer_if_reject": _constant(DEFER_IF_REJECT),
    "nothing": _constant(DUNNO), "error": _constant(SERVER_ERROR), "plaintext": _plaintext, "policy": _policy,
    "mynetworks": _mynetworks, "inet_interfaces": _inet_interfaces, "sasl": _sasl, "clientcerts": _clientcerts, "all_clientcerts": _clientcerts,
    "naked_ip": _needs("helo")(_naked_ip), "client_access": _client_access, "reverse_access": _reverse_access,
    "named_client": _constant(DUNNO), "ccert_access": _constant(DUNNO), "sasl_access": _sasl_access,
    "needs_name": _needs_name, "dns_allow": _dns_allow, "helo_access": _needs("helo")(_helo_access),
    "valid_helo": _needs("helo")(_helo_form(lambda name: lookups.valid_hostname(name) or networks.valid_address(name), "invalid_hostname_reject_code")),
    "fqdn_helo": _needs("helo")(_helo_form(lambda name: "." in name and lookups.valid_hostname(name), "non_fqdn_reject_code")),
    "dns_helo": _constant(DUNNO),
    "sender_access": _needs("sender")(_sender_access), "dns_sender": _constant(DUNNO),
    "fqdn_sender": _needs("sender")(_fqdn_address("senders")), "unlisted_sender": _needs("sender")(unlisted_sender),
    "auth_login": _constant(DUNNO), "known_login": _needs("sender")(_unauth_login), "unauth_login": _needs("sender")(_unauth_login),
    "recipient_access": _needs("recipient")(_recipient_access), "auth_destination": _by_destination(PERMIT, DUNNO),
    "mx_backup": _mx_backup, "reject_unauth_destination": _unauth,
    "defer_unauth_destination": _by_destination(DUNNO, lambda listener: reject(listener.code("relay_domains_reject_code") - 100)),
    "relay_domains": _relay_domains,
    "dns_recipient": _constant(DUNNO), "fqdn_recipient": _needs("recipient")(_fqdn_address("recipients")),
    "unlisted_recipient": _needs("recipient")(unlisted_recipient),
}

__all__ = ["apply", "check_rewrite", "check_syntax", "unlisted_recipient", "unlisted_sender"]
