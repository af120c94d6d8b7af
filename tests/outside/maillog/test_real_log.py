# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log that a real Postfix writes while it relays, read back."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(Path(__file__).resolve().parent), str(ROOT / "tests/integration")]
import mailed  # noqa: E402
import postfix_server  # noqa: E402

from ansible_collections.relaylock.postfix.plugins.module_utils._maillog import report  # noqa: E402

REASON = postfix_server.unavailable()


@pytest.mark.skipif(REASON is not None, reason="NOT TESTED: %s" % REASON)
def test_what_postfix_writes_is_read(tmp_path):
    server = postfix_server.Server(tmp_path)
    try:
        server.start()
        mailed.send(server)
        log = server.logged()
        os.makedirs(str(tmp_path / "kept"))
        (tmp_path / "kept/maillog").write_text(log)
    finally:
        server.stop()
    relayed, read, notes = report.read([str(tmp_path / "kept/maillog")], "", 1, lambda domain: domain == "example.com", "postfix")
    found = report.clients(relayed)
    assert mailed.told(found) == mailed.RELAYED, log
    assert read[0]["octets"] == len(log.encode()) and notes == []
    assert abs(time.time() - time.mktime(time.strptime(found[0]["last"], "%Y-%m-%dT%H:%M:%SZ")) + time.timezone) < 120
    assert "someone" not in json.dumps(found)
