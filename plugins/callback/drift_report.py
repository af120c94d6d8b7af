# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
name: drift_report
type: aggregate
short_description: Writes a report of a fleet's mail servers
version_added: 0.1.0
author:
  - relaylock.postfix contributors (@relaylock)
description:
  - Gathers what M(relaylock.postfix.relay_info) and M(relaylock.postfix.relay_baseline) return, in any play, in check mode or not, and
    writes a report in the formats asked for when a playbook ends.
  - Hosts that could not be reached, hosts where a task failed, and hosts that a play never came to are in the report too.
  - Of several results for the same configuration directory of a host the last counts. A failure after a verdict is told beside it.
  - Each file is written whole or not at all. A run of several playbooks writes after each of them, and the last report has all.
  - A run that uses neither module writes nothing, and so does one that is interrupted.
  - A file that cannot be written is a warning. The exit status is Ansible's own; the playbook C(relaylock.postfix.drift) has one that
    tells whether a server is open.
requirements:
  - enabled by C(callbacks_enabled = relaylock.postfix.drift_report) in C(ansible.cfg), or E(ANSIBLE_CALLBACKS_ENABLED)
options:
  directory:
    description:
      - The folder to write into. It is made if it does not exist.
      - A relative path is taken from the working directory, in C(ansible.cfg) from the folder of that file.
    type: path
    default: ./relaylock-report
    env:
      - name: RELAYLOCK_REPORT_DIRECTORY
    ini:
      - section: relaylock_report
        key: directory
  formats:
    description:
      - What to write.
      - V(html) is C(index.html), a page for people.
      - V(json) is C(report.json), all there is; the next run compares with it.
      - V(junit) is C(junit.xml), for Jenkins and GitLab.
      - V(sarif) is C(report.sarif), for code scanning of configurations kept in git.
      - V(markdown) is C(report.md), for a comment of a pull request.
      - V(prometheus) is C(relaylock.prom), for the textfile collector of node_exporter.
    type: list
    elements: str
    default:
      - html
      - json
    choices:
      - html
      - json
      - junit
      - sarif
      - markdown
      - prometheus
    env:
      - name: RELAYLOCK_REPORT_FORMATS
    ini:
      - section: relaylock_report
        key: formats
  compare_with:
    description:
      - The C(report.json) of an earlier run, to tell what is new, what is fixed, and since when.
      - When not given, see O(compare_with_last).
    type: path
    env:
      - name: RELAYLOCK_REPORT_COMPARE_WITH
    ini:
      - section: relaylock_report
        key: compare_with
  compare_with_last:
    description:
      - Compare with the C(report.json) that is in O(directory), if there is one.
      - Let runs that ask other hosts, such as one with C(--limit), write into another O(directory), or every host that they did not
        ask is new for the next run.
    type: bool
    default: true
    env:
      - name: RELAYLOCK_REPORT_COMPARE_WITH_LAST
    ini:
      - section: relaylock_report
        key: compare_with_last
  repository:
    description:
      - The folder that the paths in SARIF and JUnit are relative to, as a rule the top of a git checkout.
      - When not given, the working directory.
    type: path
    env:
      - name: RELAYLOCK_REPORT_REPOSITORY
    ini:
      - section: relaylock_report
        key: repository
  layout:
    description:
      - Where in O(repository) the copy of a host's file is kept, for files that were not judged below O(repository) itself.
      - C({host}) stands for the name of the host, C({path}) for the file's path on the host, without its first slash.
    type: str
    default: "{host}/{path}"
    env:
      - name: RELAYLOCK_REPORT_LAYOUT
    ini:
      - section: relaylock_report
        key: layout
  junit_fail_at:
    description:
      - The least severity of a finding that is a failed test of its own in JUnit. Lesser findings are in the output of a passed test.
      - Open servers, servers that are down, and drift fail in any case.
    type: str
    choices:
      - critical
      - high
      - medium
      - low
      - never
    default: medium
    env:
      - name: RELAYLOCK_REPORT_JUNIT_FAIL_AT
    ini:
      - section: relaylock_report
        key: junit_fail_at
  progress:
    description:
      - Tell on a long run from time to time how far it is, and at its end where the report is.
      - These are whole lines on standard error, and only if that is a terminal.
    type: bool
    default: true
    env:
      - name: RELAYLOCK_REPORT_PROGRESS
    ini:
      - section: relaylock_report
        key: progress
seealso:
  - module: relaylock.postfix.relay_info
  - module: relaylock.postfix.relay_baseline
"""

EXAMPLES = r"""
# ansible.cfg
#
# [defaults]
# callbacks_enabled = relaylock.postfix.drift_report
#
# [relaylock_report]
# directory = /var/www/relaylock
# formats = html, json, prometheus
"""

import datetime
import os
import sys

from ansible import context
from ansible.plugins.callback import CallbackBase
from ansible.release import __version__ as ansible_version

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report import about, document, files, outlet, outside, plays, results, shapes
from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.gather import Gather
from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.progress import Progress
from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.text import bounded, count


class CallbackModule(CallbackBase):
    """Events in, files out; what they mean is in plugin_utils/_report."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "relaylock.postfix.drift_report"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._gather = Gather()
        self._groups = plays.GroupNames()
        self._progress = Progress()
        self._playbooks = []
        self._expected = set()   # plays whose hosts are expected
        self._play = None
        self._seen = set()       # hosts that the batch at hand has asked something
        self._reached = False    # whether it came to a module of ours
        self._earlier = None
        self._earlier_read = False

    # The run

    def v2_playbook_on_start(self, playbook):
        self._playbooks.append(os.path.basename(str(playbook._file_name)))

    def v2_playbook_on_play_start(self, play):
        self._end_batch()
        self._play = play
        if plays.uses_our_modules(play):
            self._expect(play)

    def v2_playbook_on_task_start(self, task, is_conditional):
        if plays.module_of(task):
            self._reach()

    def v2_playbook_on_handler_task_start(self, task):
        self.v2_playbook_on_task_start(task, False)

    def v2_playbook_on_stats(self, stats):
        self._end_batch()
        if not self._expected and not len(self._gather):
            return
        made = document.make(
            self._gather.hosts(set(stats.failures) | set(stats.dark), context.CLIARGS.get("check")),
            _now().strftime("%Y-%m-%dT%H:%M:%SZ"), {"collection": about.version(), "ansible_core": ansible_version},
            self._playbooks, self._read_earlier())
        folder = self.get_option("directory")
        paths = dict(repository=self.get_option("repository") or os.getcwd(), layout=self.get_option("layout"))
        written = outlet.publish(made, folder, self.get_option("formats"),
                                 {"sarif": paths, "junit": dict(paths, fail_at=self.get_option("junit_fail_at"))}, self._warn)
        if written:
            self._tell("relaylock: a report of {0} is in {1}".format(count(made["totals"]["hosts"], "host"), folder))

    # Results

    def v2_runner_on_ok(self, result):
        self._take(result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._take(result, failed=True, ignored=ignore_errors)

    def v2_runner_on_unreachable(self, result):
        self._take(result, failed=True)

    def v2_runner_on_skipped(self, result):
        self._seen.add(plays.part(result, "host").get_name())

    def v2_runner_item_on_ok(self, result):
        self._take_item(result)

    def v2_runner_item_on_failed(self, result):
        self._take_item(result, failed=True)

    def _take_item(self, result, failed=False):
        # The result of the task, which follows, tells all the others all that they need.
        if plays.module_of(plays.part(result, "task"), plays.part(result, "task_fields")):
            self._take(result, failed)

    def _take(self, result, failed=False, ignored=False):
        """Take the result of a task, or of an item of a loop."""
        host, task, fields = (plays.part(result, name) for name in ("host", "task", "task_fields"))
        name = host.get_name()
        self._seen.add(name)
        module = plays.module_of(task, fields)
        if module is None:
            # A task that runs once fails for the run; the host that it ran on is only the first.
            if failed and not ignored and (result.is_unreachable() or not task.run_once):
                self._note_trouble(result, host, task)
            return
        self._reach()
        found = plays.part(result, "result")
        if isinstance(found.get("results"), list):
            # A loop: each item has been told already, unless the loop itself could not run.
            if failed and not self._gather.has(name):
                self._note_trouble(result, host, task)
            return
        if module not in results.MODULES_OF_FILES:
            self._gather.probed(name, self._groups(host), self._heard(found, failed, result))
        else:
            self._gather.add(name, self._groups(host), self._instance(module, found, fields, failed, result), results.requested(found) is not None)
        self._show_progress()

    def _heard(self, found, failed, result):
        """Return what there is to keep of what relay_probe heard."""
        try:
            return outside.failed(found, result.is_unreachable()) if failed else outside.heard(found)
        except shapes.Malformed as exc:
            return outside.failed(dict(found, msg="the result is not what the module returns: {0}".format(exc)), False)

    def _instance(self, module, found, fields, failed, result):
        """Return what there is to keep of a result, whatever the host has sent."""
        check_mode = fields.get("check_mode")
        try:
            if failed:
                return results.of_failure(module, found, check_mode, unreachable=result.is_unreachable())
            return results.of_success(module, found, check_mode, _now().date())
        except Exception as exc:  # a row that says so is better than a host that is missing
            message = "the result cannot be read: {0}: {1}".format(type(exc).__name__, exc)
            self._warn("{0}: {1}".format(plays.part(result, "host").get_name(), message))
            return results.instance(module, "failed", check_mode, message=bounded(message))

    def _note_trouble(self, result, host, task):
        """Note that a task which is not ours has failed, or found the host unreachable."""
        state = "unreachable" if result.is_unreachable() else "failed"
        ours = plays.is_of_our_role(task)
        text = "task \"{0}\"".format(result.task_name)
        if state == "unreachable" or ours:
            # Of others' failures the name of the task must do: what it says may be none of a report's business.
            message = plays.part(result, "result").get("msg")
            text += ": {0}".format(message) if isinstance(message, str) else ""
        self._gather.trouble(host.get_name(), self._groups(host), state, bounded(text), ours)

    # Who should have one

    def _reach(self):
        """Note that the batch at hand has come to a task of ours."""
        if self._reached or self._play is None:
            return
        self._reached = True
        self._expect(self._play)
        if plays.is_in_step(self._play):
            # All its hosts come to the task together. Who is not asked then is one that the play's author let go, or that has failed.
            self._seen.update(host.get_name() for host in self._hosts(self._play, batch=True))

    def _end_batch(self):
        if self._reached:
            self._gather.excuse(self._seen)
        self._seen = set()
        self._reached = False

    def _expect(self, play):
        if play._uuid not in self._expected:
            self._expected.add(play._uuid)
            for host in self._hosts(play):
                self._gather.expect(host.get_name(), self._groups(host))

    def _hosts(self, play, batch=False):
        try:
            return plays.hosts_of(play, batch)
        except Exception as exc:  # an inventory of another ansible-core
            self._warn("cannot tell the hosts of the play \"{0}\", hosts without a result will be missing: {1}".format(play.get_name(), exc))
            return []

    # The outside

    def _read_earlier(self):
        """Return the earlier document to compare with, or None. It is read once: the next report takes its place."""
        if not self._earlier_read:
            self._earlier_read = True
            given = self.get_option("compare_with")
            path = given or os.path.join(self.get_option("directory"), outlet.FORMATS["json"].file)
            if given or self.get_option("compare_with_last") and os.path.exists(path):
                try:
                    self._earlier = files.read_earlier(path)
                except (OSError, ValueError) as exc:
                    self._warn("cannot compare with {0}: {1}".format(path, exc))
        return self._earlier

    def _warn(self, text):
        self._display.warning("drift_report: {0}".format(text))

    def _show_progress(self):
        line = self._progress.line(self._gather)
        if line:
            self._tell(line)

    def _tell(self, line):
        if self.get_option("progress") and sys.stderr.isatty():
            self._display.display(line, stderr=True)


def _now():
    return datetime.datetime.now(datetime.timezone.utc)
