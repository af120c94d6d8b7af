# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""relay_clients_info and a real journal: what a real Postfix logged, in a file that journald's own program wrote."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(Path(__file__).resolve().parent), str(ROOT / "tests/outside"), str(ROOT / "tests/integration")]
import mailed  # noqa: E402
import packages  # noqa: E402
import postfix_server  # noqa: E402

REASON = postfix_server.unavailable()
LINE = re.compile(r"\w{3} [ \d]\d [\d:]{8} \S+ ([^\[]+)\[(\d+)\]: (.*)")
DAY = 86400
MACHINE = "0" * 31 + "1"
# systemd's Journal Export Format: a field a line, an empty line after each entry.
ENTRY = "__REALTIME_TIMESTAMP={at}\n__MONOTONIC_TIMESTAMP={at}\n_BOOT_ID=%s\n_MACHINE_ID=%s\n_HOSTNAME=mx\nPRIORITY=6\n" \
        "SYSLOG_FACILITY={facility}\nSYSLOG_IDENTIFIER={tag}\nSYSLOG_PID={pid}\nMESSAGE={text}\n\n" % ("a" * 32, MACHINE)
MODULE = "from ansible_collections.relaylock.postfix.plugins.modules.relay_clients_info import main; main()"


def entries(log, began, facility=2):
    """Lines of a log file as entries of a journal, a microsecond from each to the next."""
    found = [LINE.fullmatch(line) for line in log.splitlines()]
    assert all(found)
    return "".join(ENTRY.format(at=int(began * 1e6) + number, facility=facility, tag=one.group(1), pid=one.group(2), text=one.group(3))
                   for number, one in enumerate(found))


def asked(server, **options):
    """What the module returns on the host."""
    told = server.run(sys.executable, "-c", MODULE, input=json.dumps({"ANSIBLE_MODULE_ARGS": options}),
                      env=dict(os.environ, PYTHONPATH=str(ROOT / ".build"), PYTHONDONTWRITEBYTECODE="1"))
    return json.loads(told.stdout)


@pytest.mark.skipif(REASON is not None, reason="NOT TESTED: %s" % REASON)
def test_a_journal_is_read(tmp_path):
    server = postfix_server.Server(tmp_path)
    try:
        server.start()
        mailed.send(server)
        by_file = asked(server, days=2)
        server.run("postfix", "stop")
        now, log = time.time(), server.logged()
        server.log.unlink()
        # The same again, long ago and by another facility: neither counts.
        older = log.replace(postfix_server.STRANGER, "192.0.2.8")
        text = entries(older, now - 9 * DAY) + entries(log.replace(postfix_server.STRANGER, "192.0.2.9"), now - 5, facility=3) + entries(log, now - 3)
        (server.log.parent / "journal" / MACHINE).mkdir(parents=True)
        remote = packages.program(packages.tree("journal", ("systemd-journal-remote",)), "/lib/systemd/systemd-journal-remote")
        subprocess.run([*remote, "--output", server.log.parent / "journal" / MACHINE / "system.journal", "-"], input=text, text=True, check=True,
                       capture_output=True)
        (tmp_path / "machine-id").write_text(MACHINE + "\n")
        server.run("mount", "--bind", tmp_path / "machine-id", "/etc/machine-id")
        by_journal, of_all = asked(server, days=2), asked(server, days=30)
    finally:
        server.stop()
    assert [one["path"] for one in by_journal["read"]] == ["journal"], by_journal
    assert by_journal["notes"] == [] and by_journal["read"][0]["octets"] > 0
    assert mailed.told(by_journal["clients"]) == mailed.told(by_file["clients"]) == mailed.RELAYED
    assert {one["address"] for one in of_all["clients"]} == {postfix_server.STRANGER, "192.0.2.8"}
