# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The classes of SMTP dialogues that a configuration tells apart, as a Box of representatives."""

import re

from .._postfix.catalogue import SHORTHAND
from .._postfix.evaluate import ALL, Box
from .._postfix.lookups import valid_hostname
from .._postfix.networks import BITS, format_address, parse_address, parse_network, valid_address
from .._postfix.pattern_forms import ADDRESS_FORMS, MAIL_FORMS, NAME_FORMS, mail_forms, name_forms
from .._postfix.replies import Reject, table_result
from .._postfix.table_cidr import CidrTable
from .._postfix.tables import Opaque, TableError, TableFatal, safe_name
from .._postfix.text import split_words
from .as_patterns import MOST, rules
from .trust import NOWHERE, UNREACHABLE, classes, layer
from .unnamed import FOREIGN_USER, address, below, stranger_domain, under, unnamed, user

STRANGER_NAME = "mail.stranger.example"
STRANGER_SENDER = "someone@stranger.example"
# Domains of which no server here knows; the first two that a configuration does not name stand for all such domains.
FOREIGN_DOMAINS = ("elsewhere.example", "nowhere.test", "somewhere-else.invalid", "mail.elsewhere.example.org", "far-away.example.net",
                   "elsewhere.kzq7")
# Witnesses read best with an address that documents use.
FAVOURITES = [parse_address(text) for text in ("198.51.100.25", "203.0.113.25", "192.0.2.25", "2001:db8::25")]
_CLIENT_EFFECTS = ("client_access", "reverse_access")
LOCAL_NAMES = ("localhost", "localdomain", "local", "lan", "internal", "home")
SECOND_LEVELS = ("co", "com", "net", "org", "ac", "gov", "edu", "or", "ne", "gob")
OWN_CLASSES = ("local", "alias", "mailbox")
DOMAIN_LISTS = (("mydestination", "local"), ("virtual_alias_domains", "alias"), ("virtual_mailbox_domains", "mailbox"),
                ("relay_domains", "relay"))

# What a stranger says or is, by what tables are asked for: his own names, and domains that he owns or that a whole public one holds.
HELO_FORMS = NAME_FORMS
MANY = 50  # of the keys of a table, where names stand for each other
# Mail for the server's own domains, and by way of them.
ROUTED = ("@{other}:{user}@{own}", "{user}%{own}@{own}", "{other}!{user}@{own}", "{own}!{user}@{own}", "{own}!{user}", '"{user}@{other}"@{own}',
          "{user}%{other}@{own}", "{user}@[127.0.0.1]")
PUBLIC_DOMAIN = r"([a-z0-9-]+\.)?elsewhere\.([a-z]{2,3}\.)?[a-z]{2,12}"


def strangers(listener, trust):
    """Return the Box of everything that a stranger can say to *listener*."""
    clients = classes(_layers(listener), trust.excluded(listener.mynetworks.patterns), FAVOURITES, _told(_client_tables(listener)))
    return _box(listener, _clients(listener, clients), foreign(listener))


def strangers_of(match_list, trust, believed, families):
    """Return the clients, (name, address), whom a list of clients tells apart among strangers.

    :param believed: patterns of a mynetworks list, whose narrow entries are no strangers
    """
    layers = [layer((one.network, one) for one in match_list.patterns if one.network is not None)]
    layers += [layer(_labelled(one.table, True)) for one in match_list.patterns if one.table is not None]
    told = _told([one.table for one in match_list.patterns if one.table is not None])
    found = classes(layers, trust.excluded(list(believed) + list(match_list.patterns)), FAVOURITES, told)
    return [("unknown", format_address(one)) for one in found if one[0] in families]


def everyone(listener, compared, trusted):
    """Return the Box of everything that anyone can say to *listener*: trusted clients and the server's own recipients too.

    :param compared: the Listeners that shall tell the same clients apart
    :param trusted: list of Networks; a client stands either for those within or for those outside
    """
    layers = [layer((network, True) for network in networks) for networks in (trusted, UNREACHABLE)]
    layers += [one for other in compared for one in _layers(other)]
    told = _told([table for other in compared for table in _client_tables(other)])
    clients = _clients(listener, classes(layers, NOWHERE, FAVOURITES, told))
    addresses = [address for name, address in clients if name == "unknown"]
    samples = [[one for one in addresses if any(network.holds(parse_address(one)) for network in trusted) is inside][:1] for inside in (True, False)]
    clients += [(STRANGER_NAME, one) for one in addresses] + [(name, one) for name in _known_names(compared) for one in samples[0] + samples[1]]
    box = _box(listener, clients, foreign(listener))
    return box._replace(recipients=tuple(_unique(list(box.recipients) + own_recipients(listener, box) + _routed(listener, box.recipients[0]))))


def _routed(listener, elsewhere):
    """Return the forms in which mail for the server's own domains, or by way of them, is addressed."""
    domains = [domain for domain, class_ in own_domains(listener) if class_ in OWN_CLASSES][:1]
    foreign_domain = elsewhere.rpartition("@")[2]
    return [form.format(user=FOREIGN_USER, own=domain, other=foreign_domain) for form in ROUTED for domain in domains]


def _box(listener, clients, recipients):
    return Box(tuple(clients), tuple(_helos(listener)), tuple(_senders(listener)), tuple(recipients), None)


def _items(listener, effects):
    """Return the table specs that items with one of *effects* ask, classes included."""
    lists = [listener.lists[name] for name in listener.order]
    lists += [listener.class_of(name, shorthand) for name in listener.classes for shorthand in sorted(set(SHORTHAND.values()))]
    found = []
    for items in lists:
        for item in items:
            if item.effect in effects and item.argument not in found:
                found.append(item.argument)
    return found


def _tables(listener, effects):
    return _opened(listener, _items(listener, effects))


def _opened(listener, specs):
    for spec in specs:
        try:
            yield listener.tables.open(spec)
        except (TableFatal, TableError, Opaque):
            continue


def _layers(listener):
    """Return what tells clients apart, as layers for classes(): which entry of mynetworks holds them, what each table answers."""
    patterns = [one for one in listener.mynetworks.patterns if one.network is not None]
    found = [layer((one.network, one) for one in patterns)]
    for tables, exact in ((_trusted_tables(listener), True), (_tables(listener, _CLIENT_EFFECTS), False)):
        for table in tables:
            if isinstance(table, CidrTable):
                found.append(dict((family, table.answers(family)) for family in BITS))
            else:
                found.append(layer(_labelled(table, exact)))
    met = _passing(listener, list(_tables(listener, _CLIENT_EFFECTS)), ADDRESS_FORMS, "name")
    return found + [layer((network, network) for text in met for network in _networks(text))]


def _client_tables(listener):
    return _trusted_tables(listener) + list(_tables(listener, _CLIENT_EFFECTS))


def _told(tables):
    """Return the function that says what those of *tables* whose answers no ranges tell say of an address; None where there are none."""
    tables = [table for table in tables if not table.fixed and not isinstance(table, CidrTable)]
    return (lambda one: tuple(_answer(table, format_address(one)) for table in tables)) if tables else None


def _answer(table, key):
    try:
        return table.get(key)
    except (TableError, Opaque) as exc:
        return str(exc)


def _trusted_tables(listener):
    return [pattern.table for pattern in listener.mynetworks.patterns if pattern.table is not None]


def _labelled(table, exact):
    """Return [(Network, label)], the narrowest first, for the networks and the addresses that *table* tells apart.

    The label is the table's answer where that is known to be all that counts, else one of its own. *exact*: whether whole
    addresses alone are looked up, as in match lists.
    """
    found = [(network, network) for network in table.networks()]
    # In a match list any answer counts, in an access table one that turns a stranger away does not matter here.
    for key in table.keys() + table.samples(ADDRESS_FORMS, None if exact else _turns_away):
        for network in _networks(key):
            # Postfix asks for the address as it is printed, and for its leading octets.
            printed = format_address((network.family, network.first))
            sure = table.fixed and (key == printed or not exact and printed.startswith(key + "."))
            found.append((network, table.get(key) if sure else network))
    found.sort(key=lambda one: (-one[0].length, one[1] is one[0]))
    return found


def _clients(listener, numbers):
    numbers = [one for one in numbers if one[0] in listener.families]
    numbers.sort(key=lambda one: (one not in FAVOURITES, one[0], one[1] == 0, one[1]))
    found = [(name, format_address(one)) for name in _names(listener) for one in numbers[:1]]
    return found + [("unknown", format_address(one)) for one in numbers]


def _names(listener):
    """Return the client names that a stranger may own and that the configuration tells apart."""
    trusted, tables = _trusted_tables(listener), list(_tables(listener, _CLIENT_EFFECTS))
    keys = [key for table in trusted + tables for key in table.keys()]
    forms = _client_forms(listener)
    texts = [text for table in trusted for text in table.samples(forms)]
    texts += [text for table in tables for text in table.samples(forms, _turns_away)] + _passing(listener, tables, forms, "name")
    found = ["mail." + stranger_domain(keys)] if _asks_name(listener) else []
    wide = [pattern.text for pattern in listener.mynetworks.patterns if pattern.table is None and pattern.network is None] + keys
    found.extend(STRANGER_NAME.rpartition(".")[0] + "." + name.strip(".") for name in wide
                 if is_wide_domain(name) and not name.strip(".").isdigit() and name != "unknown")
    found.extend(text for text in texts if not valid_address(text))
    return _unique(found)


def _known_names(listeners):
    """Return the client names that any of *listeners* knows, whoever owns them."""
    keys = [key for listener in listeners for table in _trusted_tables(listener) + list(_tables(listener, _CLIENT_EFFECTS))
            for key in table.keys()[:MANY]]
    keys += [one.text for listener in listeners for one in listener.mynetworks.patterns if one.table is None and one.network is None]
    names = [("mail" if key.startswith(".") else "") + key.lower() for key in keys]
    return _unique([name for name in names if name != "unknown" and valid_hostname(name) and not valid_address(name)])


def _asks_name(listener):
    effects = ("needs_name", "client_access")
    return bool(_items(listener, effects)) or any(item.effect == "needs_name" for items in listener.lists.values() for item in items)


def _networks(key):
    """Return the Networks that an access(5) client key tells apart: of an address, or of leading octets or groups of one."""
    texts = [key]
    if ":" in key:
        groups = key.rstrip(":").split(":")
        if len(groups) < 8 and all(groups):
            # A group of zeros is printed as ::, which a key may end in or not.
            texts = ["{0}::/{1}".format(":".join(groups), 16 * bits) for bits in range(len(groups), min(len(groups) + 2, 8))]
    else:
        octets = key.split(".")
        if all(part.isdigit() for part in octets) and 1 <= len(octets) <= 4:
            texts = ["{0}/{1}".format(".".join(octets + ["0"] * (4 - len(octets))), 8 * len(octets))]
    try:
        return [parse_network(text) for text in texts]
    except ValueError:
        return []


def _helos(listener):
    tables = list(_tables(listener, ("helo_access",)))
    keys = frozenset(key for table in tables for key in table.keys())
    found = ["mail." + stranger_domain(keys)]
    for table in tables:
        found.extend(below(key, keys) if key.startswith(".") else key for key in table.keys())
        found.extend(_subdomains(table, keys))
        found.extend(table.samples(HELO_FORMS, _turns_away))
    found.extend(_passing(listener, tables, HELO_FORMS, "name"))
    found.append("192.0.2.25")
    if not listener.helo_required:
        found.append(None)
    return _unique(found)


def _subdomains(table, keys):
    """Return a name below each domain that *table* knows and does not turn away: what refuses the domain itself may not refuse this one.

    Such are a domain without a dot, and one that a pattern or another table names to its end.
    """
    names = [(key, below("." + key, keys)) for key in table.keys() if not key.startswith(".") and not valid_address(key)]
    return [name for key, name in names if valid_hostname(name) and not _turns_away(str(_answer(table, key)))]


def _senders(listener):
    tables, forms = list(_tables(listener, ("sender_access",))), _sender_forms(listener)
    keys = frozenset(key for table in tables for key in table.keys())
    domain, who = stranger_domain(keys), user("someone", keys)
    found = [who + "@" + domain, ""]
    for table in tables:
        found.extend(address(key, domain, keys) for key in table.keys() if key != listener.null_key)
        found.extend(who + "@" + name for name in _subdomains(table, keys))
        found.extend(table.samples(forms, _turns_away))
    found.extend(_passing(listener, tables, forms, "mail"))
    return _unique(found)


def _sender_forms(listener):
    return mail_forms(re.escape(stranger_domain(key for table in _tables(listener, ("sender_access",)) for key in table.keys()))) + MAIL_FORMS


def _client_forms(listener):
    tables = _trusted_tables(listener) + list(_tables(listener, _CLIENT_EFFECTS))
    return name_forms(re.escape(stranger_domain(key for table in tables for key in table.keys()))) + ADDRESS_FORMS


def foreign(listener):
    """Return recipients in domains of a stranger's choice, one for each class that the configuration tells apart."""
    tables = list(_tables(listener, ("recipient_access",)))
    keys = [key for table in tables for key in table.keys()]
    fresh = _fresh(listener, keys)
    who = user(FOREIGN_USER, keys)
    found = [who + "@" + domain for domain in fresh]
    found.extend(key + fresh[0] for key in keys if key.endswith("@"))
    found.extend(text for table in tables for text in table.samples(_recipient_forms(fresh), _turns_away))
    found.extend(_passing(listener, tables, _recipient_forms(fresh), "mail"))
    found.extend(who + "@" + text for pattern in listener.resolver.relay.patterns if pattern.table is not None
                 for text in pattern.table.samples(_domain_forms(fresh)))
    relayed = [pattern.text for pattern in listener.resolver.relay.patterns if pattern.table is None and not pattern.negate]
    said = frozenset(keys + [pattern.text for pattern in listener.resolver.relay.patterns])
    found.extend(who + "@" + under(name.strip("."), fresh[0].partition(".")[0], said)
                 for name in [one for one in keys if "@" not in one and is_wide_domain(one)]
                 + [one for one in relayed if opens_domain(listener, one)])
    if listener.untrusted_routing:
        found.extend("{0}%{1}@{2}".format(who, fresh[0], domain) for domain, class_ in own_domains(listener) if class_ == "relay")
    return _unique(found)


def _recipient_forms(fresh):
    return mail_forms(*([re.escape(domain) for domain in fresh] + [PUBLIC_DOMAIN]))


def _domain_forms(fresh):
    return name_forms(*([re.escape(domain) for domain in fresh] + [PUBLIC_DOMAIN]))


def unreached(listener):
    """Return {spec of a table: text that names the patterns for which nothing could be built} where their values might let a stranger through."""
    found = {}
    clients = _client_forms(listener)
    for effect, forms in (("client_access", clients), ("reverse_access", clients), ("helo_access", HELO_FORMS),
                          ("sender_access", _sender_forms(listener)), ("recipient_access", _recipient_forms(FOREIGN_DOMAINS[:2]))):
        for spec in _items(listener, (effect,)):
            names = [name for table in _opened(listener, [spec]) for dummy, name in table.unreached(forms, _turns_away)]
            if names:
                found[spec] = "whether a stranger can match {0} of {1}".format(", ".join(names), safe_name(spec))
    return found


def _passing(listener, tables, forms, style):
    """Return texts that get past all of several tables of which at least one has patterns, where one of each table need not.

    :param str style: what the tables are asked about, see as_patterns.py
    """
    tables = [table for table in tables if not isinstance(table, CidrTable) and (getattr(table, "rules", None) or table.keys())]
    if len(tables) < 2 or all(table.keys() for table in tables):
        return []
    from .._postfix.table_regexps import PatternTable, passing  # as tables.py does
    found = []
    for table in tables:
        pairs = [(key, str(_answer(table, key))) for key in table.keys()[:MOST]]
        found.append(PatternTable("pcre", table.name, rules(pairs, style, listener.access_parents)) if pairs else table)
    return passing(found, forms, _turns_away)


def _turns_away(value):
    """Tell whether a value of an access table refuses a stranger, whatever else is configured."""
    return "${" not in value and isinstance(table_result(value, ALL, lambda parameter: 550), Reject)


def _fresh(listener, keys):
    """Return two of FOREIGN_DOMAINS, at least one, that are not the server's own, and of which *keys* name neither the domain nor a parent."""
    found = [domain for domain in unnamed(FOREIGN_DOMAINS, keys)
             if listener.resolver.resolve(FOREIGN_USER + "@" + domain).class_ not in OWN_CLASSES]
    return found[:2] or list(FOREIGN_DOMAINS[:1])


def is_wide_domain(name):
    """Tell whether *name* is a whole top-level domain, or a second level that registries sell under."""
    labels = name.strip(".").lower().split(".")
    if not valid_hostname(".".join(labels)):
        return False
    if len(labels) == 1:
        return True
    return len(labels) == 2 and len(labels[1]) == 2 and labels[0] in SECOND_LEVELS


def opens_domain(listener, name):
    """Tell whether *name* in relay_domains opens a whole public domain: not a local name, nor one of the host's own."""
    own = [pattern.text for pattern in listener.resolver.mydestination.patterns]
    return is_wide_domain(name) and name.strip(".") not in LOCAL_NAMES and name not in own


def own_domains(listener):
    """Return [(domain, class)] that the configuration names as the server's own, a few of each class."""
    found = []  # type: list[tuple[str, str]]
    settings = listener.settings.configuration.settings(listener.resolver_service)
    for parameter, class_ in DOMAIN_LISTS:
        names = [word for word in split_words(settings.value(parameter)) if ":" not in word and not word.startswith(("/", "!", "."))]
        for pattern in getattr(listener.resolver, {"local": "mydestination"}.get(class_, class_)).patterns:
            if pattern.table is not None:
                names.extend(key for key in pattern.table.keys()[:5] if "@" not in key)
        found.extend((name, class_) for name in names[:8] if not is_wide_domain(name) or class_ == "local")
    # The host's own name need not be named: relay_domains holds subdomains too, and is $mydestination by default.
    host = listener.resolver.myhostname
    class_ = listener.resolver.resolve(FOREIGN_USER + "@" + host).class_
    return found + ([(host, class_)] if class_ in dict(DOMAIN_LISTS).values() and host not in dict(found) else [])


def own_recipients(listener, box):
    """Return recipients in the server's own domains: the postmaster, anyone, and those whom its tables of recipients name.

    :param Box box: of strangers, whose recipients show which local parts matter
    """
    domains = [domain for domain, dummy in own_domains(listener)]
    users = ["postmaster", FOREIGN_USER]
    found = [user + "@" + domain for domain in domains for user in users]
    found.extend(text.rpartition("@")[0] + "@" + domain for domain in domains[:1] for text in box.recipients)
    found.extend(allowed_recipients(listener))
    patterns = [one for name in ("mydestination", "alias", "mailbox") for one in getattr(listener.resolver, name).patterns]
    found.extend(user + "@" + text for one in patterns if one.table is not None for text in one.table.samples(NAME_FORMS) for user in users)
    return _unique(found)


def allowed_recipients(listener):
    """Return recipients that tables of recipients name: addresses, and anyone in a domain that is no whole public one."""
    keys = [key for table in _tables(listener, ("recipient_access",)) for key in table.keys()]
    domains = [("mail" if key.startswith(".") else "") + key for key in keys if "@" not in key and not is_wide_domain(key)]
    return [key for key in keys if "@" in key[1:-1]] + [FOREIGN_USER + "@" + one for one in domains if valid_hostname(one) and not valid_address(one)]


def _unique(values):
    return [value for index, value in enumerate(values) if value not in values[:index]] if len(values) < 50 \
        else list(dict((value, None) for value in values))
