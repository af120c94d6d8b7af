# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SARIF 2.1.0, within what GitHub's code scanning accepts: findings at file and line, for people who keep their main.cf in git.

Waived findings are left out, for GitHub shows what is suppressed as open. A result without a location, or with more than a relative
path, would lose the whole file, so each gets one: the finding's own, else that of the lines that let the stranger in, else main.cf.
"""

import hashlib
import json
import posixpath
import re
from collections import Counter
from urllib.parse import quote

from .. import places
from ..document import findings_of
from ..rules import RULES, Rule
from ..shapes import SEVERITIES
from ..text import count

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

# Level, and GitHub's scale from 0.1 to 10.0, as text.
LEVELS = {"critical": ("error", "9.5"), "high": ("error", "8.0"), "medium": ("warning", "5.5"), "low": ("note", "2.0")}

# Of more, GitHub keeps this many, and not the worst.
MOST_RESULTS = 5000
MOST_NOTES = 1000
MOST_CHARACTERS = 1000


def render(document, repository=None, layout=places.LAYOUT):
    """Return the document as SARIF.

    :param str repository: absolute path of the folder that the repository's paths are relative to
    :param str layout: where in the repository the copy of a host's file is, if it is not below *repository*
    """
    placed = [(host, one, finding) for host in document["hosts"] for one, finding in findings_of(host) if not finding["waived"]]
    placed.sort(key=lambda each: SEVERITIES.index(each[2]["severity"]))
    rules = dict(RULES)
    for dummy, dummy_, finding in placed[:MOST_RESULTS]:
        rules.setdefault(_id(finding), Rule(_id(finding), finding["severity"], *[_id(finding).replace("_", " ")] * 3))
    order = dict((id_, index) for index, id_ in enumerate(rules))
    seen = Counter()
    results = [_result(each, _place(each, repository, layout), order, seen) for each in placed[:MOST_RESULTS]]
    notes = _notes(document, len(placed) - len(results))
    run = {
        "tool": {"driver": {
            "name": "relaylock.postfix", "version": document["generator"]["collection"],
            "rules": [_rule(rule) for rule in rules.values()]}},
        "invocations": [{"executionSuccessful": not notes, "endTimeUtc": document["generated"], "toolExecutionNotifications": notes}],
        "columnKind": "unicodeCodePoints",
        "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, allow_nan=False) + "\n"


def _id(finding):
    # A newer collection may have an id that is not in the table; what is not even the form of one is nobody's.
    return finding["id"] if re.fullmatch("[a-z0-9_]{1,80}", finding["id"]) else "other"


def _rule(rule):
    level, score = LEVELS[rule.severity]
    return {
        "id": rule.id, "name": "".join(word.capitalize() for word in rule.id.split("_")),
        "shortDescription": {"text": _plain(rule.title)}, "fullDescription": {"text": _plain(rule.sentence)},
        "help": {"text": _plain(rule.help)}, "defaultConfiguration": {"level": level},
        "properties": {"security-severity": score, "precision": "high", "tags": ["security", "postfix", "open-relay"]}}


def _result(each, place, order, seen):
    host, dummy, finding = each
    uri, line, width = place
    message = "{0}: {1}".format(host["name"], finding["message"])
    # Neither line nor message, which may tell of another stranger tomorrow: the finding is the same. Equal ones are numbered.
    print_ = hashlib.sha256(repr((finding["id"], uri, finding["parameter"], finding["service"])).encode("utf-8", "replace")).hexdigest()[:16]
    seen[print_] += 1
    return {
        "ruleId": _id(finding), "ruleIndex": order[_id(finding)], "level": LEVELS[finding["severity"]][0],
        "message": {"text": _plain(message)},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": uri},
            "region": {"startLine": line, "startColumn": 1, "endLine": line, "endColumn": 1 + width}}}],
        "partialFingerprints": {"primaryLocationLineHash": "{0}:{1}".format(print_, seen[print_])}}


def _place(each, repository, layout):
    """Return (URI, line, width of what is wrong there) of a finding."""
    host, one, finding = each
    path, line = places.of_finding(one, finding)
    in_main_cf = posixpath.basename(path) == "main.cf" and finding["file"] is not None
    width = len(finding["parameter"]) if in_main_cf and finding["parameter"] else 1
    return quote(places.in_repository(path, host["name"], repository, layout), safe="/", errors="replace"), line, width


def _notes(document, left_out):
    """Return what a reader of the results alone would miss."""
    texts = ["{0} with lower severity left out: a file has room for {1:,}. The report in another format has all.".format(
        count(left_out, "finding"), MOST_RESULTS)] if left_out else []
    for host in document["hosts"]:
        texts.extend("{0}: {1}: {2}".format(host["name"], one["state"], one["message"]) for one in host["instances"] if one["message"])
    if len(texts) > MOST_NOTES:
        texts[MOST_NOTES - 1:] = ["{0} more not told here".format(count(len(texts) - MOST_NOTES + 1, "message"))]
    return [{"level": "error", "message": {"text": _plain(text)}} for text in texts]


def _plain(text):
    """Return *text* within bounds, and without what SARIF would read as a link: [text](target)."""
    text = text.replace("](", "] (") or "-"
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS - 1] + "…"
