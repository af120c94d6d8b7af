# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fifty hosts probed at once: fifty addresses of a namespace, a real Postfix behind them, a stranger who asks. By itself, and as a play."""

import json
import os
import pathlib
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/outside/probe"))
import probed  # noqa: E402

HOSTS = ["127.0.1.%d" % number for number in range(1, 51)]
ENOUGH = 10.0  # seconds
# One server stands for fifty: what it limits for one client it would limit for none of them.
MAIN = probed.CLOSED + "smtpd_client_connection_count_limit = 0\ndefault_process_limit = 200\n"
AT_ONCE = """
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
sys.path.insert(0, sys.argv[1])
from ansible_collections.relaylock.postfix.plugins.module_utils._probe.probe import Wish, probe
began = time.monotonic()
with ThreadPoolExecutor(50) as pool:
    found = list(pool.map(lambda host: probe(Wish(**dict(json.loads(sys.argv[2]), host=host))), sys.argv[3:]))
print(json.dumps([time.monotonic() - began, time.process_time(), [one["verdict"] for one in found], [len(one["attempts"]) for one in found]]))
"""


@pytest.fixture
def mail(tmp_path):
    if probed.REASON:
        pytest.skip("NOT MEASURED: " + probed.REASON)
    made = probed.Mail(tmp_path)
    made.serve(MAIN)
    yield made
    made.stop()


def test_fifty_hosts_at_once(mail, capsys):
    wish = dict(probed.WISH, own_domains=["example.com"])
    taken = []
    for dummy in range(3):
        told = mail.run(sys.executable, "-c", AT_ONCE, ROOT / ".build", json.dumps(wish), *HOSTS)
        seconds, processor, verdicts, forms = json.loads(told.stdout)
        assert verdicts == ["closed"] * len(HOSTS)
        taken.append((seconds, processor))
    with capsys.disabled():
        print("\n{0} hosts at once, {1} forms each: {2} s, of which {3:.1f} s of this side's processor".format(
            len(HOSTS), forms[0], ", ".join("%.1f" % one for one, dummy in taken), max(one for dummy, one in taken)))
    assert max(one for one, dummy in taken) < ENOUGH


def test_fifty_hosts_in_a_play(mail, tmp_path, capsys):
    """As the first, with all that Ansible does for a task on fifty hosts."""
    env = dict(os.environ, ANSIBLE_LOAD_CALLBACK_PLUGINS="1", ANSIBLE_STDOUT_CALLBACK="ansible.builtin.oneline", ANSIBLE_PIPELINING="1")
    arguments = "host={{ inventory_hostname }} own_domains=example.com foreign_domain=%s source_address=%s" % (
        probed.WISH["foreign_domain"], probed.WISH["source_address"])
    command = [pathlib.Path(sys.executable).parent / "ansible", "all", "-i", ",".join(HOSTS), "-c", "local", "-f", "50",
               "-e", "ansible_python_interpreter=" + sys.executable]
    took = {}
    for module, given in (("ansible.builtin.ping", []), ("relaylock.postfix.relay_probe", ["-a", arguments])):
        start = time.perf_counter()
        told = mail.run(*command, "-m", module, *given, env=env)
        took[module] = time.perf_counter() - start
        assert told.returncode == 0, told.stdout
        assert module != "relaylock.postfix.relay_probe" or told.stdout.count('"verdict": "closed"') == len(HOSTS), told.stdout
    with capsys.disabled():
        print("\n{0} hosts in a play: {1:.1f} s; ansible.builtin.ping there: {2:.1f} s".format(
            len(HOSTS), took["relaylock.postfix.relay_probe"], took["ansible.builtin.ping"]))
    assert took["relaylock.postfix.relay_probe"] - took["ansible.builtin.ping"] < ENOUGH
