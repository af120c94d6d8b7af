# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""After converge and a second one: the first did what check mode had said, the second nothing."""

import lab
import pytest


@pytest.mark.parametrize("server", lab.SERVERS)
def test_the_run_did_what_check_mode_said(server):
    said, did = lab.told("checked")[server]["result"], lab.told("converged")[server]["result"]
    for key in ("changed", "verdict", "listeners", "findings", "drift", "access"):
        assert did[key] == said[key], key


@pytest.mark.parametrize("server", lab.SERVERS)
def test_nothing_was_left_to_do(server):
    result = lab.told("again")[server]["result"]
    after = lab.VERDICTS[server][1]
    assert not result["changed"]
    assert result["verdict"] == {"before": after, "after": after}
    assert result["drift"] == []


@pytest.mark.parametrize("server", lab.SERVERS)
def test_the_second_run_changed_no_byte_inode_or_time_stamp(server):
    assert lab.told("again")[server]["stamp"] == lab.told("converged")[server]["stamp"]


@pytest.mark.parametrize("server", lab.SERVERS)
def test_the_runs_touched_what_they_had_to_and_nothing_else(server):
    touched = lab.told("again")[server]["stamp"] != lab.told("created")[server]["stamp"]
    assert touched == (server not in lab.UNTOUCHED)
