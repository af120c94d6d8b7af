# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings: everything that is wrong with a configuration, by stable id."""

import os
from collections import OrderedDict, namedtuple

from .._postfix.catalogue import LISTS, OTHER_LISTS, RESTRICTIONS
from .._postfix.effects import policy_name
from .._postfix.errors import ConfigError
from .._postfix.evaluate import ALL
from .._postfix.match_lists import ListFatal
from .._postfix.replies import PERMIT, table_result
from .._postfix.tables import Opaque, TableError, TableFatal, safe_name
from .._postfix.text import split_words, unbrace
from .judge import Because, place
from .permitting import may_permit
from .recipients import LOCAL_NAMES, is_wide_domain, opens_domain
from .trust import matches_all

BOM = u"\ufeff"
_ENTITLING = ("mynetworks", "sasl", "clientcerts", "all_clientcerts", "inet_interfaces")  # effects that refuse nobody
# The lists that Postfix has by itself, and those that a plan makes; who takes no logins has them all the same.
_OWN_LISTS = [frozenset(("mynetworks", "sasl", guard)) for guard in ("defer_unauth_destination", "reject_unauth_destination")]

Finding = namedtuple("Finding", "id severity file line parameter service message")

# id: (severity, the sentence; {0} is what was found)
TABLE = OrderedDict((
    ("file_unreadable_to_postfix", ("critical", "Postfix refuses this file: {0}")),
    ("smtpd_does_not_start", ("critical", "nobody is served: {0}")),
    ("stranger_relays", ("critical", "A stranger can relay mail: {0}")),
    ("mynetworks_too_broad", ("high", "{0} in mynetworks trusts public addresses that nobody declared")),
    ("mynetworks_wildcard", ("high", "{0} in mynetworks trusts clients whoever they are")),
    ("mynetworks_broken", ("high", "{0}: every client that reaches this entry gets a server error")),
    ("mynetworks_comment", ("medium", "{0} begins a comment that Postfix does not know here; the rest of the list is lost")),
    ("mynetworks_beyond_declared", ("low", "{0} is trusted, but not among the declared networks")),
    ("recipient_guard_missing", ("medium", "smtpd_recipient_restrictions holds no guard: {0}")),
    ("relay_guard_missing", ("high", "smtpd_relay_restrictions holds no guard: {0}")),
    ("relay_restrictions_empty", ("low", "smtpd_relay_restrictions is empty; the recipient list alone holds the relay closed")),
    ("sender_restrictions_missing", ("low", "smtpd_sender_restrictions is empty: any sender is taken as he names himself")),
    ("sender_restrictions_permissive", ("medium", "smtpd_sender_restrictions permits everyone: {0}")),
    ("client_restrictions_permissive", ("medium", "smtpd_client_restrictions permits everyone: {0}")),
    ("permit_before_guard", ("high", "{0} stands ahead of the guard and permits what a stranger can say or be")),
    ("sasl_off_but_permitted", ("medium", "permit_sasl_authenticated is listed, but smtpd_sasl_auth_enable is no: no one can log in")),
    ("sasl_anonymous", ("high", "smtpd_sasl_security_options lacks noanonymous")),
    ("sasl_plaintext_without_tls", ("medium", "logins are taken without TLS: smtpd_tls_auth_only is no")),
    ("sasl_socket_missing", ("high", "{0}: no such socket; smtpd ends each connection until Dovecot listens there")),
    ("unknown_restriction", ("high", "{0}: answers a server error when it is reached")),
    ("policy_default_permits", ("high", "{0} permits whoever asks while it does not answer: its default action is to permit")),
    ("table_missing", ("high", "{0}")),
    ("table_stale", ("medium", "{0}: the compiled map differs from its source text, which Postfix does not read: run postmap {0}")),
    ("table_unreadable", ("low", "{0}: what it answers is not known here")),
    ("xclient_too_broad", ("high", "smtpd_authorized_xclient_hosts lets {0} name any client address, a trusted one too")),
    ("proxy_protocol", ("medium", "smtpd_upstream_proxy_protocol believes the client address that a connection names: "
                                  "only the proxy may reach this port")),
    ("qmqpd_open", ("high", "qmqpd_authorized_clients trusts {0}, and qmqpd checks no destination")),
    ("relay_domains_wildcard", ("high", "{0} in relay_domains makes this server relay for whole public domains")),
    ("own_domains_wildcard", ("medium", "{0} takes mail for every domain and bounces it: backscatter")),
    ("untrusted_routing", ("high", "allow_untrusted_routing is yes: routed addresses count as the server's own")),
    ("clientcerts_wildcard", ("high", "{0} in relay_clientcerts accepts any certificate")),
    ("clientcerts_any_authority", ("medium", "{0} permits every certificate that any authority trusted here has signed")),
    ("byte_order_mark", ("high", "the file begins with a byte order mark, which Postfix reads as part of the first name: {0} is not set")),
    ("duplicate_parameter", ("low", "this entry is overridden by a later one of the same name")),
    ("master_override", ("low", "an -o override in master.cf is in force here instead of main.cf")),
))


def make(id_, place_, service, text=""):
    """Return a Finding; *place_* has file, line and parameter."""
    severity, sentence = TABLE[id_]
    return Finding(id_, severity, place_.file, place_.line, place_.parameter, service, sentence.format(text))


def find(configuration, verdict, trust):
    """Return the Findings of a judged configuration, each once, worst first."""
    found = []
    for entry in configuration.main.duplicates():
        found.append(Finding("duplicate_parameter", TABLE["duplicate_parameter"][0], configuration.main.path, entry.line,
                             entry.name, None, TABLE["duplicate_parameter"][1]))
    for entry in configuration.main.entries[:1]:
        if entry.name.startswith(BOM):
            where = Because(configuration.main.path, entry.line, entry.name.lstrip(BOM), None)
            found.append(make("byte_order_mark", where, None, where.parameter))
    for judged in verdict.listeners:
        found.extend(_judged(configuration, judged))
        if judged.listener is not None:
            for check in _CHECKS:
                found.extend(check(judged.listener, judged.service, trust))
    if any(judged.listener is not None and judged.listener.sasl for judged in verdict.listeners):
        found = [one for one in found if one.id != "sasl_off_but_permitted"]  # who logs in does so at another port
    found.extend(_qmqpd(configuration, trust))
    ranks = ("critical", "high", "medium", "low")
    unique = list(OrderedDict((one[:5] + (one.message,), one) for one in found).values())
    return sorted(unique, key=lambda one: (ranks.index(one.severity), one.id))


def _judged(configuration, judged):
    file_error = configuration.main.error or (configuration.master is not None and configuration.master.error)
    if file_error:
        return [Finding("file_unreadable_to_postfix", "critical", file_error.file, file_error.line, file_error.parameter, None,
                        TABLE["file_unreadable_to_postfix"][1].format(file_error.message))]
    if judged.verdict == "down":
        settings = configuration.settings(judged.entry)
        lists = [place(settings, name, None, None) for name in ("smtpd_relay_restrictions", "smtpd_recipient_restrictions")]
        where = next((one for one in judged.failing if one.file or one.parameter), lists[0] if lists[0].file else lists[1])
        return [make("smtpd_does_not_start", where, judged.service, "; ".join(judged.reasons))]
    if judged.verdict == "open":
        said = judged.witness
        first = judged.because[0] if judged.because else place(configuration.settings(judged.entry), "smtpd_relay_restrictions", None, None)
        return [make("stranger_relays", first, judged.service, "from {0} [{1}], MAIL FROM:<{2}>, RCPT TO:<{3}>".format(
            said.client_name, said.client_address, said.sender, said.recipient))]
    return []


def _at(listener, parameter, word=None):
    return place(listener.settings, parameter, word, None)


def _mynetworks(listener, service, trust):
    found = []
    here = _at(listener, "mynetworks")
    for pattern in listener.mynetworks.patterns:
        if pattern.error is not None:
            found.append(make("mynetworks_broken", here, service, pattern.error))
        elif pattern.negate:
            continue
        elif pattern.network is not None and trust.too_wide(pattern.network):
            found.append(make("mynetworks_too_broad", here, service, pattern.text))
        elif pattern.network is not None and trust.declared is not None:
            if not any(pattern.network.within(one) for one in trust.declared) and not pattern.text.startswith(("127.", "[::1]", "[::ffff:127.")):
                found.append(make("mynetworks_beyond_declared", here, service, pattern.text))
        elif is_wildcard(pattern):
            found.append(make("mynetworks_wildcard", here, service, safe_name(pattern.text)))
        elif pattern.table is not None:
            found.extend(make("mynetworks_too_broad", here, service, "{0} of {1}".format(net, safe_name(pattern.text)))
                         for net in pattern.table.networks() if trust.too_wide(net))
    if listener.mynetworks.comment is not None:
        found.append(make("mynetworks_comment", here, service, listener.mynetworks.comment))
    return found


def is_wildcard(pattern):
    """Tell whether a pattern of a client list trusts whoever he is: without a name, with one below a whole public domain, or anyone."""
    if pattern.table is not None:
        return matches_all(pattern.table)
    wide = is_wide_domain(pattern.text) and pattern.text.strip(".") not in LOCAL_NAMES
    return pattern.network is None and (pattern.text == "unknown" or wide and not pattern.text.strip(".").isdigit())


def _guards(listener, service, trust):
    found = []
    relay, recipient = (listener.lists[name] for name in ("smtpd_relay_restrictions", "smtpd_recipient_restrictions"))
    if not listener.settings.value("smtpd_relay_restrictions"):
        relay = ()  # what smtpd tries in its place guards nothing
        found.append(make("relay_restrictions_empty", _at(listener, "smtpd_relay_restrictions"), service))
    for name, id_, items in (("smtpd_relay_restrictions", "relay_guard_missing", relay),
                             ("smtpd_recipient_restrictions", "recipient_guard_missing", recipient)):
        if items and not any(item.effect in ("reject", "defer", "reject_unauth_destination", "defer_unauth_destination", "relay_domains")
                             and not item.warn for item in items):
            found.append(make(id_, _at(listener, name), service, "it ends in permission"))
    return found


def _bare_permits(listener, service, trust):
    found = []
    for name, id_ in (("smtpd_sender_restrictions", "sender_restrictions_permissive"),
                      ("smtpd_client_restrictions", "client_restrictions_permissive")):
        if not listener.lists[name] and name == "smtpd_sender_restrictions":
            found.append(make("sender_restrictions_missing", _at(listener, name), service))
        for index, item in enumerate(listener.lists[name]):
            if (item.effect == "permit" or (item.argument or "").startswith("static:OK")) and not _last_word(listener.lists[name], index):
                found.append(make(id_, _at(listener, name, item.word), service, item.name))
    for name in ("smtpd_relay_restrictions", "smtpd_recipient_restrictions"):
        items = listener.lists[name]
        guards = [index for index, item in enumerate(items)
                  if item.effect in ("reject_unauth_destination", "defer_unauth_destination", "reject", "defer") and not item.warn]
        for item in items[:guards[0]] if guards else ():
            if item.effect == "permit" or item.effect in ("helo_access", "sender_access") and may_permit(listener.tables, item.argument):
                text = "{0} {1}".format(item.name, safe_name(item.argument) if item.argument else "").strip()
                found.append(make("permit_before_guard", _at(listener, name, item.word), service, text))
    return found


def _last_word(items, index):
    """Tell whether a permission says what the end of the list would, once the items ahead of it have refused whom they refuse."""
    return index == len(items) - 1 and any(item.effect not in _ENTITLING for item in items[:index])


def _items(listener, service, trust):
    found = []
    later = [(name, listener.parse(listener.settings.value(name), None)) for name in OTHER_LISTS]
    for name, items in [(name, listener.lists[name]) for name, dummy in LISTS] + later:
        for item in items:
            if item.effect == "policy" and _permits(listener, item.argument):
                found.append(make("policy_default_permits", _at(listener, name, item.word), service, policy_name(item.argument)))
            if item.effect in ("error", "relay_domains_gone"):
                found.append(make("unknown_restriction", _at(listener, name, item.word), service, item.argument))
            elif item.name in RESTRICTIONS and RESTRICTIONS[item.name].argument == "table" and item.argument:
                found.extend(_table(listener, service, _at(listener, name, item.word), item.argument))
    return found


def _permits(listener, endpoint):
    """Tell whether a policy service that does not answer counts as one that permits (SMTPD_POLICY_README)."""
    words = split_words(unbrace(endpoint) or "") if endpoint.startswith("{") else []
    pairs = [((unbrace(word) or "") if word.startswith("{") else word).partition("=")[::2] for word in words]
    action = dict((name.strip(), value.strip()) for name, value in pairs).get(
        "default_action", listener.settings.value("smtpd_policy_service_default_action"))
    return table_result(action, ALL, lambda parameter: 550) is PERMIT or action.split()[:1] == ["permit"]


def _table(listener, service, where, spec):
    try:
        table = listener.tables.open(spec)
        table.get("kzq7.stranger.example")
    except (TableError, TableFatal) as exc:
        return [make("table_missing", where, service, str(exc))]
    except Opaque as exc:
        return [make("table_unreadable", where, service, str(exc))]
    return _stale(table, where, service)


def _stale(table, where, service):
    return [make("table_stale", where, service, table.name)] if table.stale else []


def _stale_lists(listener, service, trust):
    lists = [("mynetworks", listener.mynetworks), ("mydestination", listener.resolver.mydestination), ("relay_domains", listener.resolver.relay),
             ("virtual_alias_domains", listener.resolver.alias), ("virtual_mailbox_domains", listener.resolver.mailbox)]
    return [one for name, match_list in lists for pattern in match_list.patterns if pattern.table is not None
            for one in _stale(pattern.table, _at(listener, name), service)]


def _sasl(listener, service, trust):
    found = []
    if not listener.sasl:
        effects = [frozenset(item.effect for item in listener.lists[name]) for name in ("smtpd_relay_restrictions", "smtpd_recipient_restrictions")
                   if listener.settings.origin(name) is not None]
        if any("sasl" in one and one not in _OWN_LISTS for one in effects):
            found.append(make("sasl_off_but_permitted", _at(listener, "smtpd_sasl_auth_enable"), service))
        return found
    if "noanonymous" not in split_words(listener.settings.value("smtpd_sasl_security_options")):
        found.append(make("sasl_anonymous", _at(listener, "smtpd_sasl_security_options"), service))
    if listener.settings.value("smtpd_tls_auth_only") != "yes" and listener.settings.value("smtpd_tls_security_level") != "encrypt" \
            and listener.settings.value("smtpd_tls_wrappermode") != "yes":
        found.append(make("sasl_plaintext_without_tls", _at(listener, "smtpd_tls_auth_only"), service))
    socket = _dovecot_socket(listener.settings)
    if socket is not None and not listener.settings.configuration.files.exists(socket):
        found.append(make("sasl_socket_missing", _at(listener, "smtpd_sasl_path"), service, socket))
    return found


def _dovecot_socket(settings):
    """Return the path where smtpd looks for Dovecot, or None where it is no file of this host (SASL_README)."""
    path = settings.value("smtpd_sasl_path")
    if settings.value("smtpd_sasl_type") != "dovecot" or path.startswith("inet:") or not settings.configuration.files.compiled_needed:
        return None
    path = path[len("unix:"):] if path.startswith("unix:") else path
    return os.path.join(settings.value("queue_directory"), path)


def _ways(listener, service, trust):
    found = []
    for pattern in listener.settings.match_list("smtpd_authorized_xclient_hosts").patterns:
        wide = pattern.network is not None and trust.too_wide(pattern.network)
        if wide or is_wildcard(pattern):
            found.append(make("xclient_too_broad", _at(listener, "smtpd_authorized_xclient_hosts"), service, safe_name(pattern.text)))
    if listener.settings.value("smtpd_upstream_proxy_protocol"):
        found.append(make("proxy_protocol", _at(listener, "smtpd_upstream_proxy_protocol"), service))
    if listener.untrusted_routing:
        found.append(make("untrusted_routing", _at(listener, "allow_untrusted_routing"), service))
    for pattern in listener.resolver.relay.patterns:
        wide = matches_all(pattern.table) if pattern.table is not None else opens_domain(listener, pattern.text)
        if wide and not pattern.negate:
            found.append(make("relay_domains_wildcard", _at(listener, "relay_domains"), service, safe_name(pattern.text)))
    for name, match_list in (("mydestination", listener.resolver.mydestination), ("virtual_alias_domains", listener.resolver.alias),
                             ("virtual_mailbox_domains", listener.resolver.mailbox)):
        if any(one.table is not None and not one.negate and matches_all(one.table) for one in match_list.patterns):
            found.append(make("own_domains_wildcard", _at(listener, name), service, name))
    for spec in split_words(listener.clientcerts):
        if matches_all(listener.tables.open(spec)):
            found.append(make("clientcerts_wildcard", _at(listener, "relay_clientcerts"), service, safe_name(spec)))
    for name in ("smtpd_relay_restrictions", "smtpd_recipient_restrictions") if listener.asks_certificates else ():
        found.extend(make("clientcerts_any_authority", _at(listener, name, item.word), service, item.name)
                     for item in listener.lists[name] if item.effect == "all_clientcerts")
    return found


def _overrides(listener, service, trust):
    names = [name for name, dummy in LISTS[3:]] + ["mynetworks"]
    return [make("master_override", _at(listener, name), service) for name in names
            if listener.settings.service is not None and listener.settings.service.option(name) is not None]


def _qmqpd(configuration, trust):
    found = []
    for service in configuration.services("qmqpd"):
        try:
            settings = configuration.settings(service)
            patterns = settings.match_list("qmqpd_authorized_clients").patterns
        except (ConfigError, ListFatal):
            continue
        for pattern in patterns:
            if pattern.network is not None and trust.too_wide(pattern.network) or is_wildcard(pattern):
                found.append(make("qmqpd_open", place(settings, "qmqpd_authorized_clients", None, None), service.name, safe_name(pattern.text)))
    return found


_CHECKS = (_mynetworks, _guards, _bare_permits, _items, _sasl, _ways, _overrides, _stale_lists)

__all__ = ["Finding", "TABLE", "find", "is_wildcard"]
