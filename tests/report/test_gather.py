# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From instances to hosts and a document: who is in it, what counts when there are several words, in which order."""


import samples

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report import document, results
from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.gather import NOT_REACHED, Gather
from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.progress import Progress

GROUPS = ("mail",)


def instances(gather, host="mx1", lost=()):
    """The instances of a host as the document will have them."""
    return dict((name, found) for name, dummy, found in gather.hosts(set(lost), True))[host]


def added(*found, given=True):
    """A Gather with these instances of mx1."""
    gather = Gather()
    for one in found:
        gather.add("mx1", GROUPS, one, given)
    return gather


def test_the_last_word_on_a_directory_counts():
    gather = added(samples.judged(samples.baseline()), samples.judged(samples.info(config_directory="/etc/postfix")))
    assert [(one["module"], one["state"]) for one in instances(gather)] == [("relay_info", "closed")]


def test_each_directory_is_an_instance():
    gather = added(samples.judged(samples.baseline()), samples.judged(samples.info(config_directory="/etc/postfix-out")))
    assert [one["config_directory"] for one in instances(gather)] == ["/etc/postfix", "/etc/postfix-out"]


def test_a_failure_does_not_hide_a_verdict_but_is_told():
    gather = added(samples.judged(samples.info("open", config_directory="/etc/postfix")),
                   samples.failed("no edit closes the relay", config_directory="/etc/postfix"))
    (one,) = instances(gather)
    assert (one["state"], one["message"]) == ("open", "failed afterwards: no edit closes the relay")


def test_a_verdict_takes_the_place_of_a_failure():
    gather = added(samples.failed("locked", config_directory="/etc/postfix"), samples.judged(samples.baseline("closed")))
    (one,) = instances(gather)
    assert (one["state"], one["message"]) == ("closed", None)


def test_the_default_directory_and_its_name_are_one_instance():
    gather = Gather()
    gather.add("mx1", GROUPS, samples.judged(samples.info("open")), False)
    gather.add("mx1", GROUPS, samples.judged(samples.baseline()), False)
    gather.add("mx1", GROUPS, samples.failed(), False)
    (one,) = instances(gather)
    assert (one["config_directory"], one["module"]) == ("/etc/postfix", "relay_baseline")
    assert one["message"] == "failed afterwards: main.cf cannot be read"


def test_a_directory_that_was_asked_for_is_not_the_default_one():
    gather = Gather()
    gather.add("mx1", GROUPS, samples.judged(samples.info("open")), False)
    gather.add("mx1", GROUPS, samples.judged(samples.baseline(config_directory="/srv/x")), True)
    assert [one["config_directory"] for one in instances(gather)] == [None, "/srv/x"]


def test_hosts_without_a_result():
    gather = Gather()
    for host in ("gone", "broken", "late", "passed_by", "rescued"):
        gather.expect(host, GROUPS)
    gather.trouble("gone", GROUPS, "unreachable", 'task "Facts": no route')
    gather.trouble("broken", GROUPS, "failed", 'task "Prepare"')
    gather.trouble("rescued", GROUPS, "failed", 'task "Try"')
    gather.excuse(["passed_by", "rescued"])
    found = dict((name, one) for name, dummy, (one,) in gather.hosts({"gone", "broken"}, True))
    assert dict((name, (one["state"], one["message"], one["module"])) for name, one in found.items()) == {
        "gone": ("unreachable", 'task "Facts": no route', None),
        "broken": ("failed", 'task "Prepare"', None),
        "late": ("failed", NOT_REACHED, None)}


def test_trouble_after_a_verdict_is_told_beside_it():
    gather = added(samples.judged(samples.baseline(), check_mode=False))
    gather.trouble("mx1", GROUPS, "failed", 'task "Reload"')
    (one,) = instances(gather, lost=["mx1"])
    assert (one["state"], one["after"], one["message"]) == ("open", "closed", 'failed afterwards: task "Reload"')
    assert instances(gather)[0]["message"] is None, "what was rescued is no trouble, and asking changes nothing"


def test_a_plan_that_our_role_takes_back_is_not_in_place():
    gather = added(samples.judged(samples.baseline(), check_mode=False))
    gather.trouble("mx1", GROUPS, "failed", "no greeting", ours=True)
    (one,) = instances(gather, lost=["mx1"])
    assert (one["after"], results.present(one)) == (None, "open")


def test_trouble_before_a_verdict_is_over():
    gather = Gather()
    gather.trouble("mx1", GROUPS, "unreachable", "once")
    gather.add("mx1", GROUPS, samples.judged(samples.baseline("closed")), True)
    assert instances(gather, lost=["mx1"])[0]["message"] is None


def test_the_worst_is_first():
    made = samples.fleet()
    assert [(host["name"][:3], host["state"]) for host in made["hosts"]] == [
        ("mx1", "open"), ("mx9", "open"), ("mx2", "down"), ("mx3", "unknown"), ("mx4", "failed"), ("mx5", "unreachable"),
        ("mx6", "closed"), ("mx7", "closed"), ("mx8", "absent")]


def test_of_closed_hosts_those_that_drift_are_first():
    drifting = samples.judged(samples.baseline("closed", drift=samples.baseline()["drift"]))
    made = samples.report({"a": [samples.judged(samples.baseline("closed"))], "b": [drifting]})
    assert [host["name"] for host in made["hosts"]] == ["b", "a"]


def test_totals_count_hosts_and_what_is_not_waived():
    assert samples.fleet()["totals"] == {
        "hosts": 9, "states": {"open": 2, "down": 1, "unknown": 1, "failed": 1, "unreachable": 1, "closed": 2, "absent": 1},
        "drifting": 4, "changed": 1, "findings": {"critical": 2, "high": 2, "medium": 0, "low": 1}, "waived": 1, "new": 0, "fixed": 0}


def test_check_mode_is_that_of_every_verdict():
    assert samples.report({"mx1": [samples.judged(samples.baseline())], "mx2": [samples.unreachable()]})["check_mode"] is True
    assert samples.fleet()["check_mode"] is False
    assert samples.report({"mx1": [samples.unreachable()]})["check_mode"] is False


def test_no_host_at_all_is_a_document_too():
    assert document.make([], samples.NOW, samples.GENERATOR, [])["totals"]["hosts"] == 0


def test_progress_is_a_line_now_and_then():
    seconds = [0.0]
    progress = Progress(lambda: seconds[0])
    gather = samples.gathered({"mx1": [samples.judged(samples.baseline())], "mx2": [samples.unreachable()]})
    gather.expect("mx3", GROUPS)
    told = []
    for seconds[0] in (1.0, 19.9, 20.0, 21.0, 34.9, 35.0, 3600.0):
        told.append(progress.line(gather))
    assert told[2] == "relaylock: 2 of 3 hosts after 20 s: 1 open, 1 unreachable"
    assert told[6] == "relaylock: 2 of 3 hosts after 60 min 0 s: 1 open, 1 unreachable"
    assert [index for index, line in enumerate(told) if line] == [2, 5, 6]
