# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A running Postfix for each test. Where there can be none, the tests are skipped with the reason."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
import postfix_server  # noqa: E402

REASON = postfix_server.unavailable()


def pytest_collection_modifyitems(items):
    for item in items:
        if REASON and "server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason="NOT TESTED: " + REASON))


@pytest.fixture
def server(tmp_path):
    """An open relay on the ports 25 and 587, made but not started."""
    made = postfix_server.Server(tmp_path)
    yield made
    made.stop()
