# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The callback in real runs of ansible-playbook: one after the other, without check mode, cut short, into a folder that is no good."""

import os

import pytest
from fleets import ROLE, Fleet

REAL = """
- hosts: role
  gather_facts: false
  tasks:
    - relaylock.postfix.relay_baseline:
        config_directory: "{{ fleet }}/too_broad_mynetworks"
        postfix_version: "3.7"
    - name: Afterwards
      ansible.builtin.fail:
        msg: this is nobody's business
"""
SERIAL = """
- hosts: two,role,hidden
  gather_facts: false
  serial: 1
  max_fail_percentage: 0
  tasks:
    - name: Prepare
      ansible.builtin.raw: "false"
    - relaylock.postfix.relay_info:
        config_directory: "{{ fleet }}/healthy"
"""
OTHERS = """
- hosts: two
  gather_facts: false
  tasks:
    - ansible.builtin.raw: "true"
"""


@pytest.fixture
def fleet(tmp_path):
    return Fleet(tmp_path)


def test_a_second_run_compares_and_a_failure_after_it_is_told(fleet):
    fleet.run("--check", role=ROLE)
    first = fleet.report()
    done = fleet.run(real=REAL)
    second = fleet.report()
    (one,) = second["hosts"][0]["instances"]
    assert (one["state"], one["after"], one["changed"], one["check_mode"]) == ("open", "closed", True, False)
    assert one["message"] == 'failed afterwards: task "Afterwards"'
    assert "business" not in (fleet.out / "report.json").read_text()
    assert second["compared_with"] == {"generated": first["generated"], "hosts_gone": []}
    assert (second["hosts"][0]["was"], second["hosts"][0]["since"]) == ("open", first["generated"])
    assert second["totals"]["changed"] == 1
    assert done.returncode == 2
    closed = fleet.run("--check", role=ROLE, RELAYLOCK_REPORT_FORMATS="json", RELAYLOCK_REPORT_COMPARE_WITH_LAST="false")
    assert closed.returncode == 0
    assert fleet.rows() == {"role": [("too_broad_mynetworks", "relay_baseline", "closed")]}
    assert fleet.report()["compared_with"] is None


def test_hosts_that_a_play_never_came_to_are_told(fleet):
    done = fleet.run(serial=SERIAL, RELAYLOCK_REPORT_FORMATS="json")
    assert done.returncode != 0
    found = dict((host["name"], (host["state"], host["instances"][0]["message"])) for host in fleet.report()["hosts"])
    late = ("failed", "not reached: the play ended without asking this host")
    assert found == {"two": ("failed", 'task "Prepare"'), "role": late, "hidden": late}


def test_a_run_without_our_modules_writes_nothing(fleet):
    assert fleet.run(others=OTHERS).returncode == 0
    assert not fleet.out.exists()


def told_of(sentence, told):
    """Whether *sentence* is in *told*, which Ansible breaks into lines wherever it likes."""
    return "".join(sentence.split()) in told


def test_what_cannot_be_written_or_read_is_a_warning_that_names_it(fleet):
    fleet.out.mkdir()
    (fleet.out / "report.json").write_text("{}")
    (fleet.out / "junit.xml").mkdir()
    master, slave = os.openpty()
    done = fleet.run("--check", role=ROLE, RELAYLOCK_REPORT_FORMATS="json,junit", stderr=slave)
    os.close(slave)
    told = b""
    try:
        while True:
            told += os.read(master, 65536)
    except OSError:
        os.close(master)
    told = "".join(told.decode().split())
    assert done.returncode == 0
    assert told_of("drift_report: cannot compare with {0}/report.json: it is no report of schema version 1".format(fleet.out), told)
    assert told_of("drift_report: cannot write {0}/junit.xml: IsADirectoryError".format(fleet.out), told)
    assert told_of("relaylock: a report of 1 host is in {0}".format(fleet.out), told), "standard error is a terminal here"
    assert fleet.rows() == {"role": [("too_broad_mynetworks", "relay_baseline", "open")]}
