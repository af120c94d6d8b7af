# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: what is asked, in short."""

import ipaddress
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from ansible_collections.relaylock.postfix.plugins.module_utils._dnsbl.zones import parse_zone  # noqa: E402


@pytest.fixture
def ask():
    """Return a function (server or servers, addresses, zones, timeout) -> {(address, zone): result}."""
    pytest.importorskip("dns", reason="NOT TESTED: no dnspython here")
    from ansible_collections.relaylock.postfix.plugins.module_utils._dnsbl.check import check

    def run(servers, addresses, zones=("bl.test",), timeout=1.0):
        servers = servers if isinstance(servers, list) else [servers]
        found = check([ipaddress.ip_address(text) for text in addresses], [parse_zone(text) for text in zones], servers, timeout)
        return {(one["address"], one["zone"]): one for one in found}
    return run
