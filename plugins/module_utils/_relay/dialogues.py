# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The classes of SMTP dialogues that a configuration tells apart, as a Box of representatives."""

import re

from .._postfix.evaluate import Box
from .._postfix.lookups import valid_hostname
from .._postfix.networks import format_address, parse_address, valid_address
from .._postfix.pattern_forms import MAIL_FORMS, NAME_FORMS, mail_forms
from .._postfix.tables import safe_name
from .asked import answer, passing_all, specs, tables_of, turns_away, unique
from .clients import FAVOURITES, STRANGER_NAME, client_forms, client_tables, clients_at, known_names, labelled, layers_of, teller
from .recipients import FOREIGN_DOMAINS, foreign, own_recipients, recipient_forms, routed
from .trust import NOWHERE, UNREACHABLE, classes, layer
from .unnamed import address, below, stranger_domain, user

STRANGER_SENDER = "someone@stranger.example"


def strangers(listener, trust):
    """Return the Box of everything that a stranger can say to *listener*."""
    clients = classes(layers_of(listener), trust.excluded(listener.mynetworks.patterns), FAVOURITES, teller(client_tables(listener)))
    return _box(listener, clients_at(listener, clients), foreign(listener))


def strangers_of(match_list, trust, believed, families):
    """Return the clients, (name, address), whom a list of clients tells apart among strangers.

    :param believed: patterns of a mynetworks list, whose narrow entries are no strangers
    """
    layers = [layer((one.network, one) for one in match_list.patterns if one.network is not None)]
    layers += [layer(labelled(one.table, True)) for one in match_list.patterns if one.table is not None]
    told = teller([one.table for one in match_list.patterns if one.table is not None])
    found = classes(layers, trust.excluded(list(believed) + list(match_list.patterns)), FAVOURITES, told)
    return [("unknown", format_address(one)) for one in found if one[0] in families]


def everyone(listener, compared, trusted):
    """Return the Box of everything that anyone can say to *listener*: trusted clients and the server's own recipients too.

    :param compared: the Listeners that shall tell the same clients apart
    :param trusted: list of Networks; a client stands either for those within or for those outside
    """
    layers = [layer((network, True) for network in networks) for networks in (trusted, UNREACHABLE)]
    layers += [one for other in compared for one in layers_of(other)]
    told = teller([table for other in compared for table in client_tables(other)])
    clients = clients_at(listener, classes(layers, NOWHERE, FAVOURITES, told))
    addresses = [address for name, address in clients if name == "unknown"]
    samples = [[one for one in addresses if any(network.holds(parse_address(one)) for network in trusted) is inside][:1] for inside in (True, False)]
    clients += [(STRANGER_NAME, one) for one in addresses] + [(name, one) for name in known_names(compared) for one in samples[0] + samples[1]]
    box = _box(listener, clients, foreign(listener))
    return box._replace(recipients=tuple(unique(list(box.recipients) + own_recipients(listener, box) + routed(listener, box.recipients[0]))))


def _box(listener, clients, recipients):
    return Box(tuple(clients), tuple(_helos(listener)), tuple(_senders(listener)), tuple(recipients), None)


def _helos(listener):
    tables = tables_of(listener, ("helo_access",))
    keys = frozenset(key for table in tables for key in table.keys())
    found = ["mail." + stranger_domain(keys)]
    for table in tables:
        found.extend(below(key, keys) if key.startswith(".") else key for key in table.keys())
        found.extend(_subdomains(table, keys))
        found.extend(table.samples(NAME_FORMS, turns_away))
    found.extend(passing_all(listener, tables, NAME_FORMS, "name"))
    found.append("192.0.2.25")
    if not listener.helo_required:
        found.append(None)
    return unique(found)


def _subdomains(table, keys):
    """Return a name below each domain that *table* knows and does not turn away: what refuses the domain itself may not refuse this one.

    Such are a domain without a dot, and one that a pattern or another table names to its end.
    """
    names = [(key, below("." + key, keys)) for key in table.keys() if not key.startswith(".") and not valid_address(key)]
    return [name for key, name in names if valid_hostname(name) and not turns_away(str(answer(table, key)))]


def _senders(listener):
    tables, forms = tables_of(listener, ("sender_access",)), _sender_forms(listener)
    keys = frozenset(key for table in tables for key in table.keys())
    domain, who = stranger_domain(keys), user("someone", keys)
    found = [who + "@" + domain, ""]
    for table in tables:
        found.extend(address(key, domain, keys) for key in table.keys() if key != listener.null_key)
        found.extend(who + "@" + name for name in _subdomains(table, keys))
        found.extend(table.samples(forms, turns_away))
    found.extend(passing_all(listener, tables, forms, "mail"))
    return unique(found)


def _sender_forms(listener):
    return mail_forms(re.escape(stranger_domain(key for table in tables_of(listener, ("sender_access",)) for key in table.keys()))) + MAIL_FORMS


def unreached(listener):
    """Return {spec of a table: text that names the patterns for which nothing could be built} where their values might let a stranger through."""
    found = {}
    clients = client_forms(listener)
    for effect, forms in (("client_access", clients), ("reverse_access", clients), ("helo_access", NAME_FORMS),
                          ("sender_access", _sender_forms(listener)), ("recipient_access", recipient_forms(FOREIGN_DOMAINS[:2]))):
        for spec in specs(listener, (effect,)):
            names = [name for dummy, name in listener.tables.open(spec).unreached(forms, turns_away)]
            if names:
                found[spec] = "whether a stranger can match {0} of {1}".format(", ".join(names), safe_name(spec))
    return found
