# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before converge, and after check mode: what strangers and the entitled hear."""

import lab
import pytest


@pytest.mark.parametrize("row", lab.ROWS, ids=str)
def test_reply_before(row):
    assert lab.answer(row, "before").startswith(row.expected("before"))
