#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: dnsbl_info
short_description: Tell whether addresses are on DNS blocklists
description:
  - Asks DNS blocklists about addresses, all at once, and tells a listing from an answer that says nothing.
  - Every zone is asked for the test points of RFC 5782 too. A zone that lists all, that lists nothing, or whose answers a
    resolver has changed, is reported as V(unknown) with the reason, never as V(listed) or V(clean).
  - What a zone of which this collection knows nothing says about IPv6 addresses is worth what its IPv6 test point is worth, and
    a widely used server of blocklists answers for that from its IPv4 data. V(clean) proves little there.
  - The queries go to the resolver of the host that the module runs on. Most lists refuse the big public resolvers; they want
    the host's own.
version_added: 0.1.0
author:
  - relaylock.postfix contributors (@relaylock)
requirements:
  - dnspython >= 2.1
options:
  addresses:
    description:
      - The IPv4 and IPv6 addresses to ask about.
      - By default the public addresses of the host's own interfaces. Nobody else is asked which they are, so that a host
        behind address translation must be told.
    type: list
    elements: str
  zones:
    description:
      - The blocklists.
      - By default V(zen.spamhaus.org), V(bl.spamcop.net), V(psbl.surriel.com) and V(bl.mailspike.net).
      - A zone that is known to be dead is not asked; its status is V(unknown), and there is a warning.
      - A customer's key ahead of a zone below C(dq.spamhaus.net) or C(mail.abusix.zone) is kept out of results, logs and
        messages, where C(***) stands for it.
    type: list
    elements: str
  nameservers:
    description:
      - Addresses of the nameservers to ask, in this order, with a port where it is not 53, such as V(127.0.0.1:5354) or
        V([::1]:5354).
      - By default those of the host's resolver.
    type: list
    elements: str
  timeout:
    description: Seconds within which a question must be answered, over all nameservers and repetitions.
    type: float
    default: 5
extends_documentation_fragment:
  - relaylock.postfix.attributes
  - relaylock.postfix.attributes.info_module
seealso:
  - module: relaylock.postfix.relay_info
"""

EXAMPLES = r"""
- name: Ask the usual lists about the host's own public addresses
  relaylock.postfix.dnsbl_info:
  register: lists

- name: Stop where one of them is listed
  ansible.builtin.assert:
    that: not lists.any_listed
    fail_msg: "{{ lists.results | selectattr('status', 'eq', 'listed') | list }}"

- name: Ask with a customer's key about the address that a gateway shows to the world
  relaylock.postfix.dnsbl_info:
    addresses: [203.0.113.25]
    zones:
      - "{{ spamhaus_key }}.zen.dq.spamhaus.net"
      - bl.spamcop.net
    nameservers: ["127.0.0.1"]
"""

RETURN = r"""
results:
  description: One entry for each address and zone.
  type: list
  elements: dict
  returned: success
  contains:
    address:
      description: The address.
      type: str
      sample: 203.0.113.25
    zone:
      description: The zone, without a key.
      type: str
      sample: zen.spamhaus.org
    status:
      description: One of V(listed), V(clean) and V(unknown). A zone's code for good senders is V(clean).
      type: str
    codes:
      description: The zone's return codes.
      type: list
      elements: dict
      contains:
        code:
          description: The address that the zone answered.
          type: str
          sample: 127.0.0.4
        meaning:
          description: What the zone means by it, null where that is not known.
          type: str
          sample: "XBL: exploited or infected hosts"
    reasons:
      description: The texts that the zone gives for a listing.
      type: list
      elements: str
    reason:
      description: Why the status is V(unknown), else null.
      type: str
listed:
  description: The addresses that at least one zone lists.
  type: list
  elements: str
  returned: success
unknown:
  description: The zones that said nothing of worth.
  type: list
  elements: dict
  returned: success
  contains:
    zone:
      description: The zone, without a key.
      type: str
    reason:
      description: Why.
      type: str
    addresses:
      description: The addresses of which it said nothing for this reason.
      type: list
      elements: str
any_listed:
  description: Whether any address is listed by any zone.
  type: bool
  returned: success
any_unknown:
  description: Whether any zone said nothing of worth about any address.
  type: bool
  returned: success
"""

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.relaylock.postfix.plugins.module_utils._payload import compile_once  # noqa: F401, pylint: disable=unused-import  # for the rest
from ansible_collections.relaylock.postfix.plugins.module_utils._dnsbl import arguments, lookup
from ansible_collections.relaylock.postfix.plugins.module_utils._dnsbl.check import check
from ansible_collections.relaylock.postfix.plugins.module_utils._dnsbl.results import summary


def main():
    module = AnsibleModule(argument_spec=dict(arguments.OPTIONS), supports_check_mode=True)
    if lookup.MISSING:
        module.fail_json(msg=missing_required_lib("dnspython >= 2.1"), exception=lookup.MISSING)
    try:
        subject = arguments.Subject(module.params)
    except ValueError as exc:
        module.fail_json(msg=str(exc))
    # Until here every zone was kept back; from here on the keys alone.
    module.no_log_values.difference_update(subject.plain)
    module.no_log_values.update(subject.secrets)
    for warning in subject.warnings:
        module.warn(warning)
    found = check(subject.addresses, subject.zones, subject.servers, subject.timeout)
    module.exit_json(changed=False, results=found, **summary(found))


if __name__ == "__main__":
    main()
