# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each effect of the catalogue does to the dialogues of a box: it splits them by answer."""

from collections import OrderedDict, namedtuple

from . import lookups
from .match_lists import ListError
from .networks import valid_address, valid_literal
from .tables import Opaque, TableError, TableFatal, safe_name
from .text import split_words, unbrace

PERMIT, DUNNO, DISCARD, DEFER_IF_PERMIT, DEFER_IF_REJECT = "permit", "dunno", "discard", "defer_if_permit", "defer_if_reject"
# code: of SMTP; server: whether the server, not its policy, is at fault; fixed: warn_if_reject does not soften it
Reject = namedtuple("Reject", "code server fixed")
Reject.__new__.__defaults__ = (False,)
# A table's answer that is itself a list; suspicious: its OK counts as DUNNO (a source-routed recipient)
Nested = namedtuple("Nested", "text suspicious")

SERVER_ERROR = Reject(451, True, True)
TABLE_ERROR = Reject(451, True, False)
A_FINGERPRINT = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33"

_PLAIN = {"DUNNO": DUNNO, "OK": PERMIT, "RELAY": PERMIT, "DISCARD": DISCARD, "REJECT": Reject(554, False),
          "DEFER": Reject(450, False), "HANGUP": Reject(421, False), "DEFER_IF_PERMIT": DEFER_IF_PERMIT,
          "DEFER_IF_REJECT": DEFER_IF_REJECT, "INFO": DUNNO, "WARN": DUNNO, "FILTER": DUNNO, "HOLD": DUNNO,
          "REDIRECT": DUNNO, "BCC": DUNNO, "PREPEND": DUNNO}


def apply(listener, item, path):
    """Return [(result, Path), ...] of one restriction for the dialogues of *path*."""
    return _EFFECTS[item.effect](listener, item, path)


def table_result(value, available):
    """Return what the value of an access table means (access(5); check_table_result in smtpd_check.c)."""
    command = value.split(None, 1)[0] if value.strip() and value[0] not in " \t" else ""
    action = _PLAIN.get(command.upper())
    if action is DISCARD and "sender" not in available:
        return DUNNO
    if action is not None:
        return action
    if value and value.isdigit():
        return PERMIT
    if len(command) == 3 and command.isdigit() and command[0] in "45" and len(value) > 3:
        return Reject(int(command), command.startswith("451") and "onfiguration" in value)
    if ":" in value:
        return SERVER_ERROR
    return Nested(value, False) if value.strip() else PERMIT


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


class _Unread(str):
    """A table's answer that cannot be read: the text names the table."""


def _lookup(listener, item, path, field, ask):
    """Split by what a table answers; *ask* maps (table, value of the field) to a str or None."""
    try:
        table = listener.tables.open(item.argument)
    except TableFatal:
        return [(SERVER_ERROR, path)]

    def classify(value):
        try:
            return ask(table, value)
        except TableError:
            return TABLE_ERROR
        except Opaque as exc:
            return _Unread(exc)

    found = []
    for answer, sub in _split(path, field, classify):
        if isinstance(answer, _Unread):
            found.extend(_unknown(sub, str(answer)))
        elif answer is None or isinstance(answer, Reject):
            found.append((DUNNO if answer is None else answer, sub))
        else:
            found.append((table_result(answer, path.available), sub))
    return found


def _needs(what):
    """Make an effect that does nothing while smtpd does not know *what* yet (smtpd_delay_reject = no)."""
    def wrap(effect):
        def wrapped(listener, item, path):
            return effect(listener, item, path) if what in path.available else [(DUNNO, path)]
        return wrapped
    return wrap


def _constant(result):
    return lambda listener, item, path: [(result, path)]


def _mynetworks(listener, item, path):
    def classify(client):
        try:
            return PERMIT if listener.mynetworks.matches_client(*client) else DUNNO
        except ListError:
            return SERVER_ERROR
        except Opaque as exc:
            return _Unread(exc)
    found = []
    for answer, sub in _split(path, "clients", classify):
        found.extend(_unknown(sub, str(answer)) if isinstance(answer, _Unread) else [(answer, sub)])
    return found


def _sasl(listener, item, path):
    return [(PERMIT if listener.sasl and path.box.login else DUNNO, path)]


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


def _reverse_access(listener, item, path):
    # An OK there is refused by smtpd itself ("not allowed for security reasons"); a stranger has no reverse name.
    return [(SERVER_ERROR if result is PERMIT else result, sub)
            for result, sub in _client_access(listener, item, path)]


def _helo_access(listener, item, path):
    return _lookup(listener, item, path, "helos",
                   lambda table, helo: None if helo is None else lookups.domain(table, helo, listener.access_parents))


def _sender_access(listener, item, path):
    def ask(table, sender):
        if not sender:
            return table.get(listener.null_key)
        resolved = listener.resolver.resolve(sender)
        return lookups.mail(table, resolved.address, listener.access_parents, listener.delimiters)
    return _lookup(listener, item, path, "senders", ask)


def _recipient_access(listener, item, path):
    def routed(recipient):
        return listener.resolver.resolve(recipient).routed and not listener.untrusted_routing

    def ask(table, recipient):
        resolved = listener.resolver.resolve(recipient)
        return lookups.mail(table, resolved.address, listener.access_parents, listener.delimiters)
    found = []
    for suspicious, sub in _split(path, "recipients", routed):
        for result, one in _lookup(listener, item, sub, "recipients", ask):
            if suspicious and result is PERMIT:
                result = DUNNO
            elif suspicious and isinstance(result, Nested):
                result = Nested(result.text, True)
            found.append((result, one))
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
        return PERMIT if valid_literal(helo) else Reject(501, False)
    return _split(path, "helos", classify)


def _helo(accept, code):
    """Make an effect that refuses a HELO name which *accept* does not, and an address in brackets that is none."""
    def classify(helo):
        if helo is None:
            return DUNNO
        if helo.startswith("["):
            return DUNNO if helo.endswith("]") and valid_literal(helo[1:-1]) else Reject(501, False)
        return DUNNO if accept(helo[:-1] if helo.endswith(".") else helo) else Reject(code, False)
    return lambda listener, item, path: _split(path, "helos", classify)


def _fqdn_address(field):
    def classify(text):
        name = text.rpartition("@")[2] if "@" in text else ""
        if not text or (name.startswith("[") and name.endswith("]")):
            return DUNNO
        name = name[:-1] if name.endswith(".") else name
        return DUNNO if "." in name and lookups.valid_hostname(name) else Reject(504, False)
    return lambda listener, item, path: _split(path, field, classify)


def _needs_name(listener, item, path):
    return _split(path, "clients", lambda client: Reject(450, False) if client[0] == "unknown" else DUNNO)


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
    """Make an effect that answers *own* or *foreign* by the recipient's domain."""
    @_needs("recipient")
    def effect(listener, item, path):
        results = {"own": own, "foreign": foreign, "error": SERVER_ERROR}
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


def _unauth_login(listener, item, path):
    maps = split_words(listener.settings.value("smtpd_sender_login_maps"))
    if not listener.sasl or not maps or path.box.login:
        return [(DUNNO, path)]

    def classify(sender):
        if not sender:
            return DUNNO
        try:
            address = listener.resolver.resolve(sender).address
            owned = any(lookups.mail_full(listener.tables.open(spec), address, listener.delimiters) for spec in maps)
        except (TableError, TableFatal, Opaque):
            return Reject(451, True)  # a stranger takes another sender, or none
        return Reject(553, False) if owned else DUNNO
    return _split(path, "senders", classify)


def _plaintext(listener, item, path):
    return [(DUNNO if listener.tls else Reject(450, False), path)]


_unauth = _by_destination(DUNNO, Reject(554, False))
_EFFECTS = {
    "permit": _constant(PERMIT), "reject": _constant(Reject(554, False)), "defer": _constant(Reject(450, False)),
    "defer_if_permit": _constant(DEFER_IF_PERMIT), "defer_if_reject": _constant(DEFER_IF_REJECT),
    "nothing": _constant(DUNNO), "error": _constant(SERVER_ERROR), "plaintext": _plaintext, "policy": _policy,
    "mynetworks": _mynetworks, "sasl": _sasl, "clientcerts": _clientcerts, "all_clientcerts": _clientcerts,
    "naked_ip": _needs("helo")(_naked_ip), "client_access": _client_access, "reverse_access": _reverse_access,
    "named_client": _constant(DUNNO), "ccert_access": _constant(DUNNO), "sasl_access": _constant(DUNNO),
    "needs_name": _needs_name, "dns_allow": _dns_allow, "helo_access": _needs("helo")(_helo_access),
    "valid_helo": _needs("helo")(_helo(lambda name: lookups.valid_hostname(name) or valid_address(name), 501)),
    "fqdn_helo": _needs("helo")(_helo(lambda name: "." in name and lookups.valid_hostname(name), 504)), "dns_helo": _constant(DUNNO),
    "sender_access": _needs("sender")(_sender_access), "dns_sender": _constant(DUNNO),
    "fqdn_sender": _needs("sender")(_fqdn_address("senders")), "unlisted_sender": _constant(DUNNO),
    "auth_login": _constant(DUNNO), "known_login": _needs("sender")(_unauth_login), "unauth_login": _needs("sender")(_unauth_login),
    "recipient_access": _needs("recipient")(_recipient_access), "auth_destination": _by_destination(PERMIT, DUNNO),
    "mx_backup": _mx_backup, "reject_unauth_destination": _unauth,
    "defer_unauth_destination": _by_destination(DUNNO, Reject(454, False)),
    "relay_domains": _by_destination(PERMIT, Reject(554, False)), "dns_recipient": _constant(DUNNO),
    "fqdn_recipient": _needs("recipient")(_fqdn_address("recipients")),
}

__all__ = ["DEFER_IF_PERMIT", "DEFER_IF_REJECT", "DISCARD", "DUNNO", "Nested", "PERMIT", "Reject", "apply", "table_result"]
