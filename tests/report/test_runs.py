# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The callback in real runs of ansible-playbook: whatever happens to hosts, tasks and plays, the report tells it."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys

import jsonschema
import pytest
import xmlschema
import yaml
from prometheus_client.parser import text_string_to_metric_families

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# To try another ansible-core, name its ansible-playbook.
PLAYBOOK = os.environ.get("RELAYLOCK_ANSIBLE_PLAYBOOK") or str(pathlib.Path(sys.executable).parent / "ansible-playbook")
SCHEMA = json.loads((ROOT / "plugins/plugin_utils/_report/report.schema.json").read_text(encoding="utf-8"))

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
ROLE = """
- hosts: role
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: relaylock.postfix.relay_baseline
      vars:
        relay_baseline_config_directory: "{{ fleet }}/too_broad_mynetworks"
        relay_baseline_postfix_version: "3.7"
        relay_baseline_waivers: [{id: sender_restrictions_missing, reason: known, until: "2999-12-31"}]
"""
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


class Fleet(object):
    """Copies of examples/fleet, an inventory of hosts that are this machine, one of which nobody can reach, and a folder for reports."""

    def __init__(self, folder):
        self.folder = folder
        self.out = folder / "out"
        shutil.copytree(str(ROOT / "examples/fleet"), str(folder / "fleet"))
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
        local = dict(ansible_connection="local", ansible_python_interpreter=sys.executable)
        gone = dict(ansible_connection="ssh", ansible_host="127.0.0.1", ansible_port=port, ansible_ssh_common_args="-F none -o BatchMode=yes")
        names = ("two", "ignored", "rescued", "hidden", "role")
        inventory = {"all": {"vars": {"fleet": str(folder / "fleet")}, "children": {
            "here": {"hosts": dict.fromkeys(names), "vars": local}, "far": {"hosts": {"gone": gone}}}}}
        (folder / "inventory.yml").write_text(yaml.safe_dump(inventory))

    def run(self, *options, stderr=subprocess.PIPE, **playbooks):
        """Run the playbooks, in their order; environment: upper case names in *playbooks*. Return the finished process."""
        env = dict(os.environ, ANSIBLE_COLLECTIONS_PATH=str(ROOT / ".build"), ANSIBLE_HOME=str(self.folder / "home"),
                   ANSIBLE_CALLBACKS_ENABLED="relaylock.postfix.drift_report", ANSIBLE_FORKS="2", ANSIBLE_PIPELINING="true",
                   ANSIBLE_LOCALHOST_WARNING="false", ANSIBLE_DEPRECATION_WARNINGS="false", ANSIBLE_NOCOLOR="true",
                   RELAYLOCK_REPORT_DIRECTORY=str(self.out), RELAYLOCK_REPORT_FORMATS="json,junit,sarif,markdown,prometheus",
                   RELAYLOCK_REPORT_REPOSITORY=str(self.folder))
        env.update((name, value) for name, value in playbooks.items() if name.isupper())
        files = []
        for name, text in playbooks.items():
            if not name.isupper():
                files.append(name + ".yml")
                (self.folder / files[-1]).write_text(text)
        return subprocess.run([PLAYBOOK, "-i", "inventory.yml", *options, *files], cwd=str(self.folder), env=env, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr, check=False)

    def report(self):
        """The document in the folder, which is valid."""
        found = json.loads((self.out / "report.json").read_text())
        jsonschema.Draft202012Validator(SCHEMA).validate(found)
        return found

    def rows(self):
        """{host: [(last part of the directory, module, state)]}."""
        return dict((host["name"], [(one["config_directory"] and os.path.basename(one["config_directory"]), one["module"], one["state"])
                                    for one in host["instances"]]) for host in self.report()["hosts"])


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """A fleet after two playbooks in check mode, and what they printed."""
    fleet = Fleet(tmp_path_factory.mktemp("checked"))
    return fleet, fleet.run("--check", "--diff", role=ROLE, every=EVERY)


@pytest.fixture
def fleet(tmp_path):
    return Fleet(tmp_path)


@pytest.mark.xdist_group("checked")
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


@pytest.mark.xdist_group("checked")
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


@pytest.mark.xdist_group("checked")
def test_every_format_is_there_and_read(checked):
    fleet, dummy = checked
    assert sorted(os.listdir(str(fleet.out))) == ["junit.xml", "relaylock.prom", "report.json", "report.md", "report.sarif"]
    xmlschema.XMLSchema(str(HERE / "junit.xsd")).validate(str(fleet.out / "junit.xml"))
    families = dict((one.name, one) for one in text_string_to_metric_families((fleet.out / "relaylock.prom").read_text()))
    assert sum(sample.value for sample in families["relaylock_host_verdict"].samples) == 6
    sarif = json.loads((fleet.out / "report.sarif").read_text())
    uris = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in sarif["runs"][0]["results"]}
    assert uris == {"fleet/healthy/main.cf", "fleet/permissive_relay_list/main.cf", "fleet/too_broad_mynetworks/main.cf"}
    for uri in uris:
        assert (fleet.folder / uri).is_file(), "the files are in the repository"
    assert (fleet.out / "report.md").read_text().startswith("## Postfix relays: 2 hosts open, 3 hosts failed, 1 host unreachable")


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
