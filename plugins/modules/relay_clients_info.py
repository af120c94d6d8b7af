#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: relay_clients_info
short_description: Tell from a host's mail log who relayed through it
description:
  - Reads the mail log of a Postfix host, rotated and compressed files too, or the journal, and tells which clients and logins sent mail
    to domains that are not the server's own.
  - No address of a person, sender or recipient, leaves the host.
  - M(relaylock.postfix.relay_baseline) takes the result as O(relaylock.postfix.relay_baseline#module:evidence), so that it names the real
    clients that would lose access.
version_added: 0.1.0
author:
  - relaylock.postfix contributors (@relaylock)
extends_documentation_fragment:
  - relaylock.postfix.attributes
  - relaylock.postfix.attributes.info_module
options:
  days:
    description: How many days back.
    type: int
    default: 30
  logs:
    description:
      - Log files, in the order in which they were written. C(.gz), C(.xz) and C(.bz2) are read as they are.
      - When not given, C(maillog_file) or where syslog writes the facility mail, with what rotation has made of it; else the journal.
    type: list
    elements: path
  config_directory:
    description:
      - The folder that holds C(main.cf), which says what the server's own domains are, and how the instance calls itself in the log.
      - When not given, what the installed Postfix uses, else V(/etc/postfix).
    type: path
  own_domains:
    description: More domains that are the server's own.
    type: list
    elements: str
    default: []
seealso:
  - module: relaylock.postfix.relay_baseline
"""

EXAMPLES = r"""
- name: Who relayed in the last two weeks?
  relaylock.postfix.relay_clients_info:
    days: 14
  register: seen

- name: Whom would the plan cut off?
  relaylock.postfix.relay_baseline:
    evidence: "{{ seen.clients }}"
  check_mode: true
"""

RETURN = r"""
clients:
  description: Who relayed, who did most first.
  type: list
  elements: dict
  returned: success
  contains:
    address:
      description: The address of the client.
      type: str
    name:
      description: Its name, null where it had none.
      type: str
    login:
      description: The name that it logged in with, null where it did not.
      type: str
    count:
      description: Recipients in foreign domains, each once a message.
      type: int
    first:
      description: When, at first, in UTC.
      type: str
      sample: "2026-01-02T03:04:05Z"
    last:
      description: When, at last, in UTC.
      type: str
    domains:
      description: A few of the domains.
      type: list
      elements: str
read:
  description: What was read.
  type: list
  elements: dict
  returned: success
  contains:
    path:
      description: The file, or C(journal).
      type: str
    octets:
      description: How much of it, decompressed.
      type: int
notes:
  description: What could not be read, in words.
  type: list
  elements: str
  returned: success
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.relaylock.postfix.plugins.module_utils._payload import compile_once  # noqa: F401, pylint: disable=unused-import  # for the rest
from ansible_collections.relaylock.postfix.plugins.module_utils._maillog import report
from ansible_collections.relaylock.postfix.plugins.module_utils._maillog.instance import Instance

OPTIONS = dict(
    days=dict(type="int", default=30), logs=dict(type="list", elements="path"), config_directory=dict(type="path"),
    own_domains=dict(type="list", elements="str", default=[]))


def main():
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    options = module.params
    instance = Instance(options["config_directory"], options["own_domains"])
    relayed, read, notes = report.read(options["logs"], instance.maillog_file, options["days"], instance.is_own, instance.syslog_name)
    module.exit_json(changed=False, clients=report.clients(relayed), read=read, notes=instance.notes + notes)


if __name__ == "__main__":
    main()
