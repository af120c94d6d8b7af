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
sys.path.insert(0, str(ROOT / "tests/integration"))
import postfix_server  # noqa: E402

from ansible_collections.relaylock.postfix.plugins.module_utils._maillog import report  # noqa: E402

REASON = postfix_server.unavailable()
MAIL = ["EHLO pc.example.net", "MAIL FROM:<someone@example.net>", "RCPT TO:<x@elsewhere.example>", "RCPT TO:<y@elsewhere.example>",
        "RCPT TO:<postmaster@example.com>", "DATA"]
SPEAK = """
import smtplib, sys
with smtplib.SMTP(sys.argv[1], 25, "pc.example.net", source_address=(sys.argv[2], 0)) as server:
    print(server.sendmail("someone@example.net", ["x@elsewhere.example", "y@third.example", "postmaster@example.com"], "Subject: t\\r\\n\\r\\nt\\r\\n"))
"""


@pytest.mark.skipif(REASON is not None, reason="NOT TESTED: %s" % REASON)
def test_what_postfix_writes_is_read(tmp_path):
    server = postfix_server.Server(tmp_path)
    try:
        server.start()
        assert server.run("python3", "-c", SPEAK, postfix_server.SERVER, postfix_server.STRANGER).stdout.strip() == "{}"
        deadline = time.monotonic() + 30
        while server.logged().count("status=") < 3 and time.monotonic() < deadline:
            time.sleep(0.2)
        log = server.logged()
        os.makedirs(str(tmp_path / "kept"))
        (tmp_path / "kept/maillog").write_text(log)
    finally:
        server.stop()
    relayed, read, notes = report.read([str(tmp_path / "kept/maillog")], "", 1, lambda domain: domain == "example.com", "postfix")
    found = report.clients(relayed)
    assert [(one["address"], one["login"], one["count"], sorted(one["domains"])) for one in found] == [
        (postfix_server.STRANGER, None, 2, ["elsewhere.example", "third.example"])], log
    assert read[0]["octets"] == len(log.encode()) and notes == []
    assert abs(time.time() - time.mktime(time.strptime(found[0]["last"], "%Y-%m-%dT%H:%M:%SZ")) + time.timezone) < 120
    assert "someone" not in json.dumps(found)
