# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""After check mode: it told the truth, and nothing was touched."""

import lab
import pytest

# Behind postscreen the smtpd is a service of that name.
PORTS = {"smtp": 25, "smtpd": 25, "submission": 587, "smtps": 465, "submissions": 465}
# How the scenario's own dialogues speak with a port.
TLS = {row.port: row.tls for row in reversed(lab.ROWS)}


@pytest.mark.parametrize("server", lab.SERVERS)
def test_no_byte_inode_or_time_stamp_changed(server):
    assert lab.told("checked")[server]["stamp"] == lab.told("created")[server]["stamp"]


@pytest.mark.parametrize("server", lab.SERVERS)
def test_verdict_and_drift_are_told(server):
    result = lab.told("checked")[server]["result"]
    assert [result["verdict"]["before"], result["verdict"]["after"]] == lab.VERDICTS[server]
    assert bool(result["drift"]) == result["changed"] == (server not in lab.UNTOUCHED)


@pytest.mark.parametrize("server", [server for server, verdicts in lab.VERDICTS.items() if verdicts[0] == "open"])
def test_the_witness_relays_when_the_real_smtpd_is_asked(server):
    listeners = [listener for listener in lab.told("checked")[server]["result"]["listeners"] if listener["verdict"] == "open"]
    assert listeners
    for listener in listeners:
        witness = {word: listener["witness"][word] or "" for word in ("helo", "sender", "recipient")}
        port = PORTS.get(listener["service"]) or int(listener["service"])
        # The stranger's own address stands for the witness's: on these servers no cause depends on which public address it is.
        assert lab.dialogue(lab.Row("stranger", server, port=port, tls=TLS[port], **witness)).startswith("250 2.1.5"), witness
