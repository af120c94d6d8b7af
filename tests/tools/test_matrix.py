# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The slice of the matrix, and its document."""

import cells
import matrix_document
from host import PYTHONS
from matrix import chosen
from releases import RELEASES

OLD = {"3.6": ["2.16"], "3.7": ["2.16"], "3.8": ["2.16", "2.18", "2.19"]}


def test_the_slice_touches_each_value_and_no_pair_that_is_not_supported():
    able = {version: OLD.get(version, ["2.16", "2.18", "2.19", "newest"]) for version in PYTHONS}
    found = chosen(able)
    assert sorted(version for versions in found.values() for version in versions) == sorted(PYTHONS)
    assert [name for name, _server in found] == list(RELEASES) and [server for _name, server in found] == list(cells.POSTFIX)
    assert all(versions for versions in found.values())
    assert all(name in able[version] for (name, _server), versions in found.items() for version in versions)


def test_a_python_that_nobody_supports_is_not_left_out():
    assert ("3.6",) in chosen({"3.6": []}).values()


def test_the_document_shows_the_whole_matrix():
    text = matrix_document.DOCUMENT.read_text(encoding="utf-8")
    shown = text.partition(matrix_document.BEGIN)[2].partition(matrix_document.END)[0]
    rows = [[field.strip() for field in line.strip("|").split("|")] for line in shown.split("\n") if line.startswith("|")]
    assert rows[0][1:] == ["ansible-core " + name for name in RELEASES]
    assert [row[0] for row in rows[2:2 + len(PYTHONS)]] == list(PYTHONS)
    for field in (field for row in rows[2:2 + len(PYTHONS)] for field in row[1:]):
        named = [word.split()[0].strip("*") for word in field.split(", ")]
        assert field in (matrix_document.UNSUPPORTED, matrix_document.NOT_RUN) or named == list(cells.POSTFIX)
