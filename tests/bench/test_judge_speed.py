# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many typical configurations a second are read and judged, on one core."""

import pathlib
import time

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.configuration import Configuration
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.judge import judge
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust

FLEET = pathlib.Path(__file__).resolve().parents[2] / "examples/fleet"
ROUNDS = 40


def test_judgements_a_second(capsys):
    texts = [path.read_bytes() for path in sorted(FLEET.glob("*/main.cf"))]
    start = time.perf_counter()
    verdicts = [judge(Configuration(MainCf(text), None, (3, 7), Files()), Trust()).verdict for dummy in range(ROUNDS) for text in texts]
    elapsed = time.perf_counter() - start
    with capsys.disabled():
        print("\n{0:.0f} judgements a second".format(len(verdicts) / elapsed))
    assert len(set(verdicts)) > 2
