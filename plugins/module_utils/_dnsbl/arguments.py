# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of dnsbl_info, and what they come to."""

from . import lookup
from .own import own_addresses
from .query import parse_address, parse_server
from .zones import DEFAULTS, parse_zone

OPTIONS = dict(
    addresses=dict(type="list", elements="str"),
    # A zone may start with a key: Ansible logs the options before the module has a say.
    zones=dict(type="list", elements="str", no_log=True),
    nameservers=dict(type="list", elements="str"),
    timeout=dict(type="float", default=5),
)
LONGEST = 300  # seconds


class Subject(object):
    """Who is asked about what.

    - addresses: ipaddress objects; zones: Zone objects; servers: a list of (address, port); timeout: seconds
    - plain: the texts of zones that hold no secret; secrets: the keys, as given and as asked
    - warnings: sentences

    :param dict options: the module's parameters
    :raises ValueError: with a message for the user that holds no key
    """

    def __init__(self, options):
        self.timeout = options["timeout"]
        if not 0 < self.timeout <= LONGEST:
            raise ValueError("timeout must be more than 0 and at most {0} seconds".format(LONGEST))
        texts = DEFAULTS if options["zones"] is None else options["zones"]
        self.zones = [_zone(number, text) for number, text in enumerate(texts, 1)]
        self.servers = _each(parse_server, options["nameservers"]) or lookup.system_servers()
        self.addresses = _each(parse_address, options["addresses"])
        if options["addresses"] is None:
            self.addresses = _own()
        self.plain = list(texts)
        self.secrets = _secrets(self.zones, texts)
        self.zones = list({zone.name: zone for zone in self.zones}.values())
        self.warnings = ["{0}: {1}".format(zone.shown, zone.refusal) for zone in self.zones if zone.refusal]


def _each(parse, texts):
    return list(dict.fromkeys(parse(text) for text in texts or ()))


def _own():
    found = own_addresses()
    if not found:
        raise ValueError("this host's own interfaces have no public address: name the one that the world sees in addresses")
    return found


def _zone(number, text):
    try:
        return parse_zone(text)
    except ValueError as exc:
        raise ValueError("number {0} of zones {1}".format(number, exc))


def _secrets(zones, texts):
    """Return the keys in lower case, as they are asked, and as they were given."""
    found = set()
    for zone, text in zip(zones, texts):
        if zone.secret:
            found.update((zone.secret, text.strip()[:len(zone.secret)]))
    return found
