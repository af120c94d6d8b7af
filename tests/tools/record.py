# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ran, how it ended, and the summary that closes a run.

Every part of the suite, whatever tool it calls, ends as a list of Case; only here is anything counted.
"""

from collections import Counter
from typing import NamedTuple
from xml.etree import ElementTree

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


class Case(NamedTuple):
    """One test: where it ran ("unit, Python 3.6"), its name, how it ended, and why if it did not pass."""

    group: str
    name: str
    outcome: str
    reason: str = ""


def read_junit(path, group):
    """The cases of a JUnit XML file, as pytest and ansible-test write it; an expected failure counts as skipped."""
    return [_read_case(element, group) for element in ElementTree.parse(path).iter("testcase")]


def _read_case(element, group):
    name = "::".join(part for part in (element.get("classname"), element.get("name")) if part)
    for tag, outcome in (("failure", FAILED), ("error", FAILED), ("skipped", SKIPPED)):
        child = element.find(tag)
        if child is not None:
            reason = child.get("message") or (child.text or "").strip()
            return Case(group, name, outcome, reason.split("\n")[0])
    return Case(group, name, PASSED)


def from_run(status, junit, group):
    """The cases of a test run: what its JUnit files tell, and one more if the run failed in a way they do not tell.

    status: the exit status; junit: path of the file or of the folder of files, which a run that died early has not written.
    """
    files = sorted(junit.glob("*.xml")) if junit.is_dir() else [junit] if junit.exists() else []
    cases = [case for path in files for case in read_junit(path, group)]
    if not cases:
        return [Case(group, "run", FAILED, "no test ran (exit status %d)" % status)]
    if status and not any(case.outcome == FAILED for case in cases):
        cases.append(Case(group, "run", FAILED, "exit status %d although no test failed" % status))
    return cases


def count(cases):
    """The line "N passed, N failed, N skipped"."""
    seen = Counter(case.outcome for case in cases)
    return ", ".join("%d %s" % (seen[outcome], outcome) for outcome in (PASSED, FAILED, SKIPPED))


def summary(cases):
    """The closing lines: each group with its numbers, each test that did not pass with its reason, and the total."""
    groups = list(dict.fromkeys(case.group for case in cases))
    width = max(map(len, groups), default=0)
    lines = ["", "Summary"]
    for group in groups:
        lines.append("  %s  %s" % (group.ljust(width), count(case for case in cases if case.group == group)))
    for outcome in (SKIPPED, FAILED):
        lines += _explain(outcome, [case for case in cases if case.outcome == outcome])
    return "\n".join([*lines, count(cases)])


def _explain(outcome, cases):
    """One line for a test that ended so for one reason, with all the groups it did so in."""
    groups = {}
    for case in cases:
        groups.setdefault((case.name, case.reason), []).append(case.group)
    return ["  %s: %s (%s): %s" % (outcome, name, "; ".join(where), reason) for (name, reason), where in groups.items()]
