# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a fleet's results say in a few lines, and whether a pipeline is to go red for them."""

from collections import namedtuple

from .document import STATES
from .text import count

WORDS = {
    "open": "a stranger relays",
    "down": "smtpd does not serve",
    "unknown": "no file tells",
    "failed": "could not be judged",
    "unreachable": "could not be reached",
    "closed": "no stranger relays",
    "absent": "has no Postfix",
}
FAIL_ON = ("open", "drift", "never")
UNJUDGED = ("failed", "unreachable")
SHOWN = 20  # hosts of which the summary has a line of their own

Row = namedtuple("Row", "name state drift why")


def state_of(result):
    """Return what one result of relay_info or relay_baseline says of its server, one of STATES."""
    verdict = result.get("verdict")
    verdict = verdict.get("before") if hasattr(verdict, "get") else verdict
    if verdict in STATES:
        return verdict
    if result.get("absent"):
        return "absent"
    return "unreachable" if result.get("unreachable") else "failed"


def row(name, results):
    """Return the Row of one host: the worst of its instances, and one line on why."""
    worst = min(results, key=lambda one: STATES.index(state_of(one)), default={})
    return Row(name, state_of(worst), sum(len(one.get("drift") or ()) for one in results), _why(worst))


def _why(result):
    """Return one line on why a result is what it is, and on why there is no plan for it."""
    judged, message = _judged(result), " ".join(str(result.get("msg") or "").split())
    if judged and message and state_of(result) == "open":
        return "{0}; no plan: {1}".format(judged, message)
    return message or judged  # of one that is down, the message says by what as well


def _judged(result):
    """Return one line on why a result's verdict is what it is."""
    for listener in result.get("listeners") or ():
        said = listener.get("witness")
        if said:
            helo = " as {0}".format(said["helo"]) if said["helo"] else ""
            return "{0} [{1}]{2} relays from <{3}> to <{4}> by {5}".format(
                said["client_name"], said["client_address"], helo, said["sender"], said["recipient"], listener["service"])
        if listener.get("reasons"):
            return "{0}: {1}".format(listener["service"], "; ".join(listener["reasons"]))
    return ""


def summarise(rows, fail_on="open"):
    """Return the summary of a fleet as a dict.

    :param rows: Rows
    :param str fail_on: ``open``, ``drift`` or ``never``
    :returns: ``lines`` for people; ``stats`` for programs: ``relaylock_totals`` {state: hosts, also ``hosts`` and ``drift``},
        ``relaylock_open_hosts`` and ``relaylock_drift_hosts``; ``failure``, why the run is to fail, or None
    :raises ValueError: for another *fail_on*
    """
    if fail_on not in FAIL_ON:
        raise ValueError("fail_on is {0!r}; expected is one of {1}".format(fail_on, ", ".join(FAIL_ON)))
    rows = sorted(rows, key=lambda one: (STATES.index(one.state), -one.drift, one.name))
    names = {state: [one.name for one in rows if one.state == state] for state in STATES}
    drifting = [one.name for one in rows if one.drift]
    totals = dict({state: len(names[state]) for state in STATES}, hosts=len(rows), drift=len(drifting))
    stats = {"relaylock_totals": totals, "relaylock_open_hosts": names["open"], "relaylock_drift_hosts": drifting}
    return {"lines": _lines(rows, names, drifting), "stats": stats, "failure": _failure(names, drifting, fail_on)}


def _lines(rows, names, drifting):
    counted = ["{0} {1}".format(len(names[state]), state) for state in STATES if names[state]]
    lines = ["{0}: {1}; {2} would change".format(count(len(rows), "host"), ", ".join(counted) or "none", len(drifting))]
    worth = [one for one in rows if one.drift or one.state not in ("closed", "absent")]
    lines += [_line(one) for one in worth[:SHOWN]]
    if len(worth) > SHOWN:
        lines.append("and {0} more".format(len(worth) - SHOWN))
    if drifting:
        shown = ",".join(drifting[:SHOWN]) + (",..." if len(drifting) > SHOWN else "")
        lines.append("next: ansible-playbook relaylock.postfix.remediate -i INVENTORY --limit '{0}' --check --diff".format(shown))
    elif not worth:
        lines.append("nothing to do")
    return lines


def _line(one):
    edits = "; {0} edit{1} would close what is wrong".format(one.drift, "" if one.drift == 1 else "s") if one.drift else ""
    return "{0}: {1}: {2}{3}".format(one.name, one.state, one.why or WORDS[one.state], edits)


def _failure(names, drifting, fail_on):
    """Return why the run is to fail, or None."""
    said = []
    if fail_on != "never":
        said += ["{0}: {1}".format(WORDS[state], _few(names[state])) for state in ("open",) + UNJUDGED if names[state]]
    if fail_on == "drift" and drifting:
        said.append("would change: " + _few(drifting))
    return "; ".join(said) or None


def _few(names):
    return ", ".join(names[:SHOWN]) + (" and {0} more".format(len(names) - SHOWN) if len(names) > SHOWN else "")
