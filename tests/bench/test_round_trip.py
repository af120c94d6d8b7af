# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a play costs on hosts in containers: the role at the baseline beside one ping, eight lineinfile and eight postconf -e.

Twenty containers with Postfix's files and no running server, reached through podman; root and podman are needed.
"""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONTAINERS = ROOT / "tests/containers"
HOSTS = 20
ROUNDS = int(os.environ.get("ROUNDS", "5"))
ENOUGH = 1.15  # times the play with one ping
NAMES = ["relaylock-bench-%d" % number for number in range(HOSTS)]
ENVIRONMENT = dict(os.environ, CONTAINERS_CONF=str(CONTAINERS / "containers.conf"), ANSIBLE_FORKS=str(HOSTS), ANSIBLE_PIPELINING="1",
                   ANSIBLE_DEPRECATION_WARNINGS="0")
SETTINGS = ("smtpd_relay_restrictions", "smtpd_recipient_restrictions", "smtpd_sender_restrictions", "smtpd_client_restrictions",
            "smtpd_helo_required", "mynetworks", "smtpd_sasl_auth_enable", "disable_vrfy_command")
BASELINE = """\
compatibility_level = 3.6
myhostname = mx.example.com
mydestination = $myhostname, localhost
mynetworks = 127.0.0.0/8 [::1]/128
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_sender_restrictions = reject_non_fqdn_sender
smtpd_client_restrictions = permit_mynetworks
smtpd_helo_required = yes
smtpd_sasl_auth_enable = no
disable_vrfy_command = yes
"""
VALUES = dict(line.split(" = ", 1) for line in BASELINE.splitlines())


def tasks():
    """Return {play: its tasks}; each leaves every host as it is."""
    lines = [{"ansible.builtin.lineinfile": {"path": "/etc/postfix/main.cf", "regexp": "^%s =" % name, "line": "%s = %s" % (name, VALUES[name])}}
             for name in SETTINGS]
    settings = [{"ansible.builtin.command": {"argv": ["postconf", "-e", "%s = %s" % (name, VALUES[name])]}, "changed_when": False} for name in SETTINGS]
    return {"one ping": [{"ansible.builtin.ping": {}}],
            "the role": [{"ansible.builtin.import_role": {"name": "relaylock.postfix.relay_baseline"}}],
            "eight lineinfile": lines, "eight postconf -e": settings}


def podman(*arguments):
    return subprocess.run(["podman", *arguments], env=ENVIRONMENT, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def fleet_of_containers(tmp_path_factory):
    """Twenty containers; returns the folder with their inventory."""
    if os.geteuid() != 0 or shutil.which("podman") is None:
        pytest.skip("NOT MEASURED: containers need root and podman")
    folder = tmp_path_factory.mktemp("fleet")
    image = subprocess.run([CONTAINERS / "images.sh", "bookworm"], check=True, capture_output=True, text=True).stdout.split()[1]
    (folder / "main.cf").write_text(BASELINE)
    for name in NAMES:
        podman("run", "--detach", "--name", name, "--network=none", "--stop-timeout=1", "--volume=%s:/from:ro" % folder, image,
               "bash", "-c", "cp /from/main.cf /etc/postfix/ && touch /ready; sleep infinity")
    told = {"all": {"hosts": dict.fromkeys(NAMES), "vars": {"ansible_connection": "containers.podman.podman",
                                                            "ansible_python_interpreter": "/usr/bin/python3"}}}
    (folder / "hosts.yml").write_text(yaml.safe_dump(told))
    yield folder
    podman("rm", "--force", "--time=1", *NAMES)


def test_round_trip(fleet_of_containers, capsys):
    plays, taken = tasks(), {}
    for name, play in plays.items():
        (fleet_of_containers / (name + ".yml")).write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": play}]))
        taken[name] = []
    for dummy in range(ROUNDS):
        for name in plays:
            start = time.perf_counter()
            done = subprocess.run([pathlib.Path(sys.executable).parent / "ansible-playbook", "-i", "hosts.yml", name + ".yml"], check=False,
                                  cwd=fleet_of_containers, env=ENVIRONMENT, capture_output=True, text=True)
            taken[name].append(time.perf_counter() - start)
            assert done.returncode == 0 and done.stdout.count("changed=0") == HOSTS, done.stdout + done.stderr
    medians = {name: statistics.median(values) for name, values in taken.items()}
    ping = medians["one ping"]
    with capsys.disabled():
        print("\n{0} hosts, medians of {1}".format(HOSTS, ROUNDS))
        for name, median in medians.items():
            print("{0:20} {1:6.1f} s  {2:5.2f} times".format(name, median, median / ping))
    assert medians["the role"] <= ENOUGH * ping
