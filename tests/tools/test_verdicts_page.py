# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each configuration of docs/verdicts.md gets the answer that the page shows below it."""

import json
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from findings_page import ROOT, VERSION, Configuration, ExampleFiles, MainCf, MasterCf, Trust, judge

from ansible_collections.relaylock.postfix.plugins.module_utils._relay.report import listener_results

MASTER = "# /etc/postfix/master.cf\n"
STOCK = "smtp inet n - n - - smtpd\n"
PAGE = (ROOT / "docs/verdicts.md").read_text(encoding="utf-8")
PAIRS = re.findall(r"^```ini\n(.*?)^```\n+```json\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_each_block_has_its_answer():
    assert len(PAIRS) == PAGE.count("```ini") == PAGE.count("```json") > 0


@pytest.mark.parametrize("configuration, shown", PAIRS)
def test_the_answer_is_the_true_one(configuration, shown):
    main, dummy, master = configuration.partition(MASTER)
    subject = Configuration(MainCf(main.encode(), "/etc/postfix/main.cf"), MasterCf((master or STOCK).encode(), "/etc/postfix/master.cf"),
                            VERSION, ExampleFiles({}, {}, False))
    told, = listener_results(judge(subject, Trust()))
    assert json.loads(shown) == told
    assert list(json.loads(shown)) == ["service", "verdict", "witness", "because", "reasons"]


def test_every_verdict_is_shown():
    assert {json.loads(shown)["verdict"] for dummy, shown in PAIRS} == {"open", "down", "unknown", "closed"}
