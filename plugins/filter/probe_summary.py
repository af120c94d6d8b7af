# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Thin shell of the filter; the work is done in plugin_utils."""

from ansible.errors import AnsibleFilterError

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report import beside

DOCUMENTATION = r"""
name: probe_summary
short_description: Where a host's files and its answers differ, in a few lines
version_added: 0.1.0
author:
  - relaylock.postfix contributors (@relaylock)
description:
  - Lays what M(relaylock.postfix.relay_probe) heard from a host beside what M(relaylock.postfix.relay_info) found in its files,
    and says what it means where they differ.
  - For the playbook C(relaylock.postfix.probe).
positional: info
options:
  _input:
    description: Results of M(relaylock.postfix.relay_probe) on one host, one for each port.
    type: list
    elements: dict
    required: true
  info:
    description: The result of M(relaylock.postfix.relay_info) on the same host. Empty where there is none.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Say where the two differ
  ansible.builtin.debug:
    msg: "{{ (probes.results | relaylock.postfix.probe_summary(info)).lines }}"
"""

RETURN = r"""
_value:
  description: The summary.
  type: dict
  contains:
    lines:
      description: For people.
      type: list
      elements: str
    files:
      description: The verdict of the files, or none.
      type: str
    outside:
      description: What was heard, one of V(open), V(closed), V(unknown) and V(unreachable).
      type: str
    differ:
      description: Whether the two differ.
      type: bool
"""


def probe_summary(probes, info=None):
    """Return the summary of one host. :raises AnsibleFilterError: for what no module of the collection returned"""
    try:
        return beside.summarise(probes, info or {})
    except ValueError as exc:
        raise AnsibleFilterError(str(exc)) from exc


class FilterModule:
    """The filters of this file."""

    def filters(self):
        return {"probe_summary": probe_summary}
