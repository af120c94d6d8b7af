# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Standard output of the demonstration: one paragraph a host instead of Ansible's task by task."""

import difflib
import sys

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: glance
type: stdout
short_description: Shows the results of relay_baseline at a glance
description:
  - For the demonstration alone.
"""

COLOURS = {"open": "31;1", "down": "33;1", "unknown": "35;1", "closed": "32;1", "+": "32", "-": "31", "head": "1"}


def paint(kind, text):
    """Return *text* in the colour of *kind*, where a person looks at it."""
    return "\033[{0}m{1}\033[0m".format(COLOURS[kind], text) if sys.stdout.isatty() else text


class CallbackModule(CallbackBase):
    """Shows results of relay_baseline and failures, nothing else."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "glance"

    def v2_runner_on_ok(self, result):
        found = getattr(result, "result", None) or result._result
        if isinstance(found.get("verdict"), dict) and "drift" in found:
            show(result._host.get_name(), found)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        found = getattr(result, "result", None) or result._result
        print("\n{0}: failed: {1}".format(paint("head", result._host.get_name()), found.get("msg")))

    v2_runner_on_unreachable = v2_runner_on_failed


def show(name, found):
    """Print what happened to one host."""
    before, after = found["verdict"]["before"], found["verdict"]["after"]
    print("\n{0}: {1} -> {2}".format(paint("head", name.replace("_", " ")), paint(before, before), paint(after, after)))
    for listener in found["listeners"]:
        said = listener["witness"]
        if said:
            print("  a stranger at {0} says to {1}:".format(said["client_address"], listener["service"]))
            for line in ("EHLO " + (said["helo"] or "(nothing)"), "MAIL FROM:<{0}>".format(said["sender"]),
                         "RCPT TO:<{0}>     250 2.1.5 Ok".format(said["recipient"])):
                print("      " + line)
        for why in listener["because"]:
            print("    because of {0} line {1}: {2}: {3}".format(str(why["file"] or "the default").rpartition("/")[2], why["line"] or "-",
                                                               why["parameter"], why["item"]))
        for reason in listener["reasons"]:
            print("    {0}: {1}".format(listener["service"], reason))
    for one in found.get("diff", []):
        for line in difflib.unified_diff(one["before"].splitlines(), one["after"].splitlines(), lineterm="", n=1):
            if line[:3] not in ("---", "+++"):
                print("    " + (paint(line[0], line) if line[0] in "+-" else line))
    for text in found["access"]["lost"]:
        print("  no longer relays: " + text)
