# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cases of the battery put to our own evaluation, with the answers that the real smtpd gave; tests/oracle asks it again."""

import pathlib
import re
import sys

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.networks import parse_address
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.entitled import is_trusted
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.recipients import OWN_CLASSES
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import UNREACHABLE, Trust

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "oracle")]
from answered import COARSE, judged_folder, outcome  # noqa: E402
from battery import cases, write  # noqa: E402

VERSIONS = [(3, 5), (3, 11)]  # the oracle asks about those between
# What asks a server or a socket, or needs postmap, the oracle alone can tell; and what a name server said there.
NAMES_DECIDE = re.compile(r"_(ns|mx|a)_access static|reject_(rbl|rhsbl)_\w+ \w*deny|, (no such domain|DNS fails)$|/only what inet_protocols names")
CASES = [pytest.param(case, version, id="{0}.{1}-{2}".format(version[0], version[1], case.id))
         for case in cases() if not (case.peer or case.stub or case.tables or NAMES_DECIDE.search(case.id))
         for version in VERSIONS if case.holds_for(version)]


def judged_case(case, version, folder):
    """Return the judgement of the case's listener."""
    write(case, str(folder))
    return [one for one in judged_folder(folder, version) if one.service == case.service][0]


@pytest.mark.parametrize("case, version", CASES)
def test_our_answer_is_smtpds(case, version, tmp_path):
    judged = judged_case(case, version, tmp_path)
    found = [outcome(judged, fields) for fields, dummy in case.dialogues]
    expected = [COARSE.get(answer, answer) for dummy, answer in case.dialogues]
    assert [one or answer for one, answer in zip(found, expected)] == expected


def by_strangers(case, judged):
    """Return the recipients of dialogues that smtpd accepts from somebody whom nobody trusts, with the class of each."""
    found = []
    for fields, answer in case.dialogues:
        address, recipient = fields.get("client_address", "203.0.113.9"), fields.get("recipient", "user@elsewhere.example")
        known = fields.get("client_name") or fields.get("login") or any(one.holds(parse_address(address)) for one in UNREACHABLE)
        if COARSE.get(answer) == "accepted" and not known and recipient.count("@") == 1 and judged.listener is not None \
                and not is_trusted(judged.listener, Trust(), address):
            found.append((recipient, judged.listener.resolver.resolve(recipient).class_))
    return found


@pytest.mark.parametrize("case, version", CASES)
def test_our_verdict_is_smtpds(case, version, tmp_path):
    """Where smtpd takes a stranger's mail for a domain of which the configuration says nothing, no one calls it closed, nor down."""
    judged = judged_case(case, version, tmp_path)
    told = (str(case.main_cf) + str(case.master_cf) + str(case.files)).lower()
    for recipient, class_ in by_strangers(case, judged):
        # The last two labels: a table may allow a domain or its parent as a destination.
        named = ".".join(recipient.lower().rpartition("@")[2].split(".")[-2:]) in told
        if class_ == "default" and not named and not judged.loopback:
            assert judged.verdict in ("open", "unknown"), recipient
        elif class_ in OWN_CLASSES:
            assert judged.verdict != "down", recipient
