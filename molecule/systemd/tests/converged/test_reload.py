# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""systemd knows of the reload, and Postfix runs on."""

import lab

UNIT = "postfix@-.service"


def test_the_reload_went_through_systemctl():
    assert lab.told("converged")["mail"]["activation"]["stdout_lines"][0] == UNIT
    assert "Reloaded" in lab.run("mail", "journalctl", "--quiet", "--no-pager", "--output=cat", "--unit", UNIT)


def test_the_unit_is_up():
    assert lab.run("mail", "systemctl", "is-active", UNIT).strip() == "active"
