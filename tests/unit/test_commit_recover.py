# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the next run does after one that was killed. Every moment of it: test_commit_killed.py."""

import errno
import os
import pathlib
import signal
import sys

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._relay import commit as subject

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from commits import NEW, OLD, before_rename_of, change_all, contents, names, read_all  # noqa: E402


def killed_before(folder, kind, number):
    """A real run in a process of its own that kills itself before a rename."""
    child = os.fork()
    if not child:
        try:
            before_rename_of(kind, number, lambda: os.kill(os.getpid(), signal.SIGKILL))
            change_all(folder)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


def test_half_way_goes_back(folder):
    before = {name: os.stat(str(folder / name)).st_ino for name in OLD}
    killed_before(folder, "new", 2)
    assert contents(folder) == dict(OLD, **{"main.cf": NEW["main.cf"]})
    said = subject.recover(str(folder), check_mode=True)
    assert "main.cf is the old file again, master.cf stays as it is" in said
    assert contents(folder) == dict(OLD, **{"main.cf": NEW["main.cf"]})
    with pytest.raises(subject.CommitError, match="recover"):
        subject.commit([(each, b"") for each in read_all(folder, ["main.cf"])])
    assert subject.recover(str(folder)) == said
    assert {name: os.stat(str(folder / name)).st_ino for name in OLD} == before
    assert (contents(folder), names(folder)) == (OLD, ["main.cf", "master.cf"])
    assert subject.recover(str(folder)) is None


def test_half_undone_goes_back_all_the_way(folder):
    """Both files were replaced, the backups were refused, and the way back was cut short between the two."""
    child = os.fork()
    if not child:
        try:
            before_rename_of("old", 2, lambda: os.kill(os.getpid(), signal.SIGKILL))
            before_rename_of("old", 1, lambda: os.stat("/nowhere/at/all"))
            change_all(folder)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert contents(folder) == dict(OLD, **{"main.cf": NEW["main.cf"]})
    assert "main.cf is the old file again" in subject.recover(str(folder))
    assert (contents(folder), names(folder)) == (OLD, ["main.cf", "master.cf"])


def test_half_undone_goes_back_with_the_edit_that_was_the_reason(folder):
    def edit():
        with open(str(folder / "master.cf"), "ab") as stream:
            stream.write(b"# mine\n")

    child = os.fork()
    if not child:
        try:
            before_rename_of("new", 2, edit)
            before_rename_of("old", 2, lambda: os.kill(os.getpid(), signal.SIGKILL))
            change_all(folder)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    subject.recover(str(folder))
    assert contents(folder) == dict(OLD, **{"master.cf": OLD["master.cf"] + b"# mine\n"})
    assert names(folder) == ["main.cf", "master.cf"]


def test_all_done_stays(folder):
    killed_before(folder, "old", 1)
    assert "its work stays" in subject.recover(str(folder))
    assert contents(folder) == NEW
    assert [name.split("-")[0] for name in names(folder)] == ["main.cf", "main.cf.relaylock", "master.cf", "master.cf.relaylock"]


def test_an_edit_after_the_kill_stays(folder):
    killed_before(folder, "new", 2)
    (folder / "main.cf").write_bytes(b"# mine\n")
    assert "main.cf has been changed by someone else since and stays" in subject.recover(str(folder))
    assert contents(folder) == dict(OLD, **{"main.cf": b"# mine\n"})
    kept = [name for name in names(folder) if name not in OLD]
    assert [(folder / name).read_bytes() for name in kept] == [OLD["main.cf"]]


def test_an_edit_of_the_other_file_after_the_kill_stays(folder):
    killed_before(folder, "new", 2)
    (folder / "master.cf").write_bytes(b"# mine\n")
    subject.recover(str(folder))
    assert (contents(folder), names(folder)) == (dict(OLD, **{"master.cf": b"# mine\n"}), ["main.cf", "master.cf"])


@pytest.mark.parametrize("text", [
    b"", b"x", b"[1]", b"{}", b"[]", b'[{"name": "../x"}]',
    b'[{"name": "../x", "new": "../n", "old": "../o", "backup": "../b", "keep": true, "old_sha256": "", "new_sha256": ""}]',
    b'[{"name": "main.cf", "new": "n", "old": "sub/o", "backup": "b", "keep": true, "old_sha256": "", "new_sha256": ""}]',
])
def test_a_journal_that_is_not_ours_is_not_obeyed(folder, text):
    (folder / ".relaylock-journal").write_bytes(text)
    before = names(folder)
    with pytest.raises(subject.CommitError, match="no journal that this collection wrote"):
        subject.recover(str(folder))
    assert (contents(folder), names(folder)) == (OLD, before)


def test_temporary_files_of_dead_runs_go_and_nothing_else(folder):
    (folder / "sub").mkdir()
    os.rename(str(folder / "master.cf"), str(folder / "sub" / "master.cf"))
    os.symlink("sub/master.cf", str(folder / "master.cf"))
    stays = [".main.cf.relaylock-mine", ".main.cf.swp", "main.cf.relaylock-20260102T030405Z", "main.cf.relaylock-1-new", "master.cf.tmp"]
    goes = [".main.cf.relaylock-%d-new" % os.getpid(), ".main.cf.relaylock-99999999-old", "..relaylock-journal.relaylock-1-new",
            "sub/.master.cf.relaylock-7-new"]
    for name in stays + goes:
        (folder / name).write_bytes(b"x")
    (folder / "main.cf.tmp").touch(0o600)
    said = subject.recover(str(folder), check_mode=True)
    assert all((folder / name).exists() for name in stays + goes + ["main.cf.tmp"])
    assert subject.recover(str(folder)).startswith("An earlier run was killed before it changed anything")
    assert "main.cf.relaylock-99999999-old" in said
    assert names(folder) == sorted(stays + ["main.cf", "master.cf", "sub"])
    assert names(folder / "sub") == ["master.cf"]
    assert subject.recover(str(folder)) is None


def test_recover_with_nothing_to_do_writes_nothing(folder):
    before = os.stat(str(folder))
    assert subject.recover(str(folder)) is None
    assert os.stat(str(folder)).st_ctime_ns == before.st_ctime_ns


def test_recover_says_which_directory_is_missing(tmp_path):
    with pytest.raises(subject.CommitError) as caught:
        subject.recover(str(tmp_path / "nowhere"))
    assert caught.value.file == str(tmp_path / "nowhere")
    assert os.strerror(errno.ENOENT) in caught.value.message
