# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the blocklists say, and what that is worth."""

import lab
import pytest


@pytest.mark.parametrize("address, zone, status", [
    ("203.0.113.210", "listing.test", "listed"), ("198.51.100.7", "listing.test", "clean"),
    ("203.0.113.210", "world.test", "unknown"), ("198.51.100.7", "world.test", "unknown"),
    ("203.0.113.210", "empty.test", "unknown"), ("198.51.100.7", "empty.test", "unknown")])
def test_status(address, zone, status):
    said = lab.told("checked")["mail"]["said"]
    (found,) = [one for one in said["results"] if (one["address"], one["zone"]) == (address, zone)]
    assert found["status"] == status
    assert bool(found["reason"]) == (status == "unknown")


def test_the_server_hears_why():
    said = lab.told("checked")["mail"]["said"]
    assert said["listed"] == ["203.0.113.210"]
    assert said["results"][0]["reasons"] == ["Listed, see https://lists.example/?ip=203.0.113.210"]
