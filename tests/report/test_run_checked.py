# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The callback in a real run of two playbooks in check mode, with a host for whatever may happen to one."""

import json
import os

import pytest
import xmlschema
from fleets import HERE, ROLE, Fleet
from prometheus_client.parser import text_string_to_metric_families

# Every spelling and turn: a short name that `collections` resolves, a loop, an ignored failure, a rescued one, a name that is a
# template, no_log, and a host that nobody can reach.
EVERY = """
- hosts: all
  gather_facts: false
  strategy: free
  collections: [relaylock.postfix]
  tasks:
    - name: Someone else's task
      ansible.builtin.ping:
    - name: Both instances
      relay_info:
        config_directory: "{{ item }}"
        postfix_version: "3.7"
      loop: "{{ [fleet ~ '/healthy', fleet ~ '/permissive_relay_list'] }}"
      when: inventory_hostname == 'two'
    - name: No such folder
      relaylock.postfix.relay_info:
        config_directory: /nowhere/at/all
      ignore_errors: true
      when: inventory_hostname == 'ignored'
    - when: inventory_hostname == 'rescued'
      block:
        - name: No such folder
          relay_info:
            config_directory: /nowhere/at/all
      rescue:
        - name: A template
          action: "{{ 'relaylock.postfix.relay_' ~ 'info' }} config_directory={{ fleet }}/healthy postfix_version=3.7"
    - name: Hidden
      relay_info:
        config_directory: "{{ fleet }}/healthy"
      no_log: true
      when: inventory_hostname == 'hidden'
"""


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """A fleet after two playbooks in check mode, and what they printed."""
    fleet = Fleet(tmp_path_factory.mktemp("checked"))
    return fleet, fleet.run("--check", "--diff", role=ROLE, every=EVERY)


def test_every_host_is_told_once_and_as_it_is(checked):
    fleet, done = checked
    assert "drift_report" not in done.stdout + done.stderr, "no warning of ours"
    assert fleet.rows() == {
        "two": [("healthy", "relay_info", "closed"), ("permissive_relay_list", "relay_info", "open")],
        "ignored": [("all", "relay_info", "failed")],
        "rescued": [("all", "relay_info", "failed"), ("healthy", "relay_info", "closed")],
        "hidden": [(None, "relay_info", "failed")],
        "role": [("too_broad_mynetworks", "relay_baseline", "open")],
        "gone": [(None, None, "unreachable")]}
    hosts = dict((host["name"], host) for host in fleet.report()["hosts"])
    assert "Connection refused" in hosts["gone"]["instances"][0]["message"]
    assert hosts["gone"]["groups"] == ["far"]
    assert "main.cf" in hosts["ignored"]["instances"][0]["message"]
    assert hosts["hidden"]["instances"][0]["message"] == "no_log hides the result of this task"


def test_the_report_has_the_run(checked):
    fleet, done = checked
    found = fleet.report()
    assert (found["playbooks"], found["check_mode"], found["compared_with"]) == (["role.yml", "every.yml"], True, None)
    role = next(host for host in found["hosts"] if host["name"] == "role")["instances"][0]
    assert (role["after"], role["changed"], len(role["drift"])) == ("closed", True, 1)
    assert "-    0.0.0.0/0" in role["diff"][0]["lines"]
    waived = next(one for one in role["findings"] if one["id"] == "sender_restrictions_missing")
    assert (waived["waived"], waived["waiver"]["reason"], waived["waiver"]["until"]) == (True, "known", "2999-12-31")
    assert done.returncode != 0, "the status is Ansible's: a host could not be reached"


def test_every_format_is_there_and_read(checked):
    fleet, dummy = checked
    assert sorted(os.listdir(str(fleet.out))) == ["index.html", "junit.xml", "relaylock.prom", "report.json", "report.md", "report.sarif"]
    xmlschema.XMLSchema(str(HERE / "junit.xsd")).validate(str(fleet.out / "junit.xml"))
    families = dict((one.name, one) for one in text_string_to_metric_families((fleet.out / "relaylock.prom").read_text()))
    assert sum(sample.value for sample in families["relaylock_host_verdict"].samples) == 6
    sarif = json.loads((fleet.out / "report.sarif").read_text())
    uris = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in sarif["runs"][0]["results"]}
    assert uris == {"fleet/healthy/main.cf", "fleet/permissive_relay_list/main.cf", "fleet/too_broad_mynetworks/main.cf"}
    for uri in uris:
        assert (fleet.folder / uri).is_file(), "the files are in the repository"
    assert "<h1>Yes, through 2 of 6 hosts: " in (fleet.out / "index.html").read_text(encoding="utf-8")
    assert (fleet.out / "report.md").read_text().startswith("## Postfix relays: 2 hosts open, 3 hosts failed, 1 host unreachable")
