# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups are there where they are wanted, and nowhere else."""

import lab


def test_backups():
    found = {server for server, told in lab.told("again").items() if any("relaylock" in path for path in told["stamp"])}
    assert found == set(lab.SERVERS) - {"healthy", "clients"}
