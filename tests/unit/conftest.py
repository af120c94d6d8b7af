# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of more than one file."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from commits import OLD  # noqa: E402


@pytest.fixture
def folder(tmp_path):
    """A configuration directory with the files of before."""
    path = tmp_path / "postfix"
    path.mkdir()
    for name, text in OLD.items():
        (path / name).write_bytes(text)
    return path
