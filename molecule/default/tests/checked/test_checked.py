# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""After check mode: it told the truth, and nothing was touched."""

import lab


def test_no_byte_inode_or_time_stamp_changed(server):
    assert lab.stamp(server) == lab.kept("before")[server]


def test_drift_and_verdict_are_reported(open_server):
    result = lab.results("check")[open_server]
    assert result["changed"]
    assert result["verdict"] == {"before": "open", "after": "closed"}
    assert result["drift"]


def test_the_witness_relays_when_the_real_smtpd_is_asked(open_server):
    listeners = [listener for listener in lab.results("check")[open_server]["listeners"] if listener["verdict"] == "open"]
    assert listeners
    for listener in listeners:
        witness = listener["witness"]
        port = {"smtp": "25", "submission": "587"}[listener["service"]]
        words = [witness[word] or "''" for word in ("helo", "sender", "recipient")]
        # The stranger's own address stands for the witness's: on these servers no cause depends on which public address it is.
        assert lab.dialogue("outsider", open_server, port, *words).startswith("250 2.1.5"), witness


def test_the_healthy_server_has_no_drift():
    result = lab.results("check")["healthy"]
    assert not result["changed"]
    assert result["verdict"] == {"before": "closed", "after": "closed"}
    assert result["drift"] == []


def test_the_stranger_still_relays(open_server):
    assert lab.stranger_relays(open_server).startswith("250 2.1.5")
