# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""After a remedy that failed: the server is as open as before, and up."""

import lab


def test_the_old_files_are_in_service():
    assert lab.stranger_relays("recipients").startswith("250 2.1.5")


def test_the_own_domain_gets_its_mail():
    assert lab.delivered("recipients", "rolled-back")
