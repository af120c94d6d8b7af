# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the drift playbook costs over a large fleet, with the report and without: wall time, the controller's memory, sizes.

HOSTS=100,1000 ROUNDS=5. The hosts are local, a configuration directory each, so the machine does the work of all of them.
"""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

import fleet
import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
COUNTS = [int(text) for text in os.environ.get("HOSTS", "100,1000").split(",")]
ROUNDS = int(os.environ.get("ROUNDS", "5"))
VARIED = 300
FORMATS = "html,json,junit,sarif,markdown,prometheus"
ENOUGH = 1.05  # times the run without the report
PER_HOST = 64.0  # kB of the controller's memory for each host, at most, that the report adds


def inventory(folder, count):
    """Write *count* hosts with an inventory: nine of ten typical ones that are closed, one of ten from the examples."""
    folder.mkdir()
    patterns = fleet.write_typical(folder, min(count, VARIED), "texthash")
    examples = sorted(path.parent for path in (ROOT / "examples/fleet").glob("*/main.cf"))
    hosts = {}
    for number in range(count):
        own = folder / ("config%d" % number)
        shutil.copytree(examples[number // 10 % len(examples)] if number % 10 == 0 else patterns[number % len(patterns)], own)
        hosts["mx%05d" % number] = {"relay_baseline_config_directory": str(own)}
    told = {"all": {"hosts": hosts, "vars": {"ansible_connection": "local", "ansible_python_interpreter": sys.executable,
                                             "relay_baseline_postfix_version": "3.7"}}}
    (folder / "hosts.yml").write_text(yaml.safe_dump(told))


def run(folder, report):
    """Run the drift playbook; return (seconds, peak memory of the controller in kB)."""
    environment = dict(os.environ, ANSIBLE_FORKS="10", ANSIBLE_PIPELINING="1", ANSIBLE_STDOUT_CALLBACK="ansible.builtin.oneline",
                       ANSIBLE_DEPRECATION_WARNINGS="0", RELAYLOCK_REPORT_DIRECTORY=str(folder / "report"), RELAYLOCK_REPORT_FORMATS=FORMATS,
                       RELAYLOCK_REPORT_COMPARE_WITH_LAST="0", **({"ANSIBLE_CALLBACKS_ENABLED": "relaylock.postfix.drift_report"} if report else {}))
    command = [str(pathlib.Path(sys.executable).parent / "ansible-playbook"), "relaylock.postfix.drift", "-i", "hosts.yml", "-e", "fail_on=never"]
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    dummy, status, used = os.wait4(process.pid, 0)
    assert status == 0
    return time.perf_counter() - start, used.ru_maxrss


def measured(folder):
    """Return {with the report or not: (median seconds, median kB)}, in rounds in which the two take turns."""
    found = {True: [], False: []}
    for dummy in range(ROUNDS):
        for report in found:
            found[report].append(run(folder, report))
    return {report: tuple(statistics.median(column) for column in zip(*values)) for report, values in found.items()}


def test_fleet(tmp_path, capsys):
    added = {}
    for count in COUNTS:
        folder = tmp_path / str(count)
        inventory(folder, count)
        found = measured(folder)
        sizes = {path.name: path.stat().st_size for path in sorted((folder / "report").iterdir())}
        added[count] = (found[True][1] - found[False][1]) / count
        with capsys.disabled():
            print("\n{0} hosts, medians of {1}: without the report {2[0]:.1f} s, {2[1]:.0f} kB; with it {3[0]:.1f} s, {3[1]:.0f} kB; "
                  "{4:.3f} times, {5:.1f} kB a host".format(count, ROUNDS, found[False], found[True], found[True][0] / found[False][0], added[count]))
            print("  " + ", ".join("{0} {1:.0f} kB".format(name, size / 1000) for name, size in sizes.items()))
        if count >= 1000:
            assert found[True][0] <= ENOUGH * found[False][0]
            assert added[count] <= PER_HOST


@pytest.fixture(autouse=True)
def _collection(monkeypatch):
    monkeypatch.setenv("ANSIBLE_COLLECTIONS_PATH", str(ROOT / ".build"))
