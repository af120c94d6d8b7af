#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: relay_probe
short_description: Ask a live mail server whether it relays for strangers
description:
  - Asks from where it runs, over SMTP, whether the server takes mail for a domain that is not its own, in every form in which such mail
    can be addressed, with senders of several kinds.
  - Says C(MAIL FROM) and C(RCPT TO), never C(DATA), so that no mail is ever sent.
  - Hears what this client hears. Another one, at another address, may be luckier; M(relaylock.postfix.relay_info) judges for all of them.
  - All addresses of the host are asked, side by side.
version_added: 0.1.0
author:
  - relaylock.postfix contributors (@relaylock)
extends_documentation_fragment:
  - relaylock.postfix.attributes
  - relaylock.postfix.attributes.info_module
options:
  host:
    description:
      - The server, a name or an address.
      - It must be in the inventory, or be this controller, unless O(allow_foreign).
    type: str
    required: true
  port:
    description: The port.
    type: int
    default: 25
  tls:
    description: Whether TLS is used, and how it begins.
    type: str
    choices: [none, starttls, implicit]
    default: none
  validate_certs:
    description: Whether the server's certificate must verify.
    type: bool
    default: true
  own_domains:
    description: Domains of the server's own. With them it is asked for more, and a refusal can be told from a greylisting.
    type: list
    elements: str
    default: []
  foreign_domain:
    description:
      - A domain that exists and is not the server's, which recipients are in.
      - No mail is sent there, but some servers refuse a domain that does not exist, which would tell nothing about relaying.
    type: str
    default: iana.org
  witnesses:
    description: Witnesses as M(relaylock.postfix.relay_info) returns them; their sender and recipient are tried too.
    type: list
    elements: dict
    default: []
    suboptions:
      sender:
        description: The argument of C(MAIL FROM).
        type: str
      recipient:
        description: The argument of C(RCPT TO).
        type: str
        required: true
      client_address:
        description: Not used, for the probe comes from where it comes from.
        type: str
      client_name:
        description: Not used.
        type: str
      helo:
        description: Not used, see O(helo).
        type: str
      xclient:
        description: Not used.
        type: dict
  helo:
    description:
      - The name that the probe gives.
      - By default the address that it comes from, as an address literal.
    type: str
  source_address:
    description: The address to ask from, if the host has several.
    type: str
  timeout:
    description: Seconds for the whole probe.
    type: float
    default: 60
  retry_greylisted:
    description: After so many seconds, what was put off is asked once more. V(0) for not at all.
    type: float
    default: 0
  allow_foreign:
    description: Whether the server may be one that is not in the inventory. Ask only servers whose owner knows.
    type: bool
    default: false
seealso:
  - module: relaylock.postfix.relay_info
"""

EXAMPLES = r"""
- name: Ask every mail server from outside
  relaylock.postfix.relay_probe:
    host: "{{ ansible_host | default(inventory_hostname) }}"
    own_domains: [example.com]
  delegate_to: outsider.example.net
  register: probe

- name: Stop where it relays
  ansible.builtin.assert:
    that: probe.verdict != 'open'
    fail_msg: "{{ probe.transcript }}"
"""

RETURN = r"""
verdict:
  description:
    - V(open), where it takes mail for a foreign domain; V(closed), where it refused all of it; V(unknown), where its answers say nothing
      about relaying, as C(notes) say; V(unreachable), where it gave none.
    - Of several addresses of a host the worst.
  type: str
  returned: success
  sample: closed
attempts:
  description: What was tried, in its order.
  type: list
  elements: dict
  returned: success
  contains:
    address:
      description: The address that was asked.
      type: str
    sender:
      description: The argument of C(MAIL FROM).
      type: str
    recipient:
      description: The argument of C(RCPT TO).
      type: str
    code:
      description: The code of the reply, null where there was none.
      type: int
    reply:
      description: Its text.
      type: str
    outcome:
      description:
        - V(relayed), accepted for a foreign domain; V(local), accepted in a form that looks like a mailbox of the server's own;
          V(refused); V(deferred); V(rate_limited); V(client_refused), for the client's sake and not for the recipient's;
          V(tls_required); V(untested), where the sender was not taken,
          or the reply is about whether a domain exists; V(dropped), where the connection ended; V(not_asked).
      type: str
greeting:
  description: The first line of the server, null where there was none.
  type: str
  returned: success
notes:
  description: What the verdict does not say, in words.
  type: list
  elements: str
  returned: success
transcript:
  description: All dialogues, line by line.
  type: list
  elements: str
  returned: success
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.relaylock.postfix.plugins.module_utils._payload import compile_once  # noqa: F401, pylint: disable=unused-import  # for the rest
from ansible_collections.relaylock.postfix.plugins.module_utils._probe.probe import Wish, probe

WITNESS = dict(sender=dict(type="str"), recipient=dict(type="str", required=True), client_address=dict(type="str"), client_name=dict(type="str"),
               helo=dict(type="str"), xclient=dict(type="dict"))
OPTIONS = dict(
    host=dict(type="str", required=True), port=dict(type="int", default=25), tls=dict(type="str", choices=["none", "starttls", "implicit"], default="none"),
    validate_certs=dict(type="bool", default=True), own_domains=dict(type="list", elements="str", default=[]),
    foreign_domain=dict(type="str", default="iana.org"), witnesses=dict(type="list", elements="dict", default=[], options=WITNESS),
    helo=dict(type="str"), source_address=dict(type="str"), timeout=dict(type="float", default=60), retry_greylisted=dict(type="float", default=0),
    allow_foreign=dict(type="bool", default=False),
)


def main():
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    module.exit_json(changed=False, **probe(Wish(**dict((name, module.params[name]) for name in Wish._fields))))


if __name__ == "__main__":
    main()
