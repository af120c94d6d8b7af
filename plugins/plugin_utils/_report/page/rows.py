# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host as the page shows it: one line, or a line that opens.

A fleet's healthy hosts outnumber the others by far, so what they say in their one line is kept as short as it can be.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from ..shapes import SEVERITIES
from ..text import count
from ..visible import visible
from ..words import subject
from . import words
from .facets import Facets, all_findings, rank

FEW = 3  # open hosts whose stories need no click


@dataclass
class Row:
    """A host of the page."""

    name: str
    anchor: str
    link: str
    state: str
    groups: str
    group_numbers: str
    finding_numbers: str
    severities: str
    tags: str
    weight: int
    drift: int
    counts: list[tuple[str, str]]
    waived: int
    kind: str
    history: list[str]
    unfolded: bool = False
    command: str | None = None
    message: str | None = None
    ids: list[str] = field(default_factory=list)
    instances: list[dict[str, Any]] = field(default_factory=list)


def rows(document: dict[str, Any], facets: Facets) -> list[Row]:
    """Return the hosts of a document as rows, in its order."""
    taken: set[str] = set()
    found = [_row(host, facets, document["generated"], taken) for host in document["hosts"]]
    worst = [row for row in found if row.state in ("open", "down") and row.kind == "full"]
    for row in worst if len(worst) <= FEW else ():
        row.unfolded = True
    return found


def _row(host: dict[str, Any], facets: Facets, generated: str, taken: set[str]) -> Row:
    findings = all_findings(host)
    counted = Counter(one["severity"] for one in findings if not one["waived"])
    waived = sum(one["waived"] for one in findings)
    unique = anchor(host["name"], taken)
    made = Row(
        name=host["name"] or "(no name)", anchor=unique, link=quote(unique), state=host["state"], groups=", ".join(host["groups"]),
        group_numbers=facets.groups_of(host), finding_numbers=facets.findings_of(host),
        severities="".join(name[0] for name in SEVERITIES if any(one["severity"] == name for one in findings)),
        tags=_tags(host, findings), weight=_weight(counted), drift=sum(len(one["drift"]) for one in host["instances"]),
        counts=[(name, words.amount(counted[name])) for name in SEVERITIES if counted[name]], waived=waived,
        kind="full" if _has_more(host) else "line", history=_history(host, findings, generated))
    if made.kind == "line":
        made.message = next((one["message"] for one in host["instances"] if one["message"]), None)
        made.ids = list(dict.fromkeys(one["id"] for one in findings))
    else:
        made.command = words.host_command(host)
        made.instances = [_instance(host, one, generated) for one in host["instances"]]
    return made


def anchor(name: str, taken: set[str]) -> str:
    """Return an id of its own for a host. All that is not a host's begins otherwise."""
    first = made = "host-" + re.sub(r"\s", "_", visible(name))
    number = 2
    while made in taken:
        made, number = "{0}~{1}".format(first, number), number + 1
    taken.add(made)
    return made


def _tags(host: dict[str, Any], findings: list[dict[str, Any]]) -> str:
    """Return a letter for each of: drifts, has new findings, has fixed ones, has waived ones."""
    told = (("d", any(one["drift"] for one in host["instances"])), ("n", any(one["new"] for one in findings)),
            ("f", any(one["fixed"] for one in host["instances"])), ("w", any(one["waived"] for one in findings)))
    return "".join(letter for letter, holds in told if holds)


def _weight(counted: Counter) -> int:
    """Return a number by which hosts are sorted: one critical finding outweighs any number of high ones."""
    return sum(min(counted[name], 999) * 1000 ** (len(SEVERITIES) - 1 - rank(name)) for name in SEVERITIES)


def _has_more(host: dict[str, Any]) -> bool:
    """Tell whether there is more to say of a host than fits a line: all but a message, and findings that are at no line and not new."""
    if len(host["instances"]) > 1 or host["was"] not in (None, host["state"]):
        return True
    for one in host["instances"]:
        if one["drift"] or one["diff"] or one["fixed"] or one["access"]["lost"] or any(_suspect(each) for each in one["listeners"]):
            return True
        if one["message"] and (one["findings"] or one["listeners"]):
            return True
        if any(each["line"] or each["waiver"] or each["new"] for each in one["findings"]):
            return True
    return False


def _suspect(listener: dict[str, Any]) -> bool:
    return bool(listener["witness"] or listener["reasons"]) or listener["verdict"] != "closed"


def _history(host: dict[str, Any], findings: list[dict[str, Any]], generated: str) -> list[str]:
    """Return what has changed of late, in words."""
    new, fixed = sum(one["new"] for one in findings), sum(len(one["fixed"]) for one in host["instances"])
    found = []
    if host["was"] and host["was"] != host["state"]:
        found.append("was " + host["was"])
    elif host["since"] and host["state"] != "closed":
        found.append(words.lasting(host["since"], generated))
    return found + ["{0} {1}".format(number, word) for number, word in ((new, "new"), (fixed, "fixed")) if number]


def _instance(host: dict[str, Any], one: dict[str, Any], generated: str) -> dict[str, Any]:
    directory = one["config_directory"]
    known = host["since"] and host["was"] in (None, host["state"]) and one["state"] == host["state"]
    facts = ["{0} since {1}".format(host["state"], words.day(host["since"])) if known else None, subject(one),
             "Postfix " + one["postfix_version"] if one["postfix_version"] else None,
             "check mode" if one["check_mode"] else None]
    return {"directory": directory, "facts": [fact for fact in facts if fact], "state": one["state"], "message": one["message"],
            "outcome": _outcome(one), "listeners": [_listener(host, each, directory) for each in one["listeners"] if _suspect(each)],
            "several": len(one["listeners"]) > 1, "findings": _findings(one, generated),
            "fixed": [dict(each, at=place(each, directory)) for each in one["fixed"]],
            "drift": [dict(each, at=place(dict(each, line=None), directory)) for each in one["drift"]],
            "lost": one["access"]["lost"], "kept": one["access"]["kept"],
            "diff": [dict(each, at=place({"file": each["file"], "line": None}, directory)) for each in one["diff"] if each["lines"]]}


def _outcome(one: dict[str, Any]) -> str | None:
    """Return in one sentence what the plan does, or has done."""
    if not one["changed"] or one["after"] is None:
        return None
    if not one["check_mode"]:
        return {True: "This run closed it.", False: "This run changed it; it is {0} now.".format(one["after"])}[
            one["state"] != "closed" and one["after"] == "closed"]
    if one["state"] == "closed":
        return "It is closed already; this brings it to the baseline."
    return "This closes it." if one["after"] == "closed" else "With this it would be {0}.".format(one["after"])


def _listener(host: dict[str, Any], one: dict[str, Any], directory: str | None) -> dict[str, Any]:
    witness = one["witness"]
    return {"service": one["service"], "verdict": one["verdict"], "reasons": one["reasons"], "witness": witness,
            "named": witness and witness["client_name"] not in ("unknown", "", None),
            "dialogue": words.dialogue(witness, host["name"], one["because"]) if witness else [],
            "because": [dict(why, at=place(why, directory)) for why in one["because"]]}


def _findings(one: dict[str, Any], generated: str) -> list[dict[str, Any]]:
    """Return an instance's findings: those that count by severity, then the waived; the same one at several listeners is one."""
    merged: dict[tuple, dict[str, Any]] = {}
    for each in one["findings"]:
        key = tuple(each[name] for name in ("id", "severity", "file", "line", "parameter", "message", "waived"))
        if key in merged:
            merged[key]["services"].append(each["service"])
            continue
        merged[key] = dict(each, at=place(each, one["config_directory"]), services=[each["service"]], left=_days_left(each),
                           age=words.since(each["since"], generated) if each["since"] and not each["new"] else "")
    for each in merged.values():
        each["services"] = ", ".join(dict.fromkeys(name for name in each["services"] if name))
    return sorted(merged.values(), key=lambda each: (each["waived"], rank(each["severity"])))


def _days_left(finding: dict[str, Any]) -> str:
    """Return in words how long a waiver still holds."""
    left = finding["waiver"] and finding["waiver"].get("days_left")
    if left is None:
        return ""
    if left < 0:
        return "ran out {0} ago".format(count(-left, "day", "days"))
    return "the last day is today" if left == 0 else "{0} left".format(count(left, "day", "days"))


def place(where: dict[str, Any], directory: str | None) -> str:
    """Return FILE:LINE, the file as seen from the configuration directory; nothing where a default is in force."""
    name, start = where["file"], (directory or "").rstrip("/") + "/"
    if name is None:
        return ""
    if directory and name.startswith(start):
        name = name[len(start):]
    return "{0}:{1}".format(name, where["line"]) if where["line"] else name
