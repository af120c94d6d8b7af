# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""After the second run: not a byte, inode or time stamp is another one, and the stranger is still denied."""

import lab


def test_no_byte_inode_or_time_stamp_changed(server):
    assert lab.stamp(server) == lab.kept("after")[server]


def test_nothing_was_left_to_do(server):
    result = lab.results("converge")[server]
    assert not result["changed"]
    assert result["verdict"] == {"before": "closed", "after": "closed"}
    assert result["drift"] == []


def test_the_stranger_is_denied(server):
    assert lab.stranger_relays(server).startswith(("554 5.7.1", "454 4.7.1"))
