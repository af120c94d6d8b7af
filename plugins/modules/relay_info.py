#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: relay_info
short_description: Tell whether a stranger can relay mail through a Postfix server
description:
  - Judges C(main.cf) and C(master.cf) from the files alone, listener by listener, and proves each open one with a witness,
    an SMTP dialogue that the server would accept.
  - Needs no running Postfix, and none installed. Works on any copy of a configuration directory.
  - What hangs on something that cannot be read from files, such as SQL, LDAP or a policy service, is reported as V(unknown),
    never as V(closed).
version_added: 0.1.0
author:
  - relaylock.postfix contributors (@relaylock)
extends_documentation_fragment:
  - relaylock.postfix.relay
  - relaylock.postfix.attributes
  - relaylock.postfix.attributes.info_module
  - relaylock.postfix.attributes.actiongroup_relay
seealso:
  - module: relaylock.postfix.relay_baseline
"""

EXAMPLES = r"""
- name: Judge the host's own Postfix
  relaylock.postfix.relay_info:
  register: relay

- name: Stop where a stranger can relay
  ansible.builtin.assert:
    that: relay.verdict != 'open'
    fail_msg: "{{ relay.listeners | selectattr('witness') | list }}"

- name: Judge a copy of a configuration that is kept in git
  relaylock.postfix.relay_info:
    config_directory: "{{ playbook_dir }}/files/mx1/postfix"
    postfix_version: "3.7"
    trusted_networks:
      - 192.168.0.0/16
"""

RETURN = r"""
verdict:
  description: The worst verdict of all listeners, one of V(open), V(down), V(unknown) and V(closed).
  type: str
  returned: success
  sample: open
listeners:
  description: One entry for each smtpd service that takes connections.
  type: list
  elements: dict
  returned: success
  contains:
    service:
      description: Its name in C(master.cf).
      type: str
    verdict:
      description: The verdict of this listener.
      type: str
    witness:
      description: What a stranger says to relay, or null. The server answers RCPT with 250.
      type: dict
      contains:
        client_address:
          description: The address that the stranger comes from.
          type: str
        client_name:
          description: The name of that address, V(unknown) where it needs none.
          type: str
        helo:
          description: The argument of EHLO, empty where none is said.
          type: str
        sender:
          description: The argument of MAIL FROM, empty for the null sender.
          type: str
        recipient:
          description: The argument of RCPT TO.
          type: str
        xclient:
          description: What the stranger claims to be by XCLIENT before that, by attribute, or null.
          type: dict
    because:
      description: The lines that let the witness through.
      type: list
      elements: dict
      contains:
        file:
          description: The file, null where a default is in force.
          type: str
        line:
          description: The line, counted from 1.
          type: int
        parameter:
          description: The parameter.
          type: str
        item:
          description: The item of its value.
          type: str
    reasons:
      description: Why the verdict is V(down) or V(unknown), in words.
      type: list
      elements: str
findings:
  description: Everything that is wrong, also what is latent in a closed server, worst first.
  type: list
  elements: dict
  returned: success
  contains:
    id:
      description: A stable id.
      type: str
    severity:
      description: One of V(critical), V(high), V(medium) and V(low).
      type: str
    file:
      description: The file, null where a default is in force.
      type: str
    line:
      description: The line, counted from 1.
      type: int
    parameter:
      description: The parameter.
      type: str
    service:
      description: The listener, null where it concerns all.
      type: str
    message:
      description: One sentence.
      type: str
    waived:
      description: Whether a waiver covers it today.
      type: bool
    waiver:
      description: The waiver that names it, also one that has run out; null where there is none.
      type: dict
      contains:
        reason:
          description: Why it is accepted.
          type: str
        until:
          description: The last day on which it holds.
          type: str
config_directory:
  description: The directory that was judged.
  type: str
  returned: success
instances:
  description: The configuration directories of the host's other instances, as this one's C(multi_instance_directories) has them.
  type: list
  elements: str
  returned: success
absent:
  description: Whether there is no Postfix on this host, so that nothing could be judged.
  type: bool
  returned: failure
postfix_version:
  description: The version of Postfix whose rules were applied.
  type: str
  returned: success
  sample: 3.7.11
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.relaylock.postfix.plugins.module_utils._payload import compile_once  # noqa: F401, pylint: disable=unused-import  # for the rest
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.errors import ConfigError
from ansible_collections.relaylock.postfix.plugins.module_utils._relay import arguments


def main():
    module = AnsibleModule(argument_spec=dict(arguments.OPTIONS), supports_check_mode=True)
    try:
        subject = arguments.Subject(module.params, arguments.locate(module.params))
    except ConfigError as exc:
        module.fail_json(msg=str(exc), absent=isinstance(exc, arguments.NoPostfix))
    module.exit_json(changed=False, verdict=subject.verdict.verdict, **subject.results())


if __name__ == "__main__":
    main()
