# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Thin shell of the filter; the work is done in plugin_utils."""

from ansible.errors import AnsibleFilterError

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.summary import row, summarise

DOCUMENTATION = r"""
name: drift_summary
short_description: What a fleet's results say in a few lines
version_added: 0.1.0
author:
  - relaylock.postfix contributors (@relaylock)
description:
  - Sums up what M(relaylock.postfix.relay_baseline) or M(relaylock.postfix.relay_info) returned on each host of a fleet.
  - For the playbook C(relaylock.postfix.drift).
positional: fail_on
options:
  _input:
    description:
      - The variables of each host, by its name. Of these, C(relay_instance_results) counts, a list of results,
        and where there is none, C(relay_baseline_result), one result.
    type: dict
    required: true
  fail_on:
    description:
      - What is a failure. V(open), where a stranger relays or a host could not be judged; V(drift), also where something would change;
        V(never).
    type: str
    choices: [open, drift, never]
    default: open
"""

EXAMPLES = r"""
- name: Sum up
  ansible.builtin.debug:
    msg: "{{ dict(ansible_play_hosts_all | zip(ansible_play_hosts_all | map('extract', hostvars))) | relaylock.postfix.drift_summary }}"
  run_once: true
"""

RETURN = r"""
_value:
  description: The summary.
  type: dict
  contains:
    lines:
      description: For people, the worst first.
      type: list
      elements: str
    stats:
      description:
        - For programs. C(relaylock_totals) has the number of hosts by state, and C(relaylock_open_hosts) and C(relaylock_drift_hosts) name them.
      type: dict
    failure:
      description: Why the run is to fail, or none.
      type: str
"""


def drift_summary(hosts, fail_on="open"):
    """Return the summary of {host: its variables}. :raises AnsibleFilterError: for another *fail_on*"""
    try:
        return summarise([row(name, _results(hosts[name])) for name in hosts], fail_on)
    except ValueError as exc:
        raise AnsibleFilterError(str(exc)) from exc


def _results(variables):
    """Return what was found on one host, a result for each of its instances."""
    return variables.get("relay_instance_results") or [variables.get("relay_baseline_result") or {}]


class FilterModule:
    """The filters of this file."""

    def filters(self):
        return {"drift_summary": drift_summary}
