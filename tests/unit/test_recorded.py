# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the real Postfix answered (tests/fixtures/recorded, which tests/oracle/record.py wrote), beside what we say."""

import json
import pathlib
import sys

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.table_regexps import PatternTable

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from answered import COARSE, judged_folder, outcome  # noqa: E402

RECORDED = HERE.parent / "fixtures/recorded"
# Of these patterns so many are such as we can read. More is welcome.
READ = {"regexp": 3258, "pcre": 2757}


def lines(name):
    with open(str(RECORDED / name), encoding="ascii") as stream:
        return [json.loads(line) for line in stream]


KEYS, *PATTERNS = lines("patterns.jsonl")
ANSWERS = lines("answers.jsonl")


def ours(table):
    """A bit for each key that matches, in hexadecimal; None where the pattern is skipped."""
    return "{0:x}".format(sum(1 << place for place, key in enumerate(KEYS) if table.get(key) is not None)) if table.rules else None


@pytest.mark.parametrize("kind", ["regexp", "pcre"])
def test_patterns(kind):
    """Each pattern that we can read matches the keys that it matched there."""
    asked = [(text, matched) for one, text, matched in PATTERNS if one == kind]
    tables = [(text, matched, PatternTable(kind, "t", [text + " v\n"])) for text, matched in asked]
    read = [one for one in tables if not any(test.pattern is None for rule in one[2].rules for test in rule.tests)]
    assert [(text, matched) for text, matched, table in read if ours(table) != matched] == []
    assert len(read) >= READ[kind]


@pytest.mark.parametrize("number", range(len(ANSWERS)))
def test_answers(number, tmp_path):
    """To each dialogue with a random configuration we say what smtpd said, where it can be said at all."""
    told = ANSWERS[number]
    for name, text in told["files"].items():
        (tmp_path / name).write_bytes(text.encode())
    version = tuple(int(part) for part in told["version"].split(".")[:2])
    judged = dict((one.service, one) for one in judged_folder(tmp_path, version))
    for service, dialogues in told["listeners"].items():
        found = [outcome(judged[service], fields) for fields, dummy in dialogues]
        expected = [COARSE.get(answer, answer) for dummy, answer in dialogues]
        assert [one or answer for one, answer in zip(found, expected)] == expected, service
