# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server that a test probes."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
import probed  # noqa: E402


@pytest.fixture
def mail(tmp_path):
    if probed.REASON:
        pytest.skip("NOT TESTED: " + probed.REASON)
    made = probed.Mail(tmp_path)
    yield made
    made.stop()
