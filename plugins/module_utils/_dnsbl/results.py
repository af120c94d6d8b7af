# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From addresses and zones to results: which questions they raise, and what the answers come to. Pure."""

import re

from .query import CLEAN, LISTED, NOTHING, UNKNOWN, Reading, doubt, point_names, query_name, read
from .zones import HIDDEN

_NO_IPV6 = "not listed, but the zone is not known to hold IPv6 addresses"
_NOT_PUBLIC = "no public address: a public blocklist says nothing about it"


def names(addresses, zones):
    """Return the names whose A records must be asked for.

    :param addresses: ipaddress objects
    :param zones: Zone objects
    :returns: {name: Zone, or None for the name of a test point}
    """
    found = {}
    for zone in [zone for zone in zones if zone.refusal is None]:
        asked = [address for address in addresses if not _is_beside(address, zone)]
        for version in sorted({address.version for address in asked}):
            found.update(dict.fromkeys(point_names(version, zone.name)))
        found.update({query_name(address, zone.name): zone for address in asked})
    return found


def is_listing(answer, zone):
    """Tell whether an answer, of a Zone or None, lists an address: then the zone's reason is worth asking for."""
    return zone is not None and read(answer, zone.entry).status == LISTED


def results(addresses, zones, answers, texts):
    """Return one dict for each address and zone, as the module documents them.

    :param answers: {name: Answer} for A records
    :param texts: {name: Answer} for TXT records, where they were asked for
    """
    doubts = {}
    for zone in zones:
        for version in (4, 6):
            held, barred = point_names(version, zone.name)
            doubts[zone.name, version] = doubt(answers.get(held, NOTHING), answers.get(barred, NOTHING), version)
    return [_result(address, zone, doubts[zone.name, address.version], answers, texts) for address in addresses for zone in zones]


def _result(address, zone, doubtful, answers, texts):
    name = query_name(address, zone.name)
    reading = read(answers.get(name, NOTHING), zone.entry)
    reason = zone.refusal or (_NOT_PUBLIC if _is_beside(address, zone) else doubtful)
    if reason is None and reading.status == CLEAN and address.version == 6 and zone.entry and not zone.entry.ipv6:
        reason = _NO_IPV6
    if reason:
        reading = Reading(UNKNOWN, reading.codes, reason)
    reasons = texts.get(name, NOTHING).reasons
    return {
        "address": str(address), "zone": zone.shown, "status": reading.status, "reason": reading.reason,
        "codes": [{"code": code, "meaning": meaning} for code, meaning in reading.codes],
        "reasons": [_without(zone.secret, text) for text in reasons],
    }


def _without(secret, text):
    return re.sub("(?i)" + re.escape(secret), HIDDEN, text) if secret else text


def _is_beside(address, zone):
    """Tell whether a zone that we know cannot speak of an address. Loopback, where the test points are, may be asked for."""
    return zone.entry is not None and not address.is_global and not address.is_loopback


def summary(found):
    """Return what the results come to, as the module documents it, a dict."""
    listed = list(dict.fromkeys(one["address"] for one in found if one["status"] == LISTED))
    unknown = {}
    for one in found:
        if one["status"] == UNKNOWN:
            unknown.setdefault((one["zone"], one["reason"]), []).append(one["address"])
    return {
        "listed": listed, "any_listed": bool(listed), "any_unknown": bool(unknown),
        "unknown": [{"zone": zone, "reason": reason, "addresses": addresses} for (zone, reason), addresses in unknown.items()],
    }
