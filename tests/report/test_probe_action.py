# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom relay_probe may ask: the hosts of the inventory and this machine, and others only where somebody says so."""

import pytest

from ansible_collections.relaylock.postfix.plugins.action.relay_probe import is_ours

HOSTS = {"mx1.example.com": {}, "mx2": {"ansible_host": "198.51.100.7"}, "mx3": {"ansible_host": "2001:db8::7"}, "mx4": {"ansible_host": "Real.Example.net"}}


@pytest.mark.parametrize("host, ours", [
    ("mx1.example.com", True), ("MX1.example.com.", True), ("mx2", True), ("198.51.100.7", True), ("2001:db8:0:0::7", True), ("real.example.net", True),
    ("localhost", True), ("127.0.0.1", True), ("::1", True),
    ("mx9.example.com", False), ("198.51.100.8", False), ("example.com", False), ("2001:db8::8", False), ("", False)])
def test_is_ours(host, ours):
    assert is_ours(host, HOSTS) is ours
