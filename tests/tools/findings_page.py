# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write docs/findings.md: every finding of the code, in the words of docs/findings.yml, with an example that is judged and planned for.

`make pages` runs it. Ids, severities and sentences are those of the code; what an example leads to is what judge and plan say of it.
"""

import pathlib
import sys
import textwrap

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".build"))

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.configuration import Configuration  # noqa: E402
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files  # noqa: E402
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf  # noqa: E402
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.master_cf import MasterCf  # noqa: E402
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.draft import as_written  # noqa: E402
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.findings import find  # noqa: E402
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.judge import judge  # noqa: E402
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.plan import PlanError, make_plan  # noqa: E402
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust  # noqa: E402
from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.rules import RULES  # noqa: E402

SOURCE = ROOT / "docs/findings.yml"
PAGE = ROOT / "docs/findings.md"
MANUAL = "https://www.postfix.org/"
VERSION = (3, 7)
WIDTH = 140

# Every example stands below these lines.
MAIN = """\
compatibility_level = 3.6
myhostname = mx.example.com
mydestination = $myhostname, localhost, example.com
mynetworks = 127.0.0.0/8, 10.0.0.0/8
smtpd_sender_restrictions = reject_unknown_sender_domain
"""
MASTER = """\
smtp inet n - n - - smtpd
rewrite unix - - n - - trivial-rewrite
"""

# Parts of an entry, in the order of the page.
PROSE = (("meaning", "What it means."), ("stranger", "How a stranger would use it."), ("fix", "What the fix changes."),
         ("notice", "Who may notice."), ("waive", "Waiving it."))
FIELDS = {name for name, title in PROSE} | {"ground", "example"}

HEAD = """\
<!--
Copyright: relaylock.postfix contributors
GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
-->

<!-- Made from findings.yml by `make pages`: edit that, not this. -->

# Findings

A finding is one thing that is wrong with a configuration, by an id that does not change. `relay_info` and `relay_baseline` return findings
with file, line and parameter, and every report shows them. A server may be closed and have findings: they are what opens it one day.

**The fix** is what `relay_baseline` does with the profile `guard`, unless something else is said: the smallest edit that closes the relay
and lets smtpd start. What opens nothing today is named and left alone.

**A waiver** accepts a finding for a time. It is shown as waived, counts in no total, and an edit that is about it alone is left out of the
plan:

```yaml
relay_baseline_waivers:
  - id: proxy_protocol
    reason: The firewall admits 192.0.2.10 alone (rule 17)
    until: "2027-03-31"
```

After its last day the finding is back. A waiver does not touch the verdict: an open server is `open`.

**The examples** stand below these lines of main.cf, beside a master.cf with the stock listener, and are judged as Postfix {version}. What is
said of them was made by the collection itself.

```
{main}```

"""


class ExampleFiles(Files):
    """The files that an example names, and no others. *compiled*: {path of the source: entries of the map}."""

    def __init__(self, files, compiled, compiled_needed):
        Files.__init__(self, None, compiled_needed)
        self.files = files
        self.compiled = compiled

    def _read(self, path):
        return self.files[path].encode() if path in self.files else None

    def exists(self, path):
        return path in self.files

    def is_folder(self, path):
        return False

    def newer(self, path, other):
        return False

    def dump(self, kind, name, suffix):
        return self.compiled.get(name)


def example(given):
    """(Configuration, Trust) of an example as findings.yml has it."""
    main = given.get("before", "") + MAIN + given.get("main", "")
    files = ExampleFiles(given.get("files", {}), given.get("compiled", {}), given.get("host", False))
    configuration = Configuration(MainCf(main.encode(), "/etc/postfix/main.cf"),
                                  MasterCf((MASTER + given.get("master", "")).encode(), "/etc/postfix/master.cf"), VERSION, files)
    return configuration, Trust(given.get("trusted_networks"))


def edits(configuration, trust, **wishes):
    """(lines of the plan, verdict after it): the edits as a diff, and who loses access; or why there is none."""
    try:
        plan = make_plan(configuration, trust, **wishes)
    except PlanError as exc:
        return ["refused: " + str(exc)], None
    lines = []
    for one in [as_written(each, plan.configuration) for each in plan.changes]:
        where = " ({0}, {1})".format(one.file.rpartition("/")[2], one.service) if one.service else ""
        lines += ["-{0} = {1}{2}".format(one.parameter, one.before or "", where), "+{0} = {1}{2}".format(one.parameter, one.after, where)]
    lines = [line.rstrip() for line in lines] + ["# no longer: " + text for text in plan.lost]
    return lines, judge(plan.configuration, trust).verdict


def section(id_, entry):
    """The lines of the page about one finding."""
    rule = RULES[id_]
    lines = ["## `{0}`".format(id_), "", "**{0}** ({1}).".format(rule.title, rule.severity), ""]
    for name, title in PROSE:
        lines += _bullet("**{0}** {1}".format(title, entry[name].strip()))
    links = ("[{0}]({1}{2}{3})".format(shown, MANUAL, page, "#" + anchor if anchor else "") for page, anchor, shown in entry["ground"])
    return [*lines, *_bullet("**Ground.** {0}.".format("; ".join(links))), "", *shown_example(id_, entry["example"]), ""]


def _bullet(text):
    return textwrap.wrap("- " + text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def shown_example(id_, given):
    """The lines about an example. :raises ValueError: where it does not lead to the finding"""
    configuration, trust = example(given)
    verdict = judge(configuration, trust)
    messages = [one.message for one in find(configuration, verdict, trust) if one.id == id_]
    if not messages:
        raise ValueError("{0}: its example has no such finding".format(id_))
    plan, after = edits(configuration, trust)
    waived, after_waived = edits(configuration, trust, waived=frozenset([id_]))
    lines = ["```", *_files(given), "```", "", "The server is `{0}`. The finding says: {1}".format(verdict.verdict, _quoted(messages[0]))]
    if not plan:
        return [*lines, "", "The plan changes nothing."]
    if after is None:
        return [*lines, "", "There is no plan: {0}".format(_quoted(plan[0].partition(" ")[2]))]
    lines += ["", "The plan, after which it is `{0}`:".format(after), "", "```diff", *plan, "```"]
    if waived != plan:
        lines += ["", "With a waiver the plan {0}, and the server is `{1}`.".format("is a smaller one" if waived else "changes nothing", after_waived)]
    return lines


def _files(given):
    if "before" in given:
        yield "EF BB BF, then the common lines"
    yield from given.get("main", "").splitlines()
    if "trusted_networks" in given:
        yield "# relay_baseline_trusted_networks: [{0}]".format(", ".join(given["trusted_networks"]))
    if "master" in given:
        yield from ["# master.cf", *given["master"].splitlines()]
    for path, text in given.get("files", {}).items():
        yield from ["# " + path, *text.splitlines()]
    for path, entries in given.get("compiled", {}).items():
        yield from ["# what postmap -s {0} prints".format(path), *("{0} {1}".format(*pair) for pair in entries.items())]


def _quoted(text):
    """A text as code: it may hold what Markdown would take for its own."""
    return "`` {0} ``".format(text) if "`" in text else "`{0}`".format(text)


def breaches(entries):
    """Where findings.yml and the table of the code do not fit, as sentences."""
    for id_ in sorted(set(RULES) - set(entries)):
        yield "{0}: a finding of the code that docs/findings.yml does not explain".format(id_)
    for id_ in sorted(set(entries) - set(RULES)):
        yield "{0}: explained in docs/findings.yml, and no finding of the code".format(id_)
    for id_, entry in entries.items():
        for name in sorted(FIELDS ^ set(entry)):
            yield "{0}: {1} {2}".format(id_, name, "is missing" if name in FIELDS else "is no part of an entry")


def load():
    """The entries of docs/findings.yml, by id."""
    return yaml.safe_load(SOURCE.read_text(encoding="utf-8"))


def render(entries):
    """The text of the page, in the order of the code's table: the worst first, and what belongs together side by side."""
    head = HEAD.format(version="{0}.{1}".format(*VERSION), main=MAIN)
    index = ["| finding | severity | |", "|---|---|---|"]
    index += ["| [`{0}`](#{0}) | {1} | {2} |".format(rule.id, rule.severity, rule.title) for rule in RULES.values()]
    body = [line for id_ in RULES for line in section(id_, entries[id_])]
    return head + "\n".join([*index, "", *body]).rstrip() + "\n"


def main():
    entries = load()
    found = list(breaches(entries))
    if not found:
        PAGE.write_text(render(entries), encoding="utf-8")
    print("\n".join(found), end="\n" if found else "")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
