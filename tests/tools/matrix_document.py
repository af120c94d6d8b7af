# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of docs/matrix.md: what a run of the whole matrix has shown, between two marks."""

import cells
from host import PYTHONS, ROOT
from record import FAILED, PASSED, SKIPPED, count
from releases import RELEASES, release

DOCUMENT = ROOT / "docs/matrix.md"
BEGIN, END = "<!-- what `make matrix` has shown, written by it -->\n", "<!-- end -->"
UNSUPPORTED, ABSENT, NOT_RUN = "–", "not to be had", "not run"


def write(found, others):
    """Write the table into the document and return it. found: {(ansible-core, Postfix, Python): Case}; others: {what ran: [Case]}."""
    parts = (_axes(), _table(found), _others(others), _reasons(found))
    text = "\n".join(line for lines in map(list, parts) if lines for line in [*lines, ""])
    head, _begin, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    DOCUMENT.write_text("%s%s\n%s\n%s" % (head, BEGIN, text, END + rest.partition(END)[2]), encoding="utf-8")
    return text


def _axes():
    cores = {name: release(name)[0] for name in RELEASES}
    servers = {name: cells.postfix(name)[0] for name in cells.POSTFIX}
    yield "- ansible-core: " + ", ".join("%s, which is %s on Python %s" % (name, core.version, core.python) for name, core in cores.items() if core)
    yield "- Postfix: " + ", ".join("%s, which is %s" % (name, server.label) for name, server in servers.items() if server)


def _table(found):
    yield "| Python of the host | " + " | ".join("ansible-core " + name for name in RELEASES) + " |"
    yield "|---" * (len(RELEASES) + 1) + "|"
    for version in PYTHONS:
        yield "| %s | %s |" % (version, " | ".join(_cell(name, version, found) for name in RELEASES))


def _cell(name, version, found):
    """One field of the table: the cells of every Postfix."""
    by_postfix = {server: found.get((name, server, version)) for server in cells.POSTFIX}
    if any(case and case.reason == cells.UNSUPPORTED % (name, version) for case in by_postfix.values()):
        return UNSUPPORTED
    if not any(by_postfix.values()):
        return NOT_RUN
    return ", ".join(_words(case) % server for server, case in by_postfix.items())


def _words(case):
    if case is None:
        return "%s " + NOT_RUN
    return {PASSED: "%s", FAILED: "**%s failed**", SKIPPED: "%s " + ABSENT}[case.outcome]


def _others(others):
    if not others:
        return
    yield "| besides | |"
    yield "|---|---|"
    for what, cases in others.items():
        yield "| %s | %s |" % (what, count(cases))


def _reasons(found):
    """Why what is not in the table is not: each reason once."""
    return ["- " + reason + "." for reason in dict.fromkeys(case.reason for case in found.values() if case.outcome == SKIPPED)]
