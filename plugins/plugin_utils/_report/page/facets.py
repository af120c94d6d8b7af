# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the page's hosts are counted and filtered by. Each group and finding is written once, and hosts name it by its number."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from ..document import STATES
from ..shapes import SEVERITIES

# What each state means, for who meets it for the first time.
MEANINGS = {"open": "a stranger relays mail", "down": "takes no mail at all", "unknown": "hangs on what no file tells",
            "failed": "the run failed there", "unreachable": "no connection", "closed": "no stranger relays", "absent": "no Postfix there"}
BAR = 1000  # units in which the bar is as wide as the fleet


class Problem(NamedTuple):
    """A finding of the fleet: on how many hosts, and one example."""

    id: str
    severity: str
    hosts: int
    waived: int
    example: str


def all_findings(host: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the findings of all instances of a host."""
    return [one for instance in host["instances"] for one in instance["findings"]]


def rank(severity: str) -> int:
    """Return where a severity stands, the worst first; one that nobody knows comes last."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


class Facets:
    """Groups and findings of all hosts, and their numbers."""

    top = 8  # findings that the page names without being asked

    def __init__(self, hosts: list[dict[str, Any]]):
        self.problems = _problems(hosts)
        self.groups = Counter(group for host in hosts for group in sorted(set(host["groups"])))
        self.group_names = sorted(self.groups)
        self._groups = {name: str(number) for number, name in enumerate(self.group_names)}
        self._findings = {one.id: str(number) for number, one in enumerate(self.problems)}
        self.severities = {name: sum(any(one["severity"] == name for one in all_findings(host)) for host in hosts) for name in SEVERITIES}

    @staticmethod
    def meaning(state: str) -> str:
        """Return what a state means, in a few words."""
        return MEANINGS.get(state, "")

    def groups_of(self, host: dict[str, Any]) -> str:
        """Return the numbers of a host's groups."""
        return " ".join(self._groups[name] for name in dict.fromkeys(host["groups"]))

    def findings_of(self, host: dict[str, Any]) -> str:
        """Return the numbers of a host's findings."""
        return " ".join(self._findings[one] for one in dict.fromkeys(one["id"] for one in all_findings(host)))


def _problems(hosts: list[dict[str, Any]]) -> list[Problem]:
    """Return the findings of the fleet, the worst first, then those of most hosts."""
    first: dict[str, dict[str, Any]] = {}
    counted, waived = Counter(), Counter()
    for host in hosts:
        found = all_findings(host)
        for one in found:
            first.setdefault(one["id"], one)
        counted.update({one["id"] for one in found if not one["waived"]})
        waived.update({one["id"] for one in found if one["waived"]})
    problems = [Problem(id_, one["severity"], counted[id_], waived[id_], one["message"]) for id_, one in first.items()]
    return sorted(problems, key=lambda one: (rank(one.severity), -one.hosts, one.id))


def shares(states: dict[str, int]) -> list[tuple[str, float, float]]:
    """Return (state, from, width) of each part of a bar that is BAR wide; the smallest part can still be seen."""
    present = [(state, states[state]) for state in STATES if states.get(state)]
    total = sum(count for dummy, count in present)
    widths = [max(count / total * BAR, BAR / 125) for dummy, count in present]
    scale = BAR / sum(widths) if widths else 1
    found, start = [], 0.0
    for (state, dummy), width in zip(present, widths):
        found.append((state, round(start, 1), round(width * scale, 1)))
        start += width * scale
    return found
