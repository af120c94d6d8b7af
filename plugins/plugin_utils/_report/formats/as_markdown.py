# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Markdown for the comment of a pull request, or the summary of a job: as much of the worst as there is room for.

What a host said stands in code alone, where nothing is a link, a mention or a command.
"""

import html
import re

from .. import words
from ..document import STATES, is_drifting
from ..results import is_judged
from ..shapes import SEVERITIES
from ..text import bounded, count, one_line
from ..visible import visible

# GitHub refuses a comment of more than 65,536 characters.
MOST_CHARACTERS = 65000
_ROOM_FOR_TABLE = 20000
_ROOM_FOR_ENDING = 500
_MOST_LINES = 60
_MOST_FINDINGS = 20
_WIDTH = 300


def render(document):
    """Return the document as Markdown of at most MOST_CHARACTERS."""
    notable = [host for host in document["hosts"] if _is_notable(host)]
    text = _head(document) + _table(notable)
    shown = 0
    for host in notable:
        details = _details(host)
        if len(text) + len(details) > MOST_CHARACTERS - _ROOM_FOR_ENDING:
            break
        text += details
        shown += 1
    return text + _ending(document, notable, notable[shown:])


def _is_notable(host):
    """Tell whether there is anything to say of a host but that it is closed, or has no Postfix."""
    new = any(finding["new"] and not finding["waived"] for one in host["instances"] for finding in one["findings"])
    severe = any(finding["severity"] in ("critical", "high") and not finding["waived"] for one in host["instances"] for finding in one["findings"])
    ended_badly = any(one["message"] for one in host["instances"] if one["state"] != "absent")
    told = any(listener["reasons"] for one in host["instances"] for listener in one["listeners"])
    return host["state"] not in ("closed", "absent") or is_drifting(host) or new or severe or ended_badly or told


def _head(document):
    numbers = document["totals"]
    states = ["{0} {1}".format(count(numbers["states"][state], "host"), state) for state in STATES if numbers["states"][state]]
    lines = ["## Postfix relays: " + (", ".join(states) or "no host was asked"), ""]
    if numbers["drifting"]:
        lines.append("- {0} from the baseline".format(count(numbers["drifting"], "host drifts", "hosts drift")))
    if numbers["changed"]:
        lines.append("- {0} by this run".format(count(numbers["changed"], "host was changed", "hosts were changed")))
    found = ["{0:,} {1}".format(numbers["findings"][severity], severity) for severity in SEVERITIES if numbers["findings"][severity]]
    lines.append("- findings: {0}; {1} waived".format(", ".join(found) or "none", numbers["waived"]))
    if document["compared_with"] is not None:
        gone = document["compared_with"]["hosts_gone"]
        lines.append("- since {0}: {1:,} new, {2:,} fixed{3}".format(
            document["compared_with"]["generated"], numbers["new"], numbers["fixed"],
            "; {0}".format(count(len(gone), "host is no longer asked", "hosts are no longer asked")) if gone else ""))
    lines.append("- {0}{1}, {2}".format(
        ", ".join(_code(name, 100) for name in document["playbooks"][:5]) or "no playbook", " in check mode" if document["check_mode"] else "",
        document["generated"]))
    return "\n".join(lines) + "\n"


def _table(hosts):
    if not hosts:
        return ""
    text = "\n| host | state | since | findings | drift |\n|---|---|---|---|---|\n"
    for index, host in enumerate(hosts):
        row = _row(host)
        if len(text) + len(row) > _ROOM_FOR_TABLE:
            return text + "\n{0} not in this table.\n".format(count(len(hosts) - index, "more host is", "more hosts are"))
        text += row
    return text


def _row(host):
    severities = [finding["severity"] for one in host["instances"] for finding in one["findings"] if not finding["waived"]]
    counted = ", ".join("{0} {1}".format(severities.count(severity), severity) for severity in SEVERITIES if severity in severities)
    drift = sum(len(one["drift"]) for one in host["instances"])
    was = " (was {0})".format(host["was"]) if host["was"] not in (None, host["state"]) else ""
    # A table is cut at each vertical bar, in code too.
    name = _code(host["name"], 100).replace("|", "¦")
    return "| {0} | {1}{2} | {3} | {4} | {5} |\n".format(
        name, host["state"], was, (host["since"] or "")[:10], counted, count(drift, "edit") if drift else "")


def _details(host):
    summary = "<code>{0}</code>: {1}".format(html.escape(bounded(one_line(host["name"]), 100)), host["state"])
    parts = ["", "<details><summary>{0}</summary>".format(summary), ""]
    for one in host["instances"]:
        parts += _instance(one)
    return "\n".join(parts + ["</details>", ""])


def _instance(one):
    after = ""
    if one["after"] and one["after"] != one["state"]:
        after = ", {0} {1}".format(one["after"], "now" if one["changed"] and not one["check_mode"] else "after the plan")
    parts = ["{0}: **{1}**{2}".format(_code(words.subject(one) or "Postfix"), one["state"], after), ""]
    if one["message"]:
        parts += [_code(one["message"]), ""]
    verdict = words.verdict(one)
    if verdict:
        parts += [_fence(verdict), ""]
    parts += _findings(one)
    if one["drift"]:
        parts += ["{0}:".format(count(len(one["drift"]), "edit")), "", _fence(words.edits(one), "diff"), ""]
    lost = one["access"]["lost"]
    if lost:
        parts += ["No longer relays:", ""] + ["- " + _code(text) for text in lost[:_MOST_FINDINGS]] + _more(lost) + [""]
    return parts if is_judged(one) else parts[:4]


def _findings(one):
    shown = ["- {0}{1} {2}, {3}: {4}{5}".format(
        "new: " if finding["new"] else "", "~~{0}~~".format(finding["severity"]) if finding["waived"] else "**{0}**".format(finding["severity"]),
        _code(finding["id"]), _code(words.place(finding)), _code(finding["message"]),
        " ({0})".format(_code(words.waiver(finding))) if finding["waived"] else "") for finding in one["findings"][:_MOST_FINDINGS]]
    shown += _more(one["findings"])
    shown += ["- fixed: {0}, {1}".format(_code(finding["id"]), _code(words.place(finding))) for finding in one["fixed"][:_MOST_FINDINGS]]
    return shown + _more(one["fixed"]) + [""] if shown else []


def _more(things):
    return ["- and {0:,} more".format(len(things) - _MOST_FINDINGS)] if len(things) > _MOST_FINDINGS else []


def _ending(document, notable, left_out):
    text = ""
    if left_out:
        states = ["{0} {1}".format(sum(host["state"] == state for host in left_out), state) for state in STATES
                  if any(host["state"] == state for host in left_out)]
        text += "\n**For want of room the details of {0} are left out: {1}.** The other formats of this report have them.\n".format(
            count(len(left_out), "host"), ", ".join(states))
    quiet = len(document["hosts"]) - len(notable)
    if quiet:
        text += "\n{0}, with nothing new and nothing severe.\n".format(
            count(quiet, "host is closed or without Postfix", "hosts are closed or without Postfix"))
    return text


def _code(text, width=_WIDTH):
    """Return *text* as code within a line."""
    text = bounded(one_line(text), width)
    fence = "`" * (max([len(run) for run in re.findall("`+", text)], default=0) + 1)
    padding = " " if not text or text[0] in " `" or text[-1] in " `" else ""
    return fence + padding + text + padding + fence


def _fence(lines, language="text"):
    """Return *lines* as a block of code."""
    shown = [bounded(visible(line), _WIDTH) for line in lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        shown.append("… ({0} more lines)".format(len(lines) - _MOST_LINES))
    runs = [len(run) for line in shown for run in re.findall("`+", line)]
    fence = "`" * max(runs + [2], default=2) + "`"
    return "\n".join([fence + language] + shown + [fence])
