# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the formats for people say of an instance, in lines of plain text that hold no character a reader cannot see."""

from .text import one_line


def subject(one):
    """Return what an instance is about: its directory, or that it was heard from outside; None where neither is known."""
    return "from outside" if one["module"] == "relay_probe" else one["config_directory"]


def dialogue(listener):
    """Return the lines of the SMTP dialogue that a stranger would have with an open listener; none where there is no witness."""
    said = listener["witness"]
    if said is None:
        return []
    lines = ["from {0} [{1}] to {2}".format(said["client_name"] or "unknown", said["client_address"], listener["service"])]
    if said["xclient"] is not None:
        lines.append("XCLIENT " + " ".join("{0}={1}".format(*pair) for pair in sorted(said["xclient"].items())))
    if said["helo"]:
        lines.append("EHLO " + said["helo"])
    lines += ["MAIL FROM:<{0}>".format(said["sender"]), "RCPT TO:<{0}>".format(said["recipient"]), "250 2.1.5 Ok"]
    return [one_line(line) for line in lines]


def because(listener):
    """Return the lines that let a stranger in, and what else there is to say of a listener's verdict."""
    lines = ["because of {0}: {1} = {2}".format(place(why), why["parameter"], why["item"] or "") for why in listener["because"]]
    return [one_line(line) for line in lines + ["{0}: {1}".format(listener["service"], reason) for reason in listener["reasons"]]]


def place(thing):
    """Return file and line of a finding or a reason."""
    if not thing["file"]:
        return "a default of Postfix"
    return one_line(thing["file"] if thing["line"] is None else "{0}:{1}".format(thing["file"], thing["line"]))


def verdict(one):
    """Return an instance's listeners in lines: what makes them open, down or unknown, and what else there is to say of one."""
    lines = []
    for listener in one["listeners"]:
        if listener["verdict"] != "closed" or listener["reasons"]:
            lines += dialogue(listener) + because(listener)
    return lines


def edits(one):
    """Return the plan in lines: the diff where there is one, else the edits."""
    lines = []
    for entry in one["diff"]:
        lines += ["--- " + entry["file"], "+++ " + entry["file"]] + entry["lines"]
    for edit in [] if lines else one["drift"]:
        where = edit["file"] + (" ({0})".format(edit["service"]) if edit["service"] else "")
        lines += ["@@ {0} @@".format(where), "-{0} = {1}".format(edit["parameter"], edit["before"] or ""),
                  "+{0} = {1}".format(edit["parameter"], edit["after"] or "")]
    return [one_line(line) for line in lines]


def waiver(finding):
    """Return why a finding is accepted and until when."""
    terms = finding["waiver"]
    if terms is None:
        return "waived"
    return one_line("waived until {0} ({1} days left): {2}".format(terms["until"], terms["days_left"], terms["reason"]))
