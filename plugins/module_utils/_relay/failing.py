# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a listener fails by: the words and tables for which it answers a server error, each with its place."""

from collections import OrderedDict

from .._postfix.errors import ConfigError
from .._postfix.match_lists import ListFatal, MatchList
from .._postfix.tables import Opaque, TableError, TableFatal, safe_name
from .evidence import place

# Parameters whose tables are asked for the domain of an address, and for the address itself, whatever the lists say.
DOMAINS = ("mydestination", "virtual_alias_domains", "virtual_mailbox_domains", "relay_domains", "transport_maps", "relocated_maps",
           "sender_dependent_default_transport_maps", "sender_dependent_relayhost_maps")
ADDRESSES = ("canonical_maps", "recipient_canonical_maps", "sender_canonical_maps", "virtual_alias_maps", "local_recipient_maps",
             "virtual_mailbox_maps", "relay_recipient_maps")
ANY_KEY = "kzq7.stranger.example"
UNKNOWN = ("error", "relay_domains_gone")


def failing(listener, paths):
    """Return the Because of each fault on *paths* that ended in a server error; its item is what is wrong, in words."""
    found = []
    for parameter, item in OrderedDict.fromkeys(path.because[-1] for path in paths if path.because):
        found.extend(_of_item(listener, parameter, item) if item is not None else _of_tables(listener, DOMAINS + ADDRESSES + ("mynetworks",)))
    # One file may be named in several places: what stands in a file says more than a default that is made of it.
    return list(OrderedDict((one.item, one) for one in sorted(found, key=lambda one: one.file is not None)).values())


def _of_item(listener, parameter, item):
    """Return the faults of an item of a list, or of the tables that it asks without naming them."""
    text = None
    if item.effect in UNKNOWN:
        text = item.argument
    elif item.argument and ":" in item.argument:
        text = fault(listener.tables, item.argument)
    others = [] if text else _of_tables(listener, ("mynetworks",) if item.effect == "mynetworks" else DOMAINS)
    name = "{0} {1}".format(item.name, safe_name(item.argument or "")).strip()
    return others or [place(listener.settings, parameter, item.word, text or "{0} answers a server error".format(name))]


def _of_tables(listener, parameters):
    """Return the faults of the tables, files and networks that *parameters* name."""
    found = []
    for name in parameters:
        for pattern in MatchList(listener.settings.value(name), listener.tables).patterns:
            text = pattern.error or (fault(listener.tables, pattern.text) if pattern.table is not None else None)
            found.extend([place(listener.settings, name, None, text)] if text else [])
    return found


def fatal_lists(settings):
    """Return the Because of each list of networks, domains or tables that smtpd or trivial-rewrite dies of."""
    found = []
    for name in ("mynetworks", "parent_domain_matches_subdomains") + DOMAINS + ADDRESSES:
        try:
            MatchList(settings.value(name), settings.tables)
        except (ConfigError, ListFatal) as exc:
            found.append(place(settings, name, None, str(exc)))
    return found


def fault(tables, spec):
    """Return what is wrong with a table that cannot be asked, or None."""
    try:
        tables.open(spec).get(ANY_KEY)
    except TableError as exc:
        return str(exc)
    except (Opaque, TableFatal):
        pass
    return None


def described(faults):
    """Return faults in words, each with the parameter where it stands."""
    return "; ".join("{0}: {1}".format(one.parameter, one.item) for one in faults)


__all__ = ["described", "failing", "fatal_lists", "fault"]
