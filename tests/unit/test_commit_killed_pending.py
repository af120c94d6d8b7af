# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a note of files that are not in service yet promises holds whenever a run is killed: the module's, or activate.py's."""

import os
import pathlib
import stat
import sys

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._relay import commit as subject

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from kills import BACKUP, NEW, NOTE, OLD, fresh, inject, moments, needs_strace, run  # noqa: E402

pytestmark = needs_strace
SERVED = {"main.cf": b"# in service\n", "master.cf": b"# in service\n"}


def replace(folder, texts):
    snapshots = [subject.read(str(folder / name), str(folder)) for name in sorted(texts)]
    subject.commit([(each, texts[os.path.basename(each.path)]) for each in snapshots], mark_pending=True)


def pending(tmp_path, first, second):
    """A folder in which the first texts were in service, and the second are in place."""
    folder = fresh(tmp_path)
    for name, text in first.items():
        (folder / name).write_bytes(text)
    replace(folder, second)
    return folder


def contents(folder):
    return {name: (folder / name).read_bytes() for name in OLD}


def way_back(folder):
    """{name: text that the note leads back to}, None without a note. Fails if a backup that it names is missing."""
    found = subject.pending(str(folder))
    return None if found is None else {os.path.basename(each["file"]): pathlib.Path(each["backup"]).read_bytes() for each in found}


def assert_tidy(folder):
    assert all(BACKUP.search(name) or name == NOTE for name in os.listdir(str(folder)) if name not in OLD)
    assert {(folder / name).stat().st_nlink for name in OLD} == {1}
    assert {stat.S_IMODE((folder / name).stat().st_mode) & 0o777 for name in OLD} == {0o640}


def test_a_second_change_that_is_killed_keeps_the_first_way_back(tmp_path):
    ends = set()
    for name, number in moments("pending", pending(tmp_path, SERVED, OLD), tmp_path):
        folder = pending(tmp_path, SERVED, OLD)
        assert run("pending", folder, *inject(name, number, "signal=SIGKILL"))[0] == -9
        subject.recover(str(folder))
        assert contents(folder) in (OLD, NEW)
        assert way_back(folder) == SERVED
        assert_tidy(folder)
        ends.add(contents(folder) == NEW)
    assert ends == {False, True}


@pytest.mark.parametrize("what", ["back", "forth"])
def test_the_way_back_is_killed(tmp_path, what):
    """The role's own program: after the module's next run all is old or all new, and there is a note unless all was settled."""
    ends = set()
    for name, number in moments(what, pending(tmp_path, OLD, NEW), tmp_path):
        folder = pending(tmp_path, OLD, NEW)
        assert run(what, folder, *inject(name, number, "signal=SIGKILL"))[0] == -9
        assert all(text in (OLD[each], NEW[each]) for each, text in contents(folder).items())
        subject.recover(str(folder))
        end = contents(folder)
        assert end in (OLD, NEW)
        found = way_back(folder)
        assert found in ((OLD, None) if end == NEW else ({}, None))
        assert found is not None or end == (OLD if what == "back" else NEW), "the note goes last"
        assert_tidy(folder)
        ends.add((end == NEW, found is not None))
    assert ends == {(True, True), (False, True)} | {(what == "forth", False)}
