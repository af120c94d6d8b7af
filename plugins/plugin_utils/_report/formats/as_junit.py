# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JUnit XML, as Jenkins and GitLab read it: a suite for each host, a case for its relay, its drift and each finding.

There is no schema of it but what these two read. Elements and attributes are those that both take, and ``file``, which is GitLab's.
GitLab shows class name, name, file and the text of a failure; Jenkins its message too. So the text begins with the message.
"""

from collections import Counter
from typing import NamedTuple, Optional
from xml.etree import ElementTree

from .. import places, words
from ..results import is_judged, present
from ..shapes import SEVERITIES
from ..text import bounded, count, one_line
from ..visible import visible

# GitLab reads 30 MB and 250,000 objects; an XML parser may count more of them than there are elements.
MOST_BYTES = 25000000
MOST_ELEMENTS = 100000
MOST_LINES = 60
MOST_CHARACTERS = 8000

# These say in a finding what the verdict says.
_OF_THE_VERDICT = ("stranger_relays", "smtpd_does_not_start", "file_unreadable_to_postfix")
_TITLES = {"open": "a stranger can relay mail", "down": "smtpd does not serve strangers", "unknown": "the verdict is not known",
           "failed": "this was not judged", "unreachable": "the host could not be reached", "absent": "there is no Postfix"}


class Case(NamedTuple):
    """A test: outcome is failure, error or skipped, or None for one that passed; ``lines`` say more."""

    name: str
    outcome: Optional[str] = None
    kind: str = ""
    message: str = ""
    lines: tuple = ()
    file: Optional[str] = None


def render(document, fail_at="medium", repository=None, layout=places.LAYOUT):
    """Return the document as JUnit XML.

    :param str fail_at: the least severity of a finding that is a failure of its own; ``never`` for none
    :param repository: as places.in_repository() takes them, for the files of the cases
    """
    failing = SEVERITIES[:SEVERITIES.index(fail_at) + 1] if fail_at in SEVERITIES else ()
    whole = _xml(document, failing, repository, layout, brief=False)
    return whole if whole is not None else _xml(document, failing, repository, layout, brief=True)


def _xml(document, failing, repository, layout, brief):
    """Return the text, or None where it would be too much for GitLab and can be made brief."""
    root = ElementTree.Element("testsuites", name="relaylock.postfix")
    elements = 0
    for host in document["hosts"]:
        cases = [case for one in host["instances"] for case in _cases(one, failing, brief)]
        placed = [case if case.file is None else case._replace(file=places.in_repository(case.file, host["name"], repository, layout))
                  for case in cases]
        elements += _suite(root, host["name"], placed, document["generated"])
        if elements > MOST_ELEMENTS and not brief:
            return None
    if brief:
        _suite(root, "report", [Case("findings", "skipped", message="Findings and details are left out: with them this file would be larger "
                                                                    "than what reads it takes. The other formats have them.")], document["generated"])
    if not document["hosts"]:
        _suite(root, "report", [Case("hosts", "error", "failed", "no host was asked")], document["generated"])
    _count(root, list(root.iter("testcase")))
    # Jenkins' xUnit plugin refuses this one here.
    del root.attrib["skipped"]
    text = '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"
    return text if brief or len(text.encode("utf-8")) <= MOST_BYTES else None


def _cases(one, failing, brief):
    yield _relay(one, brief)
    if not is_judged(one):
        return
    if one["message"]:
        yield Case("the run ended well" + _of(one), "error", "failed", one_line(one["message"]))
    if one["module"] == "relay_baseline":
        yield _drift(one, brief)
    for finding in [] if brief else one["findings"]:
        if finding["id"] in _OF_THE_VERDICT and one["state"] in ("open", "down"):
            continue
        if finding["waived"] or finding["severity"] in failing:
            yield _finding(one, finding)


def _of(one):
    name = words.subject(one)
    return " ({0})".format(one_line(name)) if name else ""


def _relay(one, brief):
    state = present(one)
    name = "no stranger relays" + _of(one)
    if state == "closed":
        was = ["was {0}, closed by this run".format(one["state"])] if one["state"] != "closed" else []
        latent = ["{0}: {1}".format(finding["severity"], one_line(finding["message"])) for finding in one["findings"] if not finding["waived"]]
        return Case(name, lines=tuple(was + ([] if brief else latent)))
    message = _TITLES[state] + (": " + one_line(one["message"]) if one["message"] else "")
    about = [finding for finding in one["findings"] if finding["id"] in _OF_THE_VERDICT]
    file = places.of_finding(one, about[0])[0] if about else None
    lines = () if brief else tuple(words.verdict(one))
    if state == "absent" or about and all(finding["waived"] for finding in about):
        reasons = [words.waiver(finding) for finding in about]
        return Case(name, "skipped", state, "; ".join([message] + reasons), (), file)
    return Case(name, "failure" if state in ("open", "down") else "error", state, message, lines, file)


def _drift(one, brief):
    name = "no drift" + _of(one)
    if not one["drift"]:
        return Case(name)
    edits = count(len(one["drift"]), "edit")
    lines = () if brief else tuple(words.edits(one) + [one_line("no longer relays: " + text) for text in one["access"]["lost"]])
    if one["changed"] and not one["check_mode"]:
        return Case(name, lines=(edits + " made by this run",) + lines)
    return Case(name, "failure", "drift", "{0} would bring it to the baseline".format(edits), lines, one["drift"][0]["file"])


def _finding(one, finding):
    name = "{0}: {1}".format(finding["id"], ", ".join(part for part in (finding["parameter"], finding["service"]) if part))
    file = places.of_finding(one, finding)[0]
    message = "{0}: {1}".format(finding["severity"], one_line(finding["message"]))
    if finding["waived"]:
        return Case(name + _of(one), "skipped", finding["id"], words.waiver(finding) + ". " + message, (), file)
    return Case(name + _of(one), "failure", finding["id"], message, (words.place(finding),), file)


def _suite(root, host, cases, generated):
    """Add a suite, and return of how many elements it is."""
    suite = ElementTree.SubElement(root, "testsuite", name=one_line(host), timestamp=generated.rstrip("Z"), hostname=one_line(host))
    # Jenkins takes all up to the last dot for a package, so that mx1.example.com would be a class named com.
    classname = "relaylock." + one_line(host).replace(".", "_")
    seen = Counter()
    for case in cases:
        seen[case.name] += 1
        number = " #{0}".format(seen[case.name]) if seen[case.name] > 1 else ""
        attributes = {"classname": classname, "name": bounded(one_line(case.name), 300) + number, "time": "0"}
        if case.file is not None:
            attributes["file"] = one_line(case.file)
        _outcome(ElementTree.SubElement(suite, "testcase", attributes), case)
    _count(suite, list(suite))
    return sum(1 for dummy in suite.iter())


def _outcome(element, case):
    shown = list(case.lines[:MOST_LINES])
    if len(case.lines) > MOST_LINES:
        shown.append("… ({0} more lines)".format(len(case.lines) - MOST_LINES))
    text = bounded(visible("\n".join(shown)), MOST_CHARACTERS)
    message = bounded(one_line(case.message), 1000)
    if case.outcome is None:
        if text:
            ElementTree.SubElement(element, "system-out").text = text
        return
    child = ElementTree.SubElement(element, case.outcome, message=message)
    if case.outcome != "skipped":
        child.set("type", bounded(one_line(case.kind), 100) or "finding")
    child.text = (message + "\n" + text).strip()


def _count(element, cases):
    tags = Counter(child.tag for case in cases for child in case)
    element.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(tags[tag]))
    element.set("time", "0")
