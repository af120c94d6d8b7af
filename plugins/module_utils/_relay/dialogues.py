# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The classes of SMTP dialogues that a configuration tells apart, as a Box of representatives."""

from .._postfix.effects import Reject, table_result
from .._postfix.evaluate import ALL, Box
from .._postfix.networks import format_address, parse_address, parse_network
from .._postfix.table_regexps import ADDRESS_FORMS, MAIL_FORMS, NAME_FORMS, mail_forms, name_forms
from .._postfix.tables import Opaque, TableError, TableFatal
from .._postfix.text import split_words
from .trust import representatives

STRANGER_NAME = "mail.stranger.example"
STRANGER_HELO = "mail.stranger.example"
STRANGER_SENDER = "someone@stranger.example"
FOREIGN_USER = "somebody"
FOREIGN_DOMAIN = "elsewhere.example"
# Witnesses read best with an address that documents use.
FAVOURITES = [parse_address(text) for text in ("198.51.100.25", "203.0.113.25", "192.0.2.25", "2001:db8::25")]
LOCAL_NAMES = ("localhost", "localdomain", "local", "lan", "internal", "home", "invalid", "test", "example")
DOMAIN_LISTS = (("mydestination", "local"), ("virtual_alias_domains", "alias"), ("virtual_mailbox_domains", "mailbox"),
                ("relay_domains", "relay"))

# What a stranger says or is, by what tables are asked for: his own names, and foreign recipients in any domain that he owns or
# that belongs to a whole public one.
FORMS = {
    "client_access": name_forms(r"stranger\.example") + ADDRESS_FORMS, "reverse_access": NAME_FORMS + ADDRESS_FORMS,
    "helo_access": NAME_FORMS, "sender_access": mail_forms(r"stranger\.example") + MAIL_FORMS,
    "recipient_access": mail_forms(r"elsewhere\.example", r"([a-z0-9-]+\.)?elsewhere\.([a-z]{2,3}\.)?[a-z]{2,12}"),
}


def strangers(listener, trust):
    """Return the Box of everything that a stranger can say to *listener*."""
    return _box(listener, _clients(listener, trust.excluded(listener.mynetworks.patterns)), foreign(listener))


def towards(listener, trust, recipients):
    """Return the Box of strangers who write to *recipients*."""
    return _box(listener, _clients(listener, trust.excluded(listener.mynetworks.patterns)), recipients)


def everyone(listener, recipients):
    """Return the Box of all clients, trusted ones too."""
    return _box(listener, _clients(listener, []), recipients)


def _box(listener, clients, recipients):
    return Box(tuple(clients), tuple(_helos(listener)), tuple(_senders(listener)), tuple(recipients), False, True)


def _items(listener, effects):
    """Return the table specs that items with one of *effects* ask, classes included."""
    lists = list(listener.lists.values()) + [listener.parse(text, None) for text in listener.classes.values()]
    found = []
    for items in lists:
        for item in items:
            if item.effect in effects and item.argument not in found:
                found.append(item.argument)
    return found


def _tables(listener, effects):
    for spec in _items(listener, effects):
        try:
            yield listener.tables.open(spec)
        except (TableFatal, TableError, Opaque):
            continue


def _samples(listener, effect, table):
    return table.samples(FORMS[effect], _harmless) if hasattr(table, "unreached") else table.samples()


def unreached(listener):
    """Return texts that name the patterns for which nothing could be built, but whose value might let a stranger through."""
    found = []
    for effect, forms in sorted(FORMS.items()):
        for table in _tables(listener, (effect,)):
            rules = table.unreached(forms, _harmless) if hasattr(table, "unreached") else []
            found.extend("whether a stranger can match {0} of {1}".format(name, table.name) for dummy, name in rules)
    return found


def _harmless(value):
    """Tell whether a table's value turns a stranger away whatever else is configured."""
    return "${" not in value and isinstance(table_result(value, ALL), Reject)


def _clients(listener, excluded):
    cuts, tables = [], list(_tables(listener, ("client_access", "reverse_access")))
    for pattern in listener.mynetworks.patterns:
        if pattern.network is not None:
            cuts.append(pattern.network)
        if pattern.table is not None:
            tables.append(pattern.table)
    for table in tables:
        cuts.extend(table.networks())
        cuts.extend(one for one in (_network(key) for key in table.keys()) if one is not None)
    names = []
    for effect in ("client_access", "reverse_access"):
        for text in (text for table in _tables(listener, (effect,)) for text in _samples(listener, effect, table)):
            net = _network(text)
            (names if net is None else cuts).append(text if net is None else net)
    favourites = [parse_network(format_address(one)) for one in FAVOURITES]
    numbers = representatives(cuts + favourites, excluded)
    numbers.sort(key=lambda one: (one not in FAVOURITES, one[0], one[1] == 0, one[1]))
    found = [(STRANGER_NAME, format_address(one)) for one in numbers[:1]] if _asks_name(listener) else []
    found.extend((name, format_address(one)) for name in _unique(names) for one in numbers[:1])
    return found + [("unknown", format_address(one)) for one in numbers]


def _asks_name(listener):
    effects = ("needs_name", "client_access")
    return bool(_items(listener, effects)) or any(item.effect == "needs_name" for items in listener.lists.values() for item in items)


def _network(key):
    """Return the Network of an access(5) client key: an address, or leading octets of one."""
    octets = key.split(".")
    if all(part.isdigit() for part in octets) and 1 <= len(octets) <= 4:
        key = "{0}/{1}".format(".".join(octets + ["0"] * (4 - len(octets))), 8 * len(octets))
    try:
        return parse_network(key)
    except ValueError:
        return None


def _helos(listener):
    found = [STRANGER_HELO]
    for table in _tables(listener, ("helo_access",)):
        found.extend(table.keys() + _samples(listener, "helo_access", table))
    found.append("192.0.2.25")
    if listener.settings.value("smtpd_helo_required") != "yes":
        found.append(None)
    return _unique(found)


def _senders(listener):
    found = [STRANGER_SENDER, ""]
    for table in _tables(listener, ("sender_access",)):
        found.extend(_address(key, "stranger.example") for key in table.keys() if key != listener.null_key)
        found.extend(_samples(listener, "sender_access", table))
    return _unique(found)


def _address(key, domain):
    if key.endswith("@"):
        return key + domain
    return key if "@" in key else FOREIGN_USER + "@" + key.lstrip(".")


def foreign(listener):
    """Return recipients in domains of a stranger's choice, one for each class that the configuration tells apart."""
    found = [FOREIGN_USER + "@" + FOREIGN_DOMAIN]
    for table in _tables(listener, ("recipient_access",)):
        for key in table.keys():
            if key.endswith("@"):
                found.append(key + FOREIGN_DOMAIN)
            elif "@" not in key and is_wide_domain(key):
                found.append("{0}@{1}.{2}".format(FOREIGN_USER, FOREIGN_DOMAIN.partition(".")[0], key.lstrip(".")))
        found.extend(_samples(listener, "recipient_access", table))
    for pattern in listener.resolver.relay.patterns:
        if pattern.table is None and opens_domain(listener, pattern.text):
            found.append("{0}@{1}.{2}".format(FOREIGN_USER, FOREIGN_DOMAIN.partition(".")[0], pattern.text.lstrip(".")))
    if listener.untrusted_routing:
        found.extend("{0}%{1}@{2}".format(FOREIGN_USER, FOREIGN_DOMAIN, domain) for domain, class_ in own_domains(listener)
                     if class_ == "relay")
    return _unique(found)


def is_wide_domain(name):
    """Tell whether *name* is a whole top-level domain, or a second level that registries sell under."""
    labels = name.strip(".").lower().split(".")
    if len(labels) == 1:
        return bool(labels[0])
    return len(labels) == 2 and len(labels[1]) == 2 and labels[0] in ("co", "com", "net", "org", "ac", "gov", "edu", "or", "ne", "gob")


def opens_domain(listener, name):
    """Tell whether *name* in relay_domains opens a whole public domain: not a local name, nor one of the host's own."""
    own = [pattern.text for pattern in listener.resolver.mydestination.patterns]
    return is_wide_domain(name) and name.strip(".") not in LOCAL_NAMES and name not in own


def own_domains(listener):
    """Return [(domain, class)] that the configuration names as the server's own, a few of each class."""
    found = []
    settings = listener.settings.configuration.settings(listener.resolver_service)
    for parameter, class_ in DOMAIN_LISTS:
        names = [word for word in split_words(settings.value(parameter)) if ":" not in word and not word.startswith(("/", "!", "."))]
        for pattern in getattr(listener.resolver, {"local": "mydestination"}.get(class_, class_)).patterns:
            if pattern.table is not None:
                names.extend(key for key in pattern.table.keys()[:5] if "@" not in key)
        found.extend((name, class_) for name in names[:8] if not is_wide_domain(name) or class_ == "local")
    return found


def _unique(values):
    return [value for index, value in enumerate(values) if value not in values[:index]] if len(values) < 50 \
        else list(dict((value, None) for value in values))
