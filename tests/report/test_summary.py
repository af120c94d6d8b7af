# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary that ends the drift playbook: what counts as what, what turns a pipeline red, and what is left to a workflow."""

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.relaylock.postfix.plugins.filter.drift_summary import FilterModule

drift_summary = FilterModule().filters()["drift_summary"]

EDIT = {"file": "/etc/postfix/main.cf", "parameter": "mynetworks"}
WITNESS = {"client_name": "unknown", "client_address": "192.0.2.25", "helo": "x", "sender": "", "recipient": "a@elsewhere.example"}


def baseline(before, edits=0, witness=None):
    listener = {"service": "smtp", "verdict": before, "witness": witness, "because": [], "reasons": []}
    return {"verdict": {"before": before, "after": "closed"}, "listeners": [listener], "drift": [EDIT] * edits}


RESULTS = {
    "open": baseline("open", 2, WITNESS),
    "down": baseline("down", 1),
    "unknown": baseline("unknown"),
    "closed": baseline("closed"),
    "drift": baseline("closed", 1),
    "info": {"verdict": "open", "listeners": []},
    "failed": {"failed": True, "msg": "no such\ndirectory"},
    "unplanned": dict(baseline("open"), failed=True, msg="no edit closes it"),
    "unreachable": {"unreachable": True, "msg": "ssh"},
    "absent": {"failed": False, "absent": True, "msg": "no Postfix here"},
}


def told(*names, fail_on="open"):
    return drift_summary({name: {"relay_baseline_result": RESULTS[name]} for name in names}, fail_on)


def test_every_host_is_counted_once():
    totals = told(*RESULTS)["stats"]["relaylock_totals"]
    assert totals == {"hosts": 10, "open": 3, "down": 1, "unknown": 1, "failed": 1, "unreachable": 1, "closed": 2, "absent": 1, "drift": 3}


def test_the_worst_stands_first_and_says_why():
    lines = told("closed", "unknown", "down", "open")["lines"]
    assert lines[0] == "4 hosts: 1 open, 1 down, 1 unknown, 1 closed; 2 would change"
    assert [line.partition(":")[0] for line in lines[1:4]] == ["open", "down", "unknown"]
    assert "[192.0.2.25] as x relays" in lines[1] and "2 edits" in lines[1]
    assert lines[4].endswith("--limit 'open,down' --check --diff")


def test_where_there_is_no_plan_it_is_said_why():
    open_ = dict(baseline("open", witness=WITNESS), failed=True, msg="25: the smallest\nedit would cut off x")
    down = dict(baseline("down"), failed=True, msg="25: no such file. Nothing was written.")
    down["listeners"][0]["reasons"] = ["no such file"]
    lines = drift_summary({"a": {"relay_baseline_result": open_}, "b": {"relay_baseline_result": down}})["lines"]
    assert lines[1].endswith("by smtp; no plan: 25: the smallest edit would cut off x")
    assert lines[2] == "b: down: 25: no such file. Nothing was written."
    assert told("unplanned")["lines"][1] == "unplanned: open: no edit closes it"


def test_the_worst_instance_is_the_host():
    two = {"relay_baseline_result": RESULTS["closed"], "relay_instance_results": [RESULTS["closed"], RESULTS["open"]]}
    stats = drift_summary({"mx": two})["stats"]
    assert stats["relaylock_open_hosts"] == stats["relaylock_drift_hosts"] == ["mx"]


@pytest.mark.parametrize("fail_on, red", [
    ("open", {"open", "info", "failed", "unplanned", "unreachable"}),
    ("drift", {"open", "info", "failed", "unplanned", "unreachable", "down", "drift"}),
    ("never", set()),
])
def test_what_turns_a_pipeline_red(fail_on, red):
    assert {name for name in RESULTS if told(name, fail_on=fail_on)["failure"]} == red
    assert bool(told(*RESULTS, fail_on=fail_on)["failure"]) == bool(red)


def test_another_fail_on():
    with pytest.raises(AnsibleFilterError, match="open, drift, never"):
        told("open", fail_on="Open")


def test_a_host_that_left_no_result_was_not_judged():
    assert "mx" in drift_summary({"mx": {}})["failure"]


def test_a_large_fleet_has_a_short_summary():
    many = {"mx%04d" % number: {"relay_baseline_result": RESULTS["open"]} for number in range(1000)}
    found = drift_summary(many)
    assert len(found["lines"]) == 23 and max(map(len, found["lines"])) < 500
    assert len(found["failure"]) < 500 and len(found["stats"]["relaylock_open_hosts"]) == 1000


def test_nothing_to_do():
    assert told("closed", "absent")["lines"] == ["2 hosts: 1 closed, 1 absent; 0 would change", "nothing to do"]
