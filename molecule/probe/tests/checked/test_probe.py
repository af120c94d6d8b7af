# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an outsider heard, beside what the files say."""

import lab
import pytest


@pytest.mark.parametrize("server, way, files, outside, differ", [
    ("mail", "directly", "closed", "closed", False),
    ("mail", "by_ipv6", "closed", "closed", False),
    ("mail", "through_the_gateway", "closed", "open", True),
    ("wide", "directly", "open", "open", False),
])
def test_what_was_heard(server, way, files, outside, differ):
    heard = lab.told("checked")[server]["said"][way]
    print("\n".join(heard["lines"]))
    assert (heard["files"], heard["outside"], heard["differ"]) == (files, outside, differ)


def test_the_difference_is_explained():
    lines = lab.told("checked")["mail"]["said"]["through_the_gateway"]["lines"]
    assert any("a gateway" in line and "hides the address" in line for line in lines)
    assert any("relays from <" in line for line in lines)


@pytest.mark.parametrize("server, network", [("mail", "192.168.87."), ("wide", "203.0.113.")])
def test_the_log_tells_who_relayed(server, network):
    (seen,) = lab.told("checked")[server]["said"]["seen"]
    assert seen["address"].startswith(network)
    assert (seen["count"], seen["login"], seen["domains"]) == (1, None, ["foreign.example"])


def test_who_will_lose_access_is_named():
    told = lab.told("checked")
    address = told["wide"]["said"]["seen"][0]["address"]
    assert any(line.startswith(address) and "1 message in the log" in line for line in told["wide"]["result"]["access"]["lost"])
    assert told["mail"]["result"]["access"]["lost"] == []
