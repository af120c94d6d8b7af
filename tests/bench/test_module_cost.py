# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module costs on the host: its own process, as Ansible ships it, beside that of ansible.builtin.ping; by part, and in bytes."""

import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

import fleet
import pytest

ROUNDS = 15
ANSIBLE = pathlib.Path(sys.executable).parent / "ansible"
PING = "ansible.builtin.ping"
# module: how many times ping's own process it may take
BOUNDED = {"relaylock.postfix.relay_info": 1.3, "relaylock.postfix.relay_baseline": None}
_IMPORT = re.compile(r"import time:\s*(\d+) \|\s*(\d+) \| (\s*)(\S+)")


def shipped(module, arguments, folder):
    """Return the file that Ansible ships for a call of *module*, made by a real call that leaves it behind."""
    environment = dict(os.environ, ANSIBLE_KEEP_REMOTE_FILES="1", ANSIBLE_REMOTE_TEMP=str(folder), ANSIBLE_PIPELINING="0")
    command = [ANSIBLE, "localhost", "-i", "localhost,", "-c", "local", "-e", "ansible_python_interpreter=" + sys.executable,
               "-m", module, *(["-a", " ".join(map("=".join, arguments.items()))] if arguments else [])]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return next(folder.glob("*/AnsiballZ_*.py"))


def seconds(command):
    """Return the wall time of a process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def parts(payload):
    """Return {part: seconds} of one run: what Python spends on loading our code and Ansible's."""
    told = subprocess.run([sys.executable, "-X", "importtime", payload], check=True, capture_output=True, text=True).stderr
    found = {"ours": 0.0, "others": 0.0}
    for alone, dummy, dummy, name in _IMPORT.findall(told):
        found["ours" if "relaylock" in name else "others"] += int(alone) / 1e6
    return found


@pytest.mark.parametrize("module", BOUNDED)
def test_own_process(module, tmp_path, capsys):
    """The medians of rounds in which the two take turns."""
    hosts = tmp_path / "hosts"
    hosts.mkdir()
    arguments = {"config_directory": str(fleet.write_typical(hosts, 1, "texthash")[0])}
    payloads = {}
    for name, given in ((PING, {}), (module, arguments)):
        (tmp_path / name).mkdir()
        payloads[name] = shipped(name, given, tmp_path / name)
    taken = {name: [] for name in payloads}
    for dummy in range(ROUNDS):
        for name, payload in payloads.items():
            taken[name].append(seconds([sys.executable, payload]))
    medians = {name: statistics.median(values) for name, values in taken.items()}
    ratio, loaded = medians[module] / medians[PING], parts(payloads[module])
    with capsys.disabled():
        print("\n{0}: {1:.0f} ms, ping: {2:.0f} ms, {3:.2f} times; loading our code {4:.0f} ms, other code {5:.0f} ms; payload {6:.0f} kB".format(
            module, 1000 * medians[module], 1000 * medians[PING], ratio, 1000 * loaded["ours"], 1000 * loaded["others"],
            payloads[module].stat().st_size / 1000))
    assert BOUNDED[module] is None or ratio <= BOUNDED[module]
