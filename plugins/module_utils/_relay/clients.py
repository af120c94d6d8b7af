# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clients that a listener tells apart: their addresses, and the names that a stranger may give his own."""

import re

from .._postfix.lookups import valid_hostname
from .._postfix.networks import BITS, format_address, parse_address, parse_network, valid_address
from .._postfix.pattern_forms import ADDRESS_FORMS, NAME_FORMS, name_forms
from .._postfix.table_cidr import CidrTable
from .asked import answer, passing_all, specs, tables_of, turns_away, unique
from .recipients import LOCAL_NAMES, is_wide_domain
from .trust import NOWHERE, classes, layer
from .unnamed import stranger_domain

STRANGER_NAME = "mail.stranger.example"
# Witnesses read best with an address that documents use.
FAVOURITES = [parse_address(text) for text in ("198.51.100.25", "203.0.113.25", "192.0.2.25", "2001:db8::25")]
CLIENT_EFFECTS = ("client_access", "reverse_access")
LOOPBACK_FIRST = [parse_address(text) for text in ("127.0.0.1", "::1")]
MANY = 50  # of the keys of a table, where names stand for each other


def client_tables(listener):
    """Return the tables that *listener* asks about a client: of mynetworks and local_header_rewrite_clients, and of its restrictions."""
    return _exact_tables(listener) + tables_of(listener, CLIENT_EFFECTS)


def client_forms(listener):
    """Return the forms of names and addresses that a stranger's client can have, see pattern_forms.py."""
    return name_forms(re.escape(stranger_domain(key for table in client_tables(listener) for key in table.keys()))) + ADDRESS_FORMS


def clients_at(listener, numbers):
    """Return the clients, (name, address), of the addresses *numbers*, (family, number): each without a name, and one with each name."""
    numbers = [one for one in numbers if one[0] in listener.families]
    numbers.sort(key=lambda one: (one not in FAVOURITES, one[0], one[1] == 0, one[1]))
    names = _names(listener) if listener.names_clients else []
    found = [(name, format_address(one)) for name in names for one in numbers[:1]]
    return found + [("unknown", format_address(one)) for one in numbers]


def known_names(listeners):
    """Return the client names that any of *listeners* knows, whoever owns them."""
    keys = [key for listener in listeners for table in client_tables(listener) for key in table.keys()[:MANY]]
    keys += [one.text for listener in listeners for one in listener.mynetworks.patterns if one.table is None and one.network is None]
    names = [("mail" if key.startswith(".") else "") + key.lower() for key in keys]
    return unique([name for name in names if name != "unknown" and valid_hostname(name) and not valid_address(name)])


def claimable(listener):
    """Return the clients, (name, address), that one may claim to be who is believed (XCLIENT_README): of any address, and of any name."""
    numbers = [one for one in classes(layers_of(listener), NOWHERE, LOOPBACK_FIRST, teller(client_tables(listener))) if one[0] in listener.families]
    numbers.sort(key=lambda one: one not in LOOPBACK_FIRST)
    found = [text for table in client_tables(listener) for text in table.samples(NAME_FORMS, turns_away) if valid_hostname(text)]
    names = unique(["localhost", "unknown"] + known_names([listener]) + found + _names(listener))
    return [(name, format_address(one)) for one in numbers for name in (names if one in LOOPBACK_FIRST else names[1:] + names[:1])]


def layers_of(listener):
    """Return what tells clients apart, as layers for classes(): which entry of mynetworks holds them, what each table answers."""
    patterns = [one for one in listener.mynetworks.patterns if one.network is not None]
    found = [layer((one.network, one) for one in patterns)]
    for tables, exact in ((_exact_tables(listener), True), (tables_of(listener, CLIENT_EFFECTS), False)):
        for table in tables:
            if isinstance(table, CidrTable):
                found.append(dict((family, table.answers(family)) for family in BITS))
            else:
                found.append(layer(labelled(table, exact)))
    met = passing_all(listener, tables_of(listener, CLIENT_EFFECTS), ADDRESS_FORMS, "name")
    return found + [layer((network, network) for text in met for network in _networks(text))]


def teller(tables):
    """Return the function that says what those of *tables* whose answers no ranges tell say of an address; None where there are none."""
    tables = [table for table in tables if not table.fixed and not isinstance(table, CidrTable)]
    return (lambda one: tuple(answer(table, format_address(one)) for table in tables)) if tables else None


def _exact_tables(listener):
    """Return the tables that are asked for a client's whole address alone."""
    rewriting = [listener.tables.open(word) for word in listener.header_rewriting if ":" in word]
    return [pattern.table for pattern in listener.mynetworks.patterns if pattern.table is not None] + rewriting


def labelled(table, exact):
    """Return [(Network, label)], the narrowest first, for the networks and the addresses that *table* tells apart.

    The label is the table's answer where that is known to be all that counts, else one of its own. *exact*: whether whole
    addresses alone are looked up, as in match lists.
    """
    found = [(network, network) for network in table.networks()]
    # In a match list any answer counts, in an access table one that turns a stranger away does not matter here.
    for key in table.keys() + table.samples(ADDRESS_FORMS, None if exact else turns_away):
        for network in _networks(key):
            # Postfix asks for the address as it is printed, and for its leading octets.
            printed = format_address((network.family, network.first))
            sure = table.fixed and (key == printed or not exact and printed.startswith(key + "."))
            found.append((network, table.get(key) if sure else network))
    found.sort(key=lambda one: (-one[0].length, one[1] is one[0]))
    return found


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
        if all(part.isdigit() for part in octets):
            texts = ["{0}/{1}".format(".".join(octets + ["0"] * (4 - len(octets))), 8 * len(octets))]
    try:
        return [parse_network(text) for text in texts]
    except ValueError:
        return []


def _names(listener):
    """Return the client names that a stranger may own and that the configuration tells apart."""
    exact, tables = _exact_tables(listener), tables_of(listener, CLIENT_EFFECTS)
    keys = [key for table in exact + tables for key in table.keys()]
    forms = client_forms(listener)
    texts = [text for table in exact for text in table.samples(forms)]
    texts += [text for table in tables for text in table.samples(forms, turns_away)] + passing_all(listener, tables, forms, "name")
    found = ["mail." + stranger_domain(keys)] if _asks_name(listener) else []
    wide = [pattern.text for pattern in listener.mynetworks.patterns if pattern.table is None and pattern.network is None] + keys
    found.extend(STRANGER_NAME.rpartition(".")[0] + "." + name.strip(".") for name in wide
                 if is_wide_domain(name) and name.strip(".").lower() not in LOCAL_NAMES and not name.strip(".").isdigit() and name != "unknown")
    found.extend(text for text in texts if not valid_address(text))
    return unique(found)


def _asks_name(listener):
    return bool(specs(listener, ("needs_name", "client_access")))
