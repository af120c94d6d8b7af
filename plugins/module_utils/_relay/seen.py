# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that were seen to relay, and what a plan means for them."""

from .._postfix.errors import ConfigError, Opaque
from .._postfix.match_lists import ListError, ListFatal
from .._postfix.networks import merge, parse_address, parse_network, to_networks
from .._postfix.tables import TableFatal
from .judge import listeners, make_listener
from .trust import PRIVATE, Trust

OPTIONS = dict(
    address=dict(type="str", required=True), name=dict(type="str"), login=dict(type="str"), count=dict(type="int", default=1),
    first=dict(type="str"), last=dict(type="str"), domains=dict(type="list", elements="str", default=[]))


def losing(seen, before, after):
    """Return in plain words which of the clients that were seen were trusted by one configuration, and are not by the other.

    :param list seen: dicts with address, name, login, count, last, as relay_clients_info returns them
    :param before, after: Configurations
    """
    old, new = _mynetworks(before), _mynetworks(after)
    lost = [one for one in seen if not one.get("login") and _trusts(old, one) and not _trusts(new, one)]
    return ["{0}{1}: {2} in the log, the last on {3}".format(
        one["address"], " ({0})".format(one["name"]) if one.get("name") else "",
        "{0} messages".format(one["count"]) if one["count"] != 1 else "1 message", (one.get("last") or "?")[:10]) for one in lost]


def tightened(seen, configuration, trust):
    """Return the Trust that believes in the seen clients alone, of those whom *trust* believes in.

    Whoever logged in needs no trust, and whoever is a stranger gets none for having been seen: an open relay has many of these.
    """
    networks = trust.believed([one for match_list in _mynetworks(configuration) for one in match_list.patterns]) + PRIVATE
    spans = []
    for one in seen:
        network = _network(one["address"])
        if network is not None and not one.get("login") and any(network.within(each) for each in networks):
            spans.append(network)
    tight = Trust([str(one) for family, first, last in merge(spans) for one in to_networks(family, first, last)])
    tight.widest = trust.widest
    return tight


def _network(address):
    try:
        return parse_network(address)
    except ValueError:
        return None


def _mynetworks(configuration):
    """Return the MatchLists of the listeners that start."""
    found = []
    for entry in listeners(configuration):
        try:
            found.append(make_listener(configuration, entry).mynetworks)
        except (ConfigError, ListFatal, TableFatal):
            continue
    return found


def _trusts(match_lists, one):
    """Tell whether one of the lists holds a client; a list that cannot be asked holds nobody."""
    try:
        parse_address(one["address"])
    except ValueError:
        return False
    for match_list in match_lists:
        try:
            if match_list.matches_client(one.get("name") or "unknown", one["address"]):
                return True
        except (ListError, Opaque):
            continue
    return False


__all__ = ["OPTIONS", "losing", "tightened"]
