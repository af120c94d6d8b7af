# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For testinfra (pytest-testinfra): whatever made this host's Postfix, no stranger relays through it.

    ANSIBLE_COLLECTIONS_PATH=... pytest --connection=ansible --ansible-inventory=INVENTORY --hosts=ansible://mail test_relay.py
"""


def test_no_stranger_relays(host):
    relay = host.ansible("relaylock.postfix.relay_info", check=False)
    assert relay["verdict"] == "closed", [one for one in relay["listeners"] if one["verdict"] != "closed"]


def test_nothing_is_wrong_that_matters(host):
    findings = host.ansible("relaylock.postfix.relay_info", check=False)["findings"]
    assert not [one for one in findings if one["severity"] in ("critical", "high") and not one["waived"]]
