#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: relay_baseline
short_description: Close an open relay with the smallest edit
description:
  - Judges a Postfix configuration as M(relaylock.postfix.relay_info) does, plans the edits of C(main.cf) and C(master.cf) that close it,
    lets the judge check the plan, and puts the new files in place all or nothing.
  - Refuses, and writes nothing, where no edit closes the relay without letting in someone new or cutting off someone entitled.
  - Reloads nothing. The role P(relaylock.postfix.relay_baseline#role) does, with a way back.
  - To undo a change by hand, as root on the host, with the backup that RV(backup_files) names,
    C(mv /etc/postfix/main.cf.relaylock-20260102T030405Z /etc/postfix/main.cf && postfix reload).
version_added: 0.1.0
author:
  - relaylock.postfix contributors (@relaylock)
extends_documentation_fragment:
  - relaylock.postfix.relay
  - relaylock.postfix.attributes
  - relaylock.postfix.attributes.actiongroup_relay
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - The entries of inline tables and static passwords are shown as dots.
options:
  profile:
    description:
      - V(guard) asks only for what keeps the relay closed and smtpd up.
      - V(hardened) asks for sender and client lists too.
    type: str
    choices:
      - guard
      - hardened
    default: guard
  strategy:
    description:
      - V(merge) keeps every local line and item that opens nothing.
      - V(replace) writes the baseline's lists as they stand, and refuses where they would let in or cut off someone.
        Overrides in C(master.cf) are edited only where they open or stop a listener.
    type: str
    choices:
      - merge
      - replace
    default: merge
  sasl:
    description:
      - Turns on logins, without anonymous ones and without plain text outside TLS.
    type: dict
    suboptions:
      type:
        description: The value of C(smtpd_sasl_type).
        type: str
        default: dovecot
      path:
        description: The value of C(smtpd_sasl_path).
        type: str
        default: private/auth
  dnsbl_zones:
    description:
      - DNS blocklists that a O(profile=hardened) client list asks, such as V(zen.spamhaus.org).
      - Only answers from 127.0.0.2 to 127.0.0.11 count as a listing unless the zone names its own.
    type: list
    elements: str
    default: []
  evidence:
    description:
      - Clients that were seen to relay, as M(relaylock.postfix.relay_clients_info) returns them.
      - RV(access.lost) then names those of them who would lose access.
    type: list
    elements: dict
    default: []
    suboptions:
      address:
        description: The address of the client.
        type: str
        required: true
      name:
        description: Its name.
        type: str
      login:
        description: The name that it logged in with. Whoever logs in needs no trusted network.
        type: str
      count:
        description: How often.
        type: int
        default: 1
      first:
        description: When it was seen first.
        type: str
      last:
        description: When it was seen last.
        type: str
      domains:
        description: Where it sent to.
        type: list
        elements: str
        default: []
  tighten_to_evidence:
    description:
      - Trust no more than the smallest networks that hold the clients of O(evidence), of those who are trusted now.
      - Strangers among them get no trust for having been seen. O(trusted_networks), where given, counts instead.
    type: bool
    default: false
  backup:
    description: Keep the old file beside the new one; the newest five of each are kept.
    type: bool
    default: true
  mark_pending:
    description:
      - Leave a note (C(.relaylock-pending) in O(config_directory)) that the files are in place and not in service yet. It goes in place with
        them, all or nothing, and whoever puts them into service takes it away.
      - For the role, which sets it. So a run that is cut off before the reload is finished, or taken back, by the next.
      - While there is such a note, the backups that it names are kept whatever O(backup) says, and further changes are added to it.
    type: bool
    default: false
  validate:
    description:
      - Let the installed Postfix read the new files before they are put in place.
      - Has no effect where no Postfix is installed.
    type: bool
    default: true
seealso:
  - module: relaylock.postfix.relay_info
"""

EXAMPLES = r"""
- name: Close the relay, keep everything else
  relaylock.postfix.relay_baseline:

- name: See what would change, with who relays today as the networks that are trusted
  relaylock.postfix.relay_baseline:
    trusted_networks:
      - 10.20.0.0/16
      - 198.51.100.0/24
  check_mode: true
  diff: true
"""

RETURN = r"""
verdict:
  description: The verdict of the configuration before and after.
  type: dict
  returned: success, and on failure as far as it was found out
  contains:
    before:
      description: One of V(open), V(down), V(unknown) and V(closed).
      type: str
    after:
      description: The same, after the plan; null where none could be made.
      type: str
listeners:
  description: The listeners of the state before, as in M(relaylock.postfix.relay_info).
  type: list
  elements: dict
  returned: success, and on failure as far as it was found out
findings:
  description: The findings of the state before, as in M(relaylock.postfix.relay_info).
  type: list
  elements: dict
  returned: success, and on failure as far as it was found out
drift:
  description: The edits of the plan.
  type: list
  elements: dict
  returned: success
  contains:
    file:
      description: The file.
      type: str
    service:
      description: The service of C(master.cf), null in C(main.cf).
      type: str
    parameter:
      description: The parameter.
      type: str
    before:
      description: Its text before.
      type: str
    after:
      description: Its words after.
      type: str
    findings:
      description: The ids of the findings at this parameter.
      type: list
      elements: str
access:
  description: Who could relay and no longer can, and who still can, in words.
  type: dict
  returned: success
  contains:
    lost:
      description: Networks, logins or destinations.
      type: list
      elements: str
    kept:
      description: Networks, logins or destinations.
      type: list
      elements: str
backup_files:
  description: The old files.
  type: list
  elements: dict
  returned: success
  contains:
    file:
      description: The file that was replaced.
      type: str
    backup:
      description: Where its old bytes are, null where O(backup=false).
      type: str
config_directory:
  description: The directory of the two files.
  type: str
  returned: success, and on failure as far as it was found out
instances:
  description: The configuration directories of the host's other instances, as in M(relaylock.postfix.relay_info).
  type: list
  elements: str
  returned: success, and on failure as far as it was found out
absent:
  description: Whether there is no Postfix on this host, so that nothing could be judged.
  type: bool
  returned: failure
pending:
  description:
    - Whether a note says that files in place are not in service yet, be it of this run or of an earlier one that was cut off.
    - In check mode, whether there is one already.
  type: bool
  returned: success
pending_backups:
  description: These files, with the last text of each that was in service; empty where these texts are back already, but not reloaded.
  type: list
  elements: dict
  returned: success
  contains:
    file:
      description: The file that is not in service yet.
      type: str
    backup:
      description: Where its old bytes are.
      type: str
validated:
  description: Whether an installed Postfix has read the new files.
  type: bool
  returned: success
postfix_version:
  description: The version of Postfix whose rules were applied.
  type: str
  returned: success, and on failure as far as it was found out
recovered:
  description: What a run that was cut off had left behind, and what was done about it.
  type: str
  returned: when there was such a run
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.relaylock.postfix.plugins.module_utils._payload import compile_once  # noqa: F401, pylint: disable=unused-import  # for the rest
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.errors import ConfigError
from ansible_collections.relaylock.postfix.plugins.module_utils._relay import arguments, report, seen
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.apply import (
    apply_plan, changed_documents, pending_results, recovered, still_pending)
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.draft import as_written
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.fence import CommitError
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.judge import judge
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.plan import PlanError, make_plan
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.validate import Refused

OPTIONS = dict(
    arguments.OPTIONS,
    profile=dict(type="str", choices=["guard", "hardened"], default="guard"),
    strategy=dict(type="str", choices=["merge", "replace"], default="merge"),
    sasl=dict(type="dict", options=dict(type=dict(type="str", default="dovecot"), path=dict(type="str", default="private/auth"))),
    dnsbl_zones=dict(type="list", elements="str", default=[]),
    evidence=dict(type="list", elements="dict", default=[], options=seen.OPTIONS),
    tighten_to_evidence=dict(type="bool", default=False),
    backup=dict(type="bool", default=True),
    mark_pending=dict(type="bool", default=False),
    validate=dict(type="bool", default=True),
)


def run(module, result):
    """Fill *result*, as far as it goes. :raises ConfigError, PlanError, Refused, CommitError:"""
    options = module.params
    place = arguments.locate(options)
    found = recovered(place.directory, module.check_mode)
    subject = arguments.Subject(options, arguments.locate(options) if found else place)
    result.update(still_pending(subject.directory), **found)
    result.update(subject.results(), verdict=dict(before=subject.verdict.verdict, after=None))
    trust = subject.trust
    if options["tighten_to_evidence"] and trust.declared is None:
        trust = seen.tightened(options["evidence"], subject.configuration, trust)
    plan = make_plan(subject.configuration, trust, options["profile"], options["strategy"], options["sasl"],
                     options["dnsbl_zones"], subject.waived)
    lost = plan.lost + (seen.losing(options["evidence"], subject.configuration, plan.configuration) if options["evidence"] else [])
    documents = changed_documents(subject.configuration, plan.configuration)
    result.update(
        changed=bool(documents),
        verdict=dict(before=subject.verdict.verdict, after=judge(plan.configuration, trust).verdict),
        drift=report.drift_results([as_written(one, plan.configuration) for one in plan.changes], subject.findings),
        access=dict(lost=[report.printable(text) for text in lost], kept=report.kept(plan.configuration)))
    result.update(apply_plan(subject.directory, plan.configuration, documents, options, module.check_mode, module.tmpdir))
    result.update(pending_results(subject.directory))
    if module._diff:  # pylint: disable=protected-access
        result["diff"] = report.diff_results(documents)


def main():
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    result = {}
    try:
        run(module, result)
    except (ConfigError, PlanError, CommitError) as exc:
        fail(module, result, str(exc), isinstance(exc, arguments.NoPostfix))
    except Refused as exc:
        fail(module, result, "Postfix refuses the new files, nothing was written: {0}".format(exc))
    module.exit_json(**result)


def fail(module, result, message, absent=False):
    """End with *message*, and with what was found out until then: where no plan can be made, the verdict still counts."""
    module.fail_json(msg=message, **dict(result, changed=False, absent=absent))


if __name__ == "__main__":
    main()
