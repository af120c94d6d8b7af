# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What smtpd does with each case of the battery: on every version that can be asked here, what the battery says."""

import oracle
import pytest
from battery import cases, write

pytestmark = pytest.mark.filterwarnings("error")


def pytest_generate_tests(metafunc):
    """Every case with every version that it is about."""
    pairs = [pytest.param(case, postfix, id="%s-%s" % (postfix.label, case.id))
             for postfix in oracle.installations() for case in cases() if case.holds_for(postfix.version)]
    metafunc.parametrize("case, postfix", pairs)


def answers(case, postfix, directory):
    """What this Postfix says to a case; a list of outcomes."""
    write(case, directory)
    for table in case.tables:
        kind, name = table.split(":")
        postfix.postmap(kind, "%s/%s" % (directory, name))
    stub = {path: oracle.stubs.Policy(action) for path, action in case.stub.items()}
    with oracle.start(directory, case.service, postfix, case.peer, stub=stub) as session:
        replies = session.ask_all([oracle.Dialogue(**fields) for fields, _expected in case.dialogues])
    return [reply.outcome for reply in replies], replies


def test_answer_is_true(case, postfix, tmp_path):
    """The real smtpd agrees with the battery."""
    if case.isolated and not oracle.world().isolated:
        pytest.skip("needs interfaces and a name server of its own: %s" % oracle.world().reason)
    found, replies = answers(case, postfix, str(tmp_path))
    assert found == [expected for _fields, expected in case.dialogues], "\n".join(str(r) for r in replies)
