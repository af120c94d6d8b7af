# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page's sentences: the answer first, what else matters, what a stranger says, what to run next."""

from __future__ import annotations

import re
import shlex
from datetime import datetime
from typing import Any, Iterable

from ..text import count
from ..visible import visible

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
UNJUDGED = ("unknown", "failed", "unreachable")
NAMED = 3  # hosts whose names the headline has room for
LIMITED = 6  # hosts that a command names one by one
LONGEST_NAME = 40
# What --limit takes for a host's name, and not for a pattern, a file or a list.
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?")
QMQP = "qmqpd_authorized_clients"


def amount(number: int) -> str:
    """Return 10000 as 10,000."""
    return "{0:,}".format(number)


def listed(names: Iterable[str]) -> str:
    """Return names as a, b and c."""
    names = list(names)
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def day(text: str) -> str:
    """Return an ISO date or time as 27 November 2026; what is no date stays as it is."""
    found = _TIME.match(text or "")
    if not found or not 1 <= int(found[2]) <= 12:
        return text
    return "{0} {1} {2}".format(int(found[3]), MONTHS[int(found[2]) - 1], found[1])


def moment(text: str) -> str:
    """Return an ISO time as 27 November 2026, 12:00 UTC."""
    found = _TIME.match(text or "")
    return "{0}, {1} UTC".format(day(text), found[4]) if found and found[4] else day(text)


def days_between(earlier: str, later: str) -> int | None:
    """Return the whole days from one ISO time to another, or None where one is no time."""
    try:
        first, last = (datetime.fromisoformat(text[:10]) for text in (earlier, later))
    except (TypeError, ValueError):
        return None
    return (last - first).days


def since(text: str, generated: str) -> str:
    """Return how long something has been so: since 20 November 2026 (7 days)."""
    days = days_between(text, generated)
    return "since {0}{1}".format(day(text), " ({0})".format(count(days, "day", "days")) if days else "")


def lasting(text: str, generated: str) -> str:
    """Return how long something has been so, for where there is little room: for 7 days."""
    days = days_between(text, generated)
    return "for {0}".format(count(days, "day", "days")) if days else since(text, generated)


def remedied(instance: dict[str, Any]) -> bool:
    """Tell whether this very run has closed the instance."""
    return instance["changed"] and not instance["check_mode"] and instance["after"] == "closed"


def _still_open(host: dict[str, Any]) -> bool:
    return any(one["state"] == "open" and not remedied(one) for one in host["instances"])


def _names(hosts: list[dict[str, Any]]) -> str:
    """Return the hosts' names where the headline has room for them, else nothing."""
    names = [visible(host["name"]) for host in hosts]
    fits = 0 < len(names) <= NAMED and all(len(name) <= LONGEST_NAME for name in names)
    return listed(names) if fits else ""


def headline(document: dict[str, Any]) -> str:
    """Return one sentence that says whether a stranger can relay mail through any of these hosts."""
    states, total = document["totals"]["states"], document["totals"]["hosts"]
    opened = [host for host in document["hosts"] if host["state"] == "open"]
    still = [host for host in opened if _still_open(host)]
    unjudged = sum(states[state] for state in UNJUDGED)
    if not total:
        return "Nobody knows: this run judged no host."
    if still:
        names = _names(still)
        return "Yes, through {0} of {1}{2}.".format(amount(len(still)), count(total, "host", "hosts"), ": " + names if names else "")
    if opened:
        return "No longer: this run closed {0}.".format(_names(opened) or count(len(opened), "host", "hosts"))
    if unjudged == total:
        return "Nobody knows: none of {0} could be judged.".format(count(total, "host", "hosts"))
    if unjudged:
        return "Through none that we know of, but {0} of {1} could not be judged.".format(amount(unjudged), count(total, "host", "hosts"))
    return _none_open(states["closed"], states["down"], total)


def _none_open(closed: int, down: int, total: int) -> str:
    """Return the headline where each host has been judged, and none was open."""
    if down:
        return "No, but {0} of {1} down.".format(amount(down), count(closed + down, "mail server is", "mail servers are"))
    if not closed:
        return "No: there is no Postfix on {0}.".format("this host" if total == 1 else "any of {0} hosts".format(amount(total)))
    return "No: {0} closed.".format({1: "the one mail server is", 2: "both mail servers are"}.get(
        closed, "all {0} mail servers are".format(amount(closed))))


def notes(document: dict[str, Any]) -> list[str]:
    """Return what else the reader should know at once, a sentence each."""
    totals, states = document["totals"], document["totals"]["states"]
    opened = sum(host["state"] == "open" and _still_open(host) for host in document["hosts"])
    unjudged = sum(states[state] for state in UNJUDGED)
    found = []
    if states["down"] and (states["open"] or unjudged):
        found.append("{0} down.".format(count(states["down"], "mail server is", "mail servers are")))
    if unjudged and (opened or states["open"]):
        found.append("{0} could not be judged.".format(count(unjudged, "host", "hosts")))
    if states["absent"] and totals["hosts"] > states["absent"]:
        found.append("{0} no Postfix.".format(count(states["absent"], "host has", "hosts have")))
    if totals["drifting"]:
        found.append("{0} from the baseline.".format(count(totals["drifting"], "host drifts", "hosts drift")))
    if totals["waived"]:
        found.append("{0} waived.".format(count(totals["waived"], "finding is", "findings are")))
    return found


def title(document: dict[str, Any]) -> str:
    """Return the title of the browser's tab."""
    totals = document["totals"]
    return "{0} of {1} open: Postfix relay report".format(amount(totals["states"]["open"]), amount(totals["hosts"]))


def command(playbook: str, names: list[str], options: str = "") -> str:
    """Return an ansible-playbook command for these hosts; a name that --limit would not take for one leaves the word HOST there."""
    limit = ",".join(names) if all(_NAME.match(name) for name in names) else "HOST"
    text = "ansible-playbook relaylock.postfix.{0} -i INVENTORY".format(playbook)
    return " ".join([text, *(["--limit", shlex.quote(limit)] if names else []), *([options] if options else [])])


def fleet_command(document: dict[str, Any]) -> str | None:
    """Return what to run next on the hosts that a plan would change, or None."""
    names = [host["name"] for host in document["hosts"] if any(one["drift"] and one["check_mode"] for one in host["instances"])]
    return command("remediate", names if len(names) <= LIMITED else [], "--check --diff") if names else None


def host_command(host: dict[str, Any]) -> str | None:
    """Return what to run next on one host, or None."""
    if host["state"] in ("failed", "unreachable"):
        return command("drift", [host["name"]], "-vv")
    planned = any(one["drift"] and one["check_mode"] or one["state"] in ("open", "down") and not remedied(one) for one in host["instances"])
    return command("remediate", [host["name"]], "--check --diff") if planned else None


def dialogue(witness: dict[str, Any], server: str, because: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return what the stranger (C) and the server (S) say to each other, up to the answer that gives the relay away."""
    sender, recipient = witness["sender"] or "", witness["recipient"]
    if any(why["parameter"] == QMQP for why in because):
        return [("C", "(QMQP) a message from <{0}> to <{1}>".format(sender, recipient)), ("S", "K the message is taken")]
    said = [("S", "220 {0} ESMTP Postfix".format(server))]
    if witness.get("xclient"):
        claims = ("{0}={1}{2}".format(name, "IPV6:" if name == "ADDR" and ":" in value else "", value)
                  for name, value in witness["xclient"].items())
        said += [("C", "XCLIENT " + " ".join(claims)), ("S", "220 {0} ESMTP Postfix".format(server))]
    if witness["helo"]:
        said += [("C", "EHLO " + witness["helo"]), ("S", "250 " + server)]
    return said + [("C", "MAIL FROM:<{0}>".format(sender)), ("S", "250 2.1.0 Ok"),
                   ("C", "RCPT TO:<{0}>".format(recipient)), ("S", "250 2.1.5 Ok")]
