# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The judge against the real smtpd: every case of tests/fixtures/verdicts.py, and every shared configuration, before and after."""

import pathlib
import shutil
import sys

import agreement
import oracle
import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf
from ansible_collections.relaylock.postfix.plugins.module_utils._relay import host, judge, plan, trust
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.entitled import is_trusted

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/fixtures"))
import verdicts  # noqa: E402

SHARED = ROOT.parent / "shared/configs"
FOREIGN = "somebody@elsewhere.example"
STRANGER = "198.18.7.9"
MORE = 40  # dialogues of an adversary with each listener
SAMPLE = 12  # on versions other than the host's, each so manieth shared configuration


def write(directory, main, services):
    directory.mkdir()
    (directory / "main.cf").write_text(verdicts.HEAD + main)
    (directory / "master.cf").write_text(verdicts.MASTER + services)
    return directory


def test_cases(postfix, tmp_path):
    found = []
    for name, main, services, dummy in verdicts.CASES:
        found.extend(agreement.differences(write(tmp_path / name, main, services), postfix, MORE))
    assert found == []


def test_cases_after_the_plan(postfix, tmp_path):
    found = []
    for name, main, services, dummy in verdicts.CASES:
        directory = write(tmp_path / name, main, services)
        found.extend(remedied(directory, postfix))
    assert found == []


# Who says what, beside the stranger of the verdict: the host itself, a private network, a stranger to the server's own domain.
OTHERS = [oracle.Dialogue("127.0.0.1", client_name="localhost", recipient=FOREIGN),
          oracle.Dialogue("127.0.0.1", client_name="localhost", sender="foe@example.org", recipient=FOREIGN),
          oracle.Dialogue("10.1.2.3", recipient=FOREIGN),
          oracle.Dialogue(STRANGER, recipient="postmaster@example.com")]


def replies(directory, postfix):
    """Return what smtpd answers to each of OTHERS, by service."""
    found = {}
    for service in ("smtp", "587"):
        if service == "smtp" or "\n587 " in (directory / "master.cf").read_text():
            with oracle.start(str(directory), service=service, postfix=postfix) as session:
                found[service] = [reply.outcome for reply in session.ask_all(OTHERS)] if not session.dead else ["dead"] * len(OTHERS)
    return found


def test_no_one_is_let_in_or_cut_off(postfix, tmp_path):
    """Guarantees 2 and 3: who was refused stays refused; own domains and the trusted keep what they had. A dead listener may come up."""
    found = []
    for name, main, services, dummy in verdicts.CASES:
        directory = write(tmp_path / name, main, services)
        configuration, dummy = host.read_configuration(str(directory), postfix.label)
        try:
            after = plan.make_plan(configuration, trust.Trust())
        except plan.PlanError:
            continue
        if not after.changes:
            continue
        judged = judge.judge(configuration, trust.Trust()).listeners[0].listener
        was = replies(directory, postfix)
        (directory / "main.cf").write_bytes(after.configuration.main.to_bytes())
        (directory / "master.cf").write_bytes(after.configuration.master.to_bytes())
        now = replies(directory, postfix)
        for service, old in was.items():
            for dialogue, one, other in zip(OTHERS, old, now[service]):
                entitled = dialogue.recipient != FOREIGN or (
                    judged is not None and is_trusted(judged, trust.Trust(), dialogue.client_address))
                if one in ("refused", "deferred") and other == "accepted" or one == "accepted" and entitled and other != "accepted":
                    found.append((name, service, str(dialogue), one, other))
    assert found == []


def remedied(directory, postfix):
    """Write the plan for *directory* and return where smtpd still relays or does not run."""
    configuration, dummy = host.read_configuration(str(directory), postfix.label)
    try:
        planned = plan.make_plan(configuration, trust.Trust())
    except plan.PlanError:
        return []
    if not planned.changes:
        return []
    after = planned.configuration
    (directory / "main.cf").write_bytes(after.main.to_bytes())
    if after.master is not None:
        (directory / "master.cf").write_bytes(after.master.to_bytes())
    verdict = judge.judge(after, trust.Trust()).verdict
    found = [] if verdict in ("closed", "unknown") else ["{0}: {1} after the plan".format(directory, verdict)]
    return found + agreement.differences(directory, postfix, MORE)


def shared(postfix):
    folders = sorted(path.parent for path in SHARED.glob("*/main.cf"))
    if not folders:
        pytest.skip("../shared/configs is not here: no real configuration was judged")
    return folders if postfix is oracle.installations()[0] else folders[::SAMPLE]


def test_shared_configurations(postfix, tmp_path):
    found = []
    for folder in shared(postfix):
        target = tmp_path / folder.name
        oracle.localise(str(folder), str(target), postfix)
        found.extend(agreement.differences(target, postfix, MORE))
        found.extend(remedied(target, postfix))
        shutil.rmtree(str(target))
    assert found == []


def test_raw_values_are_those_of_postconf(tmp_path):
    postfix = oracle.installations()[0]
    compared = 0
    for folder in shared(postfix):
        answer = postfix.tool("postconf", "-c", str(folder), "-n")
        if answer.returncode != 0:
            continue
        main = MainCf((folder / "main.cf").read_bytes())
        for line in answer.stdout.decode("utf-8", "surrogateescape").splitlines() if isinstance(answer.stdout, bytes) \
                else answer.stdout.splitlines():
            name, equals, value = line.partition(" =")
            if equals and main.entry(name) is not None:
                assert " ".join(main.entry(name).text.split()) == " ".join(value.split()), (folder, name)
                compared += 1
    assert compared > 1000
