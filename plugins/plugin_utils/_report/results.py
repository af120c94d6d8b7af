# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One result of a module of ours, as an instance of the document."""

import datetime

from . import diffs, shapes

MODULES_OF_FILES = ("relay_info", "relay_baseline")
MODULES = MODULES_OF_FILES + ("relay_probe",)

# What an instance is when its verdict is not known.
UNJUDGED = ("failed", "unreachable", "absent")

CENSORED = "no_log hides the result of this task"
BACKGROUND = "this task runs in the background (poll: 0), where a report does not follow it"


def instance(module, state, check_mode, **values):
    """Return an instance with every field that the document has.

    :param module: short name, None for a host that no module of ours has answered for
    :param str state: a verdict or one of UNJUDGED
    """
    return dict({
        "config_directory": None, "module": module, "state": state, "after": None, "changed": False, "check_mode": bool(check_mode),
        "postfix_version": None, "message": None, "listeners": [], "findings": [], "fixed": [], "drift": [],
        "access": {"lost": [], "kept": []}, "diff": []}, **values)


def is_judged(one):
    """Tell whether an instance has a verdict."""
    return one["state"] not in UNJUDGED


def present(one):
    """Return the state of an instance now that the run is over: what it was before, unless this run has put the plan in place."""
    return one["after"] if one["after"] and one["changed"] and not one["check_mode"] else one["state"]


def requested(result):
    """Return the configuration directory that the task asked for, or None."""
    directory = _argument(result, "config_directory")
    return shapes.text(directory, "config_directory") if isinstance(directory, str) else None


def of_success(module, result, check_mode, today):
    """Return the instance for the result of a task that did not fail.

    :param str module: one of MODULES_OF_FILES
    :param dict result: what it returned
    :param datetime.date today: what the days that a waiver has left are counted from
    """
    if "censored" in result:
        return instance(module, "failed", check_mode, message=CENSORED)
    if "ansible_job_id" in result and "verdict" not in result:
        return instance(module, "failed", check_mode, message=BACKGROUND)
    try:
        return _judged(module, result, check_mode, today)
    except shapes.Malformed as exc:
        return instance(module, "failed", check_mode, config_directory=requested(result),
                        message="the result is not what the module returns: {0}".format(exc))


def of_failure(module, result, check_mode, unreachable=False):
    """Return the instance for the result of a task that failed, or whose host could not be reached."""
    message = CENSORED if "censored" in result else result.get("msg")
    message = shapes.text(message, "msg") if isinstance(message, str) and message else "no reason was given"
    state = "unreachable" if unreachable else "absent" if result.get("absent") is True else "failed"
    directory = result.get("config_directory")
    directory = shapes.text(directory, "config_directory") if isinstance(directory, str) else requested(result)
    return instance(module, state, check_mode, config_directory=directory, message=message)


def _judged(module, result, check_mode, today):
    before, after = _verdicts(module, result)
    findings = shapes.listing(shapes.FINDING)(result.get("findings"), "findings")
    found = instance(
        module, before, check_mode, after=after,
        config_directory=shapes.optional(shapes.text)(result.get("config_directory"), "config_directory") or requested(result),
        changed=bool(result.get("changed")),
        postfix_version=shapes.optional(shapes.name)(result.get("postfix_version"), "postfix_version"),
        listeners=shapes.listing(shapes.LISTENER)(result.get("listeners"), "listeners"),
        findings=[complete(one, today, _waiver(one, result)) for one in findings])
    if module == "relay_baseline":
        found.update(drift=shapes.listing(shapes.EDIT)(result.get("drift"), "drift"),
                     access=shapes.ACCESS(result.get("access"), "access"), diff=diffs.unified(result.get("diff")))
    return found


def _verdicts(module, result):
    verdict = shapes.one_of(*shapes.VERDICTS)
    if module == "relay_info":
        return verdict(result.get("verdict"), "verdict"), None
    both = shapes.record(before=verdict, after=verdict)(result.get("verdict"), "verdict")
    return both["before"], both["after"]


def complete(finding, today, waiver=None):
    """Return a finding with the days that its waiver has left, and with what a comparison would say before there is one."""
    waiver = finding["waiver"] or waiver
    if waiver is not None:
        left = (datetime.date.fromisoformat(waiver["until"]) - today).days
        waiver = {"reason": waiver["reason"], "until": waiver["until"], "days_left": left}
    return dict(finding, waiver=waiver, new=False, since=None)


def _waiver(finding, result):
    """Return the waiver of a finding from the task's options, or None; of several, the one that holds longest."""
    given = _argument(result, "waivers")
    if not finding["waived"] or finding["waiver"] or not isinstance(given, list):
        return None
    same = [one for one in given if isinstance(one, dict) and one.get("id") == finding["id"]]
    read = shapes.listing(shapes.record(reason=shapes.text, until=shapes.day))
    return max(read(same, "waivers"), key=lambda one: one["until"], default=None)


def _argument(result, name):
    invocation = result.get("invocation")
    arguments = invocation.get("module_args") if isinstance(invocation, dict) else None
    return arguments.get(name) if isinstance(arguments, dict) else None
