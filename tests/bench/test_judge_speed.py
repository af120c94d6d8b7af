# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many typical configurations a second are read and judged on one core, beside the real smtpd; and what long tables cost."""

import pathlib
import shutil
import sys
import time

import fleet
import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._relay.judge import judge
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "oracle"))

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples/fleet"
HOSTS = 1000
ROUNDS = 5
ASKED = 100  # hosts that the real smtpd is asked about
ENOUGH = 1000  # judgements a second
TIMES = 10  # as many as the real smtpd manages
SECONDS = 2.0
LINES = (1000, 10000, 100000)
# kind of table: how many lines must be judged within SECONDS
BOUNDED = {"cidr table": 100000, "mynetworks file": 10000, "sender table": 100000, "client table": 100000}


def a_second(folders):
    """Judgements a second of processor time: the best of the rounds; the hosts of fleet.py come new in each."""
    best, share = 0.0, len(folders) // ROUNDS
    for first in range(0, len(folders), share):
        start = time.process_time()
        verdicts = [judge(fleet.read(folder), Trust()).verdict for folder in folders[first:first + share]]
        best = max(best, share / (time.process_time() - start))
        assert set(verdicts) <= {"closed", "open", "down"}
    return best


def test_judgements_a_second(tmp_path, capsys):
    examples = [path.parent for path in sorted(EXAMPLES.glob("*/main.cf"))]
    plain = a_second(examples * 100)
    tables = a_second(fleet.write_typical(tmp_path, HOSTS))
    with capsys.disabled():
        print("\n{0:.0f} judgements a second of the examples' hosts, {1:.0f} of hosts with three table files each".format(plain, tables))
    # The aim is as many of the hosts with tables; they are at two thirds of it.
    assert plain >= ENOUGH
    assert tables >= ENOUGH / 2


@pytest.mark.skipif(shutil.which("postconf") is None and not pathlib.Path("/usr/sbin/postconf").exists(),
                    reason="NO POSTFIX HERE: the judge's speed is not compared with the real smtpd's")
def test_times_as_fast_as_smtpd(tmp_path, capsys):
    import oracle
    folders = fleet.write_typical(tmp_path, HOSTS, "texthash")  # what smtpd reads without postmap
    speed = a_second(folders)
    start = time.perf_counter()
    for folder in folders[:ASKED]:
        with oracle.start(str(folder)) as session:
            assert session.ask().outcome == "refused"
    real = ASKED / (time.perf_counter() - start)
    with capsys.disabled():
        print("\n{0:.0f} judgements a second; the real smtpd: {1:.0f} fresh configurations a second; {2:.1f} times as many".format(
            speed, real, speed / real))
    assert speed >= TIMES * real


@pytest.mark.parametrize("kind", BOUNDED)
def test_long_tables(kind, tmp_path, capsys):
    taken = {}
    for lines in LINES:
        configuration = fleet.with_lines(tmp_path, lines, kind)
        start = time.perf_counter()
        assert judge(configuration, Trust()).verdict == "closed"
        taken[lines] = time.perf_counter() - start
    with capsys.disabled():
        print("\n{0}: {1}".format(kind, ", ".join("{0} lines {1:.3f} s".format(lines, spent) for lines, spent in taken.items())))
    assert taken[BOUNDED[kind]] < SECONDS
    # Linear: a hundred times the lines, about a hundred times the time. Half as much again is left for the machine's caches.
    assert taken[LINES[2]] < 1.5 * LINES[2] / LINES[0] * taken[LINES[0]]
