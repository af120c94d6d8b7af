# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/findings.md explains every finding of the code and no other, by examples that lead to it, and is no older than either."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from findings_page import PAGE, breaches, load, render, section


def test_every_finding_is_explained_and_nothing_else():
    assert list(breaches(load())) == []


def test_the_page_is_what_make_pages_writes():
    assert PAGE.read_text(encoding="utf-8") == render(load()), "docs/findings.md is stale: make pages"


def test_a_finding_without_prose_and_prose_without_a_finding_are_breaches():
    entries = load()
    del entries["qmqpd_open"]
    entries["open_relay"] = dict(entries["stranger_relays"])
    assert list(breaches(entries)) == [
        "qmqpd_open: a finding of the code that docs/findings.yml does not explain",
        "open_relay: explained in docs/findings.yml, and no finding of the code"]


def test_a_part_that_is_missing_or_misspelt_is_a_breach():
    entries = load()
    entries["qmqpd_open"]["waiver"] = entries["qmqpd_open"].pop("waive")
    assert list(breaches(entries)) == ["qmqpd_open: waive is missing", "qmqpd_open: waiver is no part of an entry"]


def test_an_example_must_lead_to_its_finding():
    entry = dict(load()["qmqpd_open"], example={"main": "qmqpd_authorized_clients = 127.0.0.1\n"})
    with pytest.raises(ValueError, match="qmqpd_open"):
        section("qmqpd_open", entry)
