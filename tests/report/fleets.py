# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts for real runs of ansible-playbook with the callback on."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys

import jsonschema
import yaml

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# To try another ansible-core, name its ansible-playbook.
PLAYBOOK = os.environ.get("RELAYLOCK_ANSIBLE_PLAYBOOK") or str(pathlib.Path(sys.executable).parent / "ansible-playbook")
SCHEMA = json.loads((ROOT / "plugins/plugin_utils/_report/report.schema.json").read_text(encoding="utf-8"))


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
        names = ("two", "ignored", "rescued", "hidden", "role", "passed_by")
        inventory = {"all": {"vars": {"fleet": str(folder / "fleet")}, "children": {
            "here": {"hosts": dict.fromkeys(names), "vars": local}, "far": {"hosts": {"gone": gone}}}}}
        (folder / "inventory.yml").write_text(yaml.safe_dump(inventory))

    def run(self, *options, stderr=subprocess.PIPE, **playbooks):
        """Run the playbooks, in their order; environment: upper case names in *playbooks*. Return the finished process."""
        env = dict(os.environ, ANSIBLE_COLLECTIONS_PATH=str(ROOT / ".build"), ANSIBLE_HOME=str(self.folder / "home"),
                   ANSIBLE_CALLBACKS_ENABLED="relaylock.postfix.drift_report", ANSIBLE_FORKS="2", ANSIBLE_PIPELINING="true",
                   ANSIBLE_LOCALHOST_WARNING="false", ANSIBLE_DEPRECATION_WARNINGS="false", ANSIBLE_NOCOLOR="true",
                   RELAYLOCK_REPORT_DIRECTORY=str(self.out), RELAYLOCK_REPORT_FORMATS="html,json,junit,sarif,markdown,prometheus",
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
