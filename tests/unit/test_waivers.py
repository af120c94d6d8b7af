# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waivers: which of several holds, until when, and what is none."""

import datetime

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.errors import ConfigError
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.waivers import latest, waived_ids


def waiver(id_="x", until="2026-12-31", reason="r"):
    return {"id": id_, "reason": reason, "until": until}


@pytest.mark.parametrize("broken, word", [
    ({"reason": "r", "until": "2026-12-31"}, "id"), ({"id": "", "reason": "r", "until": "2026-12-31"}, "id"),
    ({"id": "x", "until": "2026-12-31"}, "reason"), ({"id": "x", "reason": "", "until": "2026-12-31"}, "reason"),
    ({"id": "x", "reason": "r"}, "until"), ({"id": "x", "reason": "r", "until": "31.12.2026"}, "31.12.2026"),
    ({"id": "x", "reason": "r", "until": "2026-02-30"}, "2026-02-30"), ({"id": "x", "reason": "r", "until": "2026-12-31 12:00"}, "12:00"),
])
def test_a_waiver_needs_an_id_a_reason_and_a_day(broken, word):
    with pytest.raises(ConfigError) as refusal:
        latest([waiver(), broken])
    assert word in str(refusal.value) and refusal.value.parameter == "waivers"


def test_of_several_waivers_for_one_id_the_one_that_holds_longest_counts_and_of_such_the_first():
    found = latest([waiver(until="2026-12-30", reason="short"), waiver(until="2026-12-31", reason="long"), waiver(until="2026-12-31", reason="again"),
                    waiver("y", "2026-01-01"), waiver(until="2025-12-31", reason="old"), waiver("z", datetime.date(2026, 3, 4))])
    assert found == {"x": {"reason": "long", "until": "2026-12-31", "last": datetime.date(2026, 12, 31)},
                     "y": {"reason": "r", "until": "2026-01-01", "last": datetime.date(2026, 1, 1)},
                     "z": {"reason": "r", "until": "2026-03-04", "last": datetime.date(2026, 3, 4)}}
    assert latest(None) == latest([]) == {}


def test_a_waiver_holds_on_its_last_day_and_on_none_after():
    waivers = latest([waiver("x", "2026-12-31"), waiver("y", "2027-01-01")])
    assert waived_ids(waivers, datetime.date(2026, 12, 31)) == {"x", "y"}
    assert waived_ids(waivers, datetime.date(2027, 1, 1)) == {"y"}
    assert waived_ids(waivers, datetime.date(2027, 1, 2)) == set()
    assert waived_ids(latest([waiver("old", "2000-01-01"), waiver("new", "9999-12-31")])) == {"new"}
