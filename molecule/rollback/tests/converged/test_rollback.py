# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""After a remedy that failed: the old bytes are back, and Postfix's own words say why."""

import lab
import pytest

REASONS = {
    "check": "/usr/sbin/postsuper: Permission denied",
    "reload": "Job for postfix@-.service failed",
    "greeting": "fatal: SASL per-process initialization failed",
}


def texts(stage, server):
    """The content of each file but the backups at a stage."""
    return {path: stamp[-1] for path, stamp in lab.told(stage)[server]["stamp"].items() if "relaylock" not in path}


@pytest.mark.parametrize("server", REASONS)
def test_the_role_failed_and_says_why(server):
    told = lab.told("converged")[server]
    assert told["result"]["changed"]
    assert REASONS[server] in (told["said"] or "")


@pytest.mark.parametrize("server", REASONS)
def test_the_old_bytes_are_back(server):
    assert texts("converged", server) == texts("broken", server)
