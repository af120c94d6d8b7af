# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift playbook in real runs: it never writes, goes on where a host cannot be judged, and goes red as fail_on says."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLAYBOOK = pathlib.Path(sys.executable).parent / "ansible-playbook"
# The mounts are gone with the process.
WRAPPER = """\
#!/bin/sh
here=$(pwd)
exec unshare --mount sh -ec '
    mount -t tmpfs none {folder}
    cd {folder}
    mkdir upper work
    {prepare}
    mount -t overlay none -o lowerdir=/etc,upperdir={folder}/upper,workdir={folder}/work /etc
    if [ -e /usr/sbin/postconf ]; then mount --bind /dev/null /usr/sbin/postconf; fi
    cd "$0"
    exec {python} "$@"' "$here" "$@"
"""


class Fleet:
    """Hosts that are this machine, each with a copy of an example as its configuration."""

    def __init__(self, folder):
        self.folder, self.hosts = folder, {}
        shutil.copytree(ROOT / "examples/fleet", folder / "fleet")

    def add(self, name, example=None, **variables):
        if example:
            variables["relay_baseline_config_directory"] = str(self.folder / "fleet" / example)
        self.hosts[name] = variables

    def run(self, *options, playbook="drift", **more):
        """Return (status, output). more: variables of the environment"""
        common = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, "relay_baseline_postfix_version": "3.7"}
        (self.folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": self.hosts, "vars": common}}))
        environment = dict(os.environ, ANSIBLE_COLLECTIONS_PATH=str(ROOT / ".build"), ANSIBLE_HOME=str(self.folder / "home"), ANSIBLE_NOCOLOR="1",
                           ANSIBLE_DEPRECATION_WARNINGS="0", ANSIBLE_FORKS="2", **more)
        done = subprocess.run([PLAYBOOK, "relaylock.postfix." + playbook, "-i", "hosts.yml", *options], cwd=self.folder, env=environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.returncode, done.stdout

    def state(self):
        """All that a run could change below the hosts' directories."""
        return sorted((str(path), path.stat().st_mtime_ns, path.stat().st_ino, path.is_file() and path.read_bytes())
                      for path in (self.folder / "fleet").rglob("*"))


@pytest.fixture
def fleet(tmp_path):
    return Fleet(tmp_path)


def headline(output):
    return re.search(r'"(\d+ hosts?: .*)"', output).group(1)


def test_it_never_writes_and_every_host_is_a_line(fleet, tmp_path):
    fleet.add("good", "healthy")
    fleet.add("wide", "too_broad_mynetworks")
    fleet.add("dead", "dead")
    fleet.add("broken", relay_baseline_config_directory=str(tmp_path / "none"))
    fleet.add("gone", ansible_connection="ssh", ansible_host="127.0.0.1", ansible_port=1, ansible_ssh_common_args="-F none -o BatchMode=yes")
    before = fleet.state()
    # check_mode is no variable of the play that a user could set, and --diff is on anyway.
    status, output = fleet.run("-e", "ansible_check_mode=false")
    assert fleet.state() == before
    assert status == 2
    assert headline(output) == "5 hosts: 1 open, 1 down, 1 failed, 1 unreachable, 1 closed; 2 would change"
    assert "+++ after" in output and "--limit 'wide,dead'" in output


@pytest.mark.parametrize("options, status", [
    ((), 0),
    (("-e", "fail_on=drift"), 2),
    (("-e", "fail_on=never"), 0),
    (("-e", "fail_on=sometimes"), 2),
    (("-e", "fail_on=drift", "--limit", "good"), 0),
    (("-e", "relay_drift_strategy=linear", "-e", "relay_drift_serial=1"), 0),
])
def test_drift_alone_is_red_where_it_shall_be(fleet, options, status):
    fleet.add("good", "healthy")
    fleet.add("drifts", "dead")
    code, output = fleet.run(*options)
    assert code == status, output
    assert "sometimes" not in options[-1:][0:1] or "open, drift, never" in output


def test_that_the_run_is_red_is_no_trouble_of_the_first_host(fleet, tmp_path):
    fleet.add("a", "healthy")
    fleet.add("b", "too_broad_mynetworks")
    status, dummy = fleet.run(ANSIBLE_CALLBACKS_ENABLED="relaylock.postfix.drift_report", RELAYLOCK_REPORT_DIRECTORY=str(tmp_path / "out"),
                              RELAYLOCK_REPORT_FORMATS="json")
    report = json.loads((tmp_path / "out/report.json").read_text())
    assert status == 2
    assert [(host["name"], one["state"], one["message"]) for host in report["hosts"] for one in host["instances"]] == [
        ("b", "open", None), ("a", "closed", None)]


def test_a_host_without_postfix_is_no_failure(fleet, tmp_path):
    fleet.add("absent", ansible_python_interpreter=elsewhere(tmp_path, "mknod upper/postfix c 0 0"))
    fleet.add("good", "healthy")
    status, output = fleet.run("-e", "fail_on=drift")
    assert status == 0, output
    assert headline(output) == "2 hosts: 1 closed, 1 absent; 0 would change"
    assert "failed=1" not in output and "ignored=1" not in output
    assert fleet.run("--check", "--limit", "absent", playbook="remediate")[0] == 2


@pytest.fixture
def several(fleet, tmp_path):
    """A host of three instances: a healthy one, an open and a dead one. Returns the directory of the open one."""
    wide, good = tmp_path / "fleet/too_broad_mynetworks", tmp_path / "fleet/healthy"
    main = good / "main.cf"
    main.write_text(main.read_text() + "multi_instance_directories = {0} {1}\n".format(wide, tmp_path / "fleet/dead"))
    fleet.add("several", ansible_python_interpreter=elsewhere(tmp_path, "cp -r {0} upper/postfix".format(good)))
    return wide


def test_every_instance_of_a_host_is_judged(fleet, several):
    """The worst is the host, and each has its edits."""
    before = fleet.state()
    status, output = fleet.run("-e", "fail_on=never")
    assert status == 0, output
    assert headline(output) == "1 host: 1 open; 1 would change"
    assert "2 edits would close" in output
    assert "+++ after: {0}/main.cf".format(several) in output
    assert fleet.state() == before


def test_every_instance_of_a_host_is_remedied(fleet, several):
    status, output = fleet.run("-e", "relay_baseline_activate=false", playbook="remediate")
    assert status == 0, output
    assert re.findall(r'"(/.*|verdict: .*)"', output) == [
        "/etc/postfix", "verdict: closed -> closed", str(several), "verdict: open -> closed", str(several.parent / "dead"), "verdict: down -> closed"]
    assert headline(fleet.run("-e", "fail_on=drift")[1]) == "1 host: 1 closed; 0 would change"


def elsewhere(folder, prepare):
    """Return an interpreter for a host without Postfix's commands and with another /etc/postfix, which *prepare* lays in upper/."""
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED: another /etc/postfix than this machine's needs root")
    (folder / "etc").mkdir()
    wrapper = folder / "python"
    wrapper.write_text(WRAPPER.format(folder=folder / "etc", prepare=prepare, python=sys.executable))
    wrapper.chmod(0o755)
    tried = subprocess.run([wrapper, "-c", "pass"], stderr=subprocess.PIPE, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip("NOT TESTED: no overlay can be mounted here: " + tried.stderr.strip())
    return str(wrapper)
