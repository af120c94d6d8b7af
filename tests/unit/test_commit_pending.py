# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The note of what is in place and not in service yet: when it is there, what it leads back to, and what it keeps."""

import json
import os
import pathlib
import re
import sys

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._relay import commit as subject
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.fence import Fence

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from commits import NEW, OLD, change_all, contents, names, read_all, refused  # noqa: E402

NOTE = ".relaylock-pending"


def replace(folder, text, name="main.cf", **options):
    snapshot = subject.read(str(folder / name), str(folder))
    return subject.commit([(snapshot, text)], **options)


def backups(folder):
    """{name: text of the backup that the note leads back to}"""
    found = {}
    for each in subject.pending(str(folder)):
        with open(each["backup"], "rb") as stream:
            found[os.path.basename(each["file"])] = stream.read()
    return found


def test_without_the_option_there_is_no_note(folder):
    change_all(folder)
    assert subject.pending(str(folder)) is None
    assert not (folder / NOTE).exists()


def test_the_note_leads_back(folder):
    done = change_all(folder, mark_pending=True, backup=False)
    assert subject.pending(str(folder)) == [{"file": os.path.realpath(each["file"]), "backup": each["backup"]} for each in done]
    assert backups(folder) == OLD
    assert (folder / NOTE).stat().st_mode & 0o777 == 0o600
    assert subject.recover(str(folder)) is None


def test_the_note_is_of_what_was_changed(folder):
    replace(folder, NEW["master.cf"], "master.cf", mark_pending=True)
    assert backups(folder) == {"master.cf": OLD["master.cf"]}
    replace(folder, NEW["main.cf"])  # whoever asks: a note that is there is kept up
    assert backups(folder) == OLD


def test_same_bytes_leave_no_note(folder):
    subject.commit([(each, each.bytes) for each in read_all(folder)], mark_pending=True)
    assert names(folder) == ["main.cf", "master.cf"]


def test_the_way_back_leads_to_what_was_in_service(folder):
    for number in range(3):
        replace(folder, b"# %d\n" % number, mark_pending=True)
    assert backups(folder) == {"main.cf": OLD["main.cf"]}


def test_the_way_back_leads_to_the_edit_of_another(folder):
    replace(folder, NEW["main.cf"], mark_pending=True)
    (folder / "main.cf").write_bytes(b"# mine\n")
    replace(folder, NEW["main.cf"], mark_pending=True)
    assert backups(folder) == {"main.cf": b"# mine\n"}


def test_a_backup_that_is_gone_is_not_promised(folder):
    done = replace(folder, NEW["main.cf"], mark_pending=True)
    os.unlink(done[0]["backup"])
    replace(folder, b"# next\n", mark_pending=True)
    assert backups(folder) == {"main.cf": NEW["main.cf"]}


def test_a_backup_that_the_note_needs_is_not_pruned(folder):
    for number in range(3 + subject.KEPT_BACKUPS):
        replace(folder, b"# %d\n" % number, mark_pending=True)
    assert backups(folder) == {"main.cf": OLD["main.cf"]}
    kept = [name for name in names(folder) if name.startswith("main.cf.relaylock-")]
    assert len(kept) == subject.KEPT_BACKUPS + 1
    os.unlink(str(folder / NOTE))
    replace(folder, b"# last\n")
    assert len([name for name in names(folder) if name.startswith("main.cf.relaylock-")]) == subject.KEPT_BACKUPS


def test_a_failure_leaves_the_note_as_it_was(folder):
    snapshots = read_all(folder)
    (folder / "master.cf").write_bytes(b"# mine\n")
    with pytest.raises(subject.CommitError, match="changed by someone else"):
        subject.commit([(each, NEW[os.path.basename(each.path)]) for each in snapshots], mark_pending=True)
    assert names(folder) == ["main.cf", "master.cf"]
    replace(folder, NEW["main.cf"], mark_pending=True)
    before = (folder / NOTE).read_bytes()
    snapshots = read_all(folder)
    (folder / "master.cf").write_bytes(b"# mine again\n")
    refused(folder, [(each, b"# more\n") for each in snapshots], "master.cf")
    assert (folder / NOTE).read_bytes() == before


def test_the_note_is_there_before_anybody_sees_the_new_files_settled(folder, monkeypatch):
    """When the journal goes, which is the end of the commit, note and backups are in place."""
    seen = []
    remove = Fence.remove

    def spy(self, name):
        if name == ".relaylock-journal":
            seen.append(backups(folder))
        remove(self, name)
    monkeypatch.setattr(Fence, "remove", spy)
    change_all(folder, mark_pending=True)
    assert seen == [OLD]


@pytest.mark.parametrize("text", [
    b"x", b"[1]", b"{}", b'{"back": false, "files": [{"name": "../x", "backup": "../y", "sha256": ""}]}',
    b'{"back": false, "files": [{"name": "/etc/x", "backup": "/etc/y", "sha256": ""}]}',
])
def test_a_note_that_is_not_ours_is_not_obeyed(folder, text):
    (folder / NOTE).write_bytes(text)
    before = names(folder)
    for act in (subject.pending, subject.recover):
        with pytest.raises(subject.CommitError, match="no note that this collection wrote"):
            act(str(folder))
    with pytest.raises(subject.CommitError, match="no note that this collection wrote"):
        change_all(folder)
    assert (contents(folder), names(folder)) == (OLD, before)


def test_an_empty_note_is_rubbish(folder):
    (folder / NOTE).touch(0o600)
    assert subject.pending(str(folder)) is None
    assert NOTE in subject.recover(str(folder), check_mode=True)
    assert NOTE in subject.recover(str(folder))
    assert names(folder) == ["main.cf", "master.cf"]


def mark_back(folder):
    """As activate.py has it the moment before it puts the first file back."""
    note = json.loads((folder / NOTE).read_text())
    note["back"] = True
    (folder / NOTE).write_text(json.dumps(note))
    return note


@pytest.mark.parametrize("done", range(3))
def test_a_way_back_that_was_cut_off_is_finished(folder, done):
    before = {name: os.stat(str(folder / name)).st_ino for name in OLD}
    change_all(folder, mark_pending=True)
    for each in mark_back(folder)["files"][:done]:
        os.rename(str(folder / each["backup"]), str(folder / each["name"]))
    with pytest.raises(subject.CommitError, match="recover"):
        replace(folder, b"# more\n")
    half = contents(folder)
    assert "put the old files back" in subject.recover(str(folder), check_mode=True)
    assert contents(folder) == half
    assert "put the old files back" in subject.recover(str(folder))
    assert {name: os.stat(str(folder / name)).st_ino for name in OLD} == before
    assert (contents(folder), names(folder)) == (OLD, [NOTE, "main.cf", "master.cf"])
    assert subject.pending(str(folder)) == [], "they are to be reloaded yet"
    assert subject.recover(str(folder)) is None
    change_all(folder)
    assert backups(folder) == OLD


def test_a_way_back_that_was_cut_off_spares_the_edit_of_another(folder):
    change_all(folder, mark_pending=True)
    mark_back(folder)
    (folder / "main.cf").write_bytes(b"# mine\n")
    subject.recover(str(folder))
    assert contents(folder) == dict(OLD, **{"main.cf": b"# mine\n"})
    assert len([name for name in names(folder) if re.match(r"main\.cf\.relaylock-\d", name)]) == 1, "the old text is kept"
