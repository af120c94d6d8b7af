# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What smtpd does with each case of the battery: on every version that can be asked here, what the battery says."""

import adversary
import agreement
import oracle
import pytest
from battery import cases, write

from ansible_collections.relaylock.postfix.plugins.module_utils._relay import trust

MORE = 12  # dialogues of an adversary with each case

pytestmark = pytest.mark.filterwarnings("error")


def pytest_generate_tests(metafunc):
    """Every case with every version that it is about."""
    pairs = [pytest.param(case, postfix, id="%s-%s" % (postfix.label, case.id))
             for postfix in oracle.installations() for case in cases() if case.holds_for(postfix.version)]
    metafunc.parametrize("case, postfix", pairs)


def tables_built(case, postfix, directory):
    """Write a case and build its tables."""
    write(case, directory)
    for table in case.tables:
        kind, name = table.split(":")
        postfix.postmap(kind, "%s/%s" % (directory, name))


def test_answer_is_true(case, postfix, tmp_path):
    """The real smtpd answers what the battery says; and on what it answers, and to an adversary, the judge agrees with it."""
    if case.isolated and not oracle.world().isolated:
        pytest.skip("needs interfaces and a name server of its own: %s" % oracle.world().reason)
    directory = str(tmp_path)
    tables_built(case, postfix, directory)
    stub = {path: oracle.stubs.Policy(action) for path, action in case.stub.items()}
    asked = [oracle.Dialogue(**fields) for fields, _expected in case.dialogues]
    with oracle.start(directory, case.service, postfix, case.peer, stub=stub) as session:
        replies = session.ask_all(asked)
        assert [reply.outcome for reply in replies] == [expected for _fields, expected in case.dialogues], "\n".join(str(r) for r in replies)
        believed = trust.Trust()
        judged = [one for one in agreement.judgements(directory, postfix, believed) if one.service == case.service][0]
        if case.peer == "pass":
            assert list(agreement.claimed(directory, postfix, judged, zip(asked, replies))) == []
        if not case.peer:
            assert list(agreement.compared(directory, session, judged, believed, asked + adversary.dialogues(directory, MORE))) == []
