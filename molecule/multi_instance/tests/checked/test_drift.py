# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift playbook judged both instances of the host, and says so in one line for it."""

import lab


def test_the_host_is_as_bad_as_its_worst_instance_and_both_would_change():
    summary = lab.told("checked")["first"]["said"]
    assert summary["lines"][0] == "1 host: 1 open; 1 would change"
    assert any("2 edits would close" in line for line in summary["lines"])
