# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replacing main.cf and master.cf while somebody else is at work on them."""

import contextlib
import errno
import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._relay import commit as subject
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.fence import Fence

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from commits import NEW, OLD, before_rename_of, change_all, contents, names, read_all, refused  # noqa: E402

needs_postconf = pytest.mark.skipif(shutil.which("postconf") is None, reason="NOT TESTED: no postconf here")


def replace(path, text):
    (path.parent / "x").write_bytes(text)
    os.rename(str(path.parent / "x"), str(path))


def state(path):
    try:
        status = os.lstat(str(path))
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size, status.st_mode


def edit_and_date_back(path):
    before = os.stat(str(path))
    path.write_bytes(OLD["main.cf"].replace(b"old", b"odd"))
    os.utime(str(path), ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("edit", [
    edit_and_date_back,
    lambda path: path.write_bytes(b"# mine\n"),
    lambda path: path.write_bytes(OLD["main.cf"].replace(b"old", b"odd")),
    lambda path: replace(path, b"# mine\n"),
    lambda path: replace(path, OLD["main.cf"]),
    lambda path: os.utime(str(path), (1, 1)),
    lambda path: os.chmod(str(path), 0o600),
    lambda path: os.unlink(str(path)),
    lambda path: (os.rename(str(path), str(path) + ".real"), os.symlink("main.cf.real", str(path))),
    lambda path: (os.unlink(str(path)), os.mkdir(str(path))),
], ids=["dated back", "in place", "same size", "renamed", "renamed, same bytes", "touched", "mode", "removed", "link now", "folder now"])
@pytest.mark.parametrize("order", [1, -1], ids=["first file", "last file"])
def test_an_edit_since_the_read_is_noticed(folder, edit, order):
    changes = [(each, NEW[os.path.basename(each.path)]) for each in read_all(folder)][::order]
    edit(folder / "main.cf")
    before = [state(folder / name) for name in OLD]
    assert "changed by someone else" in refused(folder, changes)
    assert [state(folder / name) for name in OLD] == before


def test_an_edit_dated_back_is_noticed_by_its_bytes(folder, monkeypatch):
    """Without hard links there is no second look at the old file."""
    def no_link(self, name, other):
        raise OSError(errno.EPERM, "as on vfat")
    monkeypatch.setattr(Fence, "link", no_link)
    changes = [(each, NEW["main.cf"]) for each in read_all(folder, ["main.cf"])]
    edit_and_date_back(folder / "main.cf")
    assert "changed by someone else" in refused(folder, changes)


def test_a_link_that_leads_elsewhere_now_is_noticed(folder):
    os.rename(str(folder / "main.cf"), str(folder / "one"))
    (folder / "two").write_bytes(b"# two\n")
    os.symlink("one", str(folder / "main.cf"))
    snapshot = subject.read(str(folder / "main.cf"), str(folder))
    os.unlink(str(folder / "main.cf"))
    os.symlink("two", str(folder / "main.cf"))
    assert "changed by someone else" in refused(folder, [(snapshot, NEW["main.cf"])])


@needs_postconf
def test_the_edit_of_postconf_since_the_read_is_noticed(folder):
    snapshots = read_all(folder)
    subprocess.check_call(["postconf", "-c", str(folder), "-e", "myhostname=mail.example.com"])
    text = (folder / "main.cf").read_bytes()
    assert b"mail.example.com" in text
    assert "changed by someone else" in refused(folder, [(snapshots[1], NEW["master.cf"]), (snapshots[0], NEW["main.cf"])])
    assert contents(folder) == {"main.cf": text, "master.cf": OLD["master.cf"]}


@pytest.mark.parametrize("number, name", [(1, "main.cf"), (2, "master.cf")])
def test_an_edit_in_place_at_the_very_last_moment_is_kept(folder, monkeypatch, number, name):
    def edit():
        with open(str(folder / name), "ab") as stream:
            stream.write(b"# at the last moment\n")

    before_rename_of("new", number, edit, monkeypatch.setattr)
    assert "changed by someone else" in refused(folder, [(each, NEW[os.path.basename(each.path)]) for each in read_all(folder)], name)
    assert contents(folder) == dict(OLD, **{name: OLD[name] + b"# at the last moment\n"})


def test_an_edit_of_a_file_already_replaced_stays(folder, monkeypatch):
    def edit():
        for name in OLD:
            (folder / name).write_bytes(b"# mine\n")
    before_rename_of("new", 2, edit, monkeypatch.setattr)
    with pytest.raises(subject.CommitError) as caught:
        change_all(folder)
    assert contents(folder) == {"main.cf": b"# mine\n", "master.cf": b"# mine\n"}
    kept = [name for name in names(folder) if name not in OLD]
    assert [(folder / name).read_bytes() for name in kept] == [OLD["main.cf"]]
    assert "main.cf has been changed by someone else meanwhile and stays, its old text is in %s." % kept[0] in caught.value.message


@needs_postconf
def test_postconf_waits_for_us_and_edits_the_new_file(folder, monkeypatch):
    started = []

    def start():
        started.append(subprocess.Popen(["postconf", "-c", str(folder), "-e", "myhostname=mail.example.com"]))
        time.sleep(0.5)
        assert started[0].poll() is None, "postconf did not wait"
    before_rename_of("new", 1, start, monkeypatch.setattr)
    change_all(folder)
    assert started[0].wait(10) == 0
    assert contents(folder) == dict(NEW, **{"main.cf": NEW["main.cf"] + b"myhostname = mail.example.com\n"})
    assert "main.cf.tmp" not in names(folder)


def test_a_postconf_at_work_is_left_alone(folder):
    temporary = folder / "main.cf.tmp"
    temporary.write_bytes(b"half of a fi")
    with open(str(temporary), "rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        assert "postconf is editing it" in refused(folder, [(each, NEW["main.cf"]) for each in read_all(folder, ["main.cf"])])
    assert temporary.read_bytes() == b"half of a fi"
    change_all(folder)
    assert temporary.read_bytes() == b"half of a fi"


@pytest.mark.parametrize("victim", [True, False], ids=["leads to a file", "dangles"])
def test_a_link_in_the_place_of_the_lock_is_not_followed(folder, tmp_path, victim):
    if victim:
        (tmp_path / "victim").write_bytes(b"")
    before = names(tmp_path)
    os.symlink("../victim", str(folder / "main.cf.tmp"))
    message = refused(folder, [(each, NEW["main.cf"]) for each in read_all(folder, ["main.cf"])])
    assert "cannot create main.cf.tmp beside it" in message
    assert "A link stands where a file is wanted" in message
    assert names(tmp_path) == before


def test_a_postconf_that_locks_first_keeps_its_file(folder, monkeypatch):
    """It opened the NAME.tmp that we made and locked it before we did."""
    found = Fence._open_or_create

    with contextlib.ExitStack() as postconf:
        def slow(self, name):
            result = found(self, name)
            fcntl.flock(postconf.enter_context(open(str(folder / (name + ".tmp")), "rb")), fcntl.LOCK_EX)
            return result
        monkeypatch.setattr(Fence, "_open_or_create", slow)
        with pytest.raises(subject.CommitError, match="postconf is editing it"):
            change_all(folder)
    assert names(folder) == ["main.cf", "main.cf.tmp", "master.cf"]


def test_a_lock_on_a_file_that_is_gone_counts_for_nothing(folder, monkeypatch):
    """A postconf was done between our open and our lock."""
    found = Fence._open_or_create

    def slow(self, name):
        result = found(self, name)
        os.unlink(str(folder / (name + ".tmp")))
        return result
    (folder / "main.cf.tmp").write_bytes(b"")
    monkeypatch.setattr(Fence, "_open_or_create", slow)
    with pytest.raises(subject.CommitError, match="postconf is editing it"):
        change_all(folder)
    assert (contents(folder), names(folder)) == (OLD, ["main.cf", "master.cf"])


def test_a_postconf_that_is_done_before_we_look_at_its_lock(folder, monkeypatch):
    """Its NAME.tmp was there when we wanted to make ours, and was not there any more when we wanted to open it."""
    real = os.open

    def late(path, *arguments, **options):
        try:
            return real(path, *arguments, **options)
        except FileExistsError:
            os.unlink(str(folder / "main.cf.tmp"))
            raise
    (folder / "main.cf.tmp").write_bytes(b"")
    monkeypatch.setattr(os, "open", late)
    with pytest.raises(subject.CommitError, match="postconf is editing it"):
        change_all(folder)
    assert contents(folder) == OLD


def test_another_run_is_left_alone(folder):
    changes = [(each, NEW[os.path.basename(each.path)]) for each in read_all(folder)]
    with Fence(str(folder)) as other:
        other.lock()
        with pytest.raises(subject.CommitError, match="another run holds"):
            subject.commit(changes)
        (folder / ".main.cf.relaylock-1-new").write_bytes(b"of the other run")
        with pytest.raises(subject.CommitError, match="another run holds"):
            subject.recover(str(folder))
        os.unlink(str(folder / ".main.cf.relaylock-1-new"))
        assert subject.recover(str(folder)) is None
    assert (contents(folder), names(folder)) == (OLD, ["main.cf", "master.cf"])
    subject.commit(changes)


def test_of_runs_at_once_one_wins(folder):
    """Real processes that have read the same files and are let go at the same moment."""
    for _dummy in range(10):
        snapshots = read_all(folder)
        ready, go = os.pipe()
        children = {}
        for number in range(4):
            text = b"# run %d of process %d\n" % (number, os.getpid())
            child = os.fork()
            if not child:
                status = 9
                try:
                    os.close(go)
                    os.read(ready, 1)
                    subject.commit([(each, text) for each in snapshots], backup=False)
                    status = 0
                except subject.CommitError as error:
                    status = 1 if "another run holds" in str(error) or "changed by someone else" in str(error) else 8
                finally:
                    os._exit(status)
            children[child] = text
        os.close(ready)
        os.close(go)
        ends = {child: os.waitpid(child, 0)[1] for child in children}
        winners = [children[child] for child, status in ends.items() if status == 0]
        assert sorted(os.WEXITSTATUS(status) for status in ends.values()) == [0, 1, 1, 1]
        assert contents(folder) == {"main.cf": winners[0], "master.cf": winners[0]}
        assert names(folder) == ["main.cf", "master.cf"]
        for name, text in OLD.items():
            (folder / name).write_bytes(text)


# Edits main.cf until its standard input ends, and prints how often that went well.
EDITOR = """
import select, subprocess, sys
count = 0
while not select.select([sys.stdin], [], [], 0)[0]:
    count += subprocess.call(["postconf", "-c", sys.argv[1], "-e", "edit_%d=yes" % (count + 1)]) == 0
print(count)
"""


@needs_postconf
def test_no_edit_is_lost_while_postconf_edits_all_the_time(folder):
    editor = subprocess.Popen([sys.executable, "-c", EDITOR, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    done, refusals, end = 0, 0, time.time() + 3
    while time.time() < end:
        main, master = read_all(folder)
        try:
            subject.commit([(main, main.bytes + b"commit_%d = yes\n" % (done + 1)), (master, master.bytes + b"# %d\n" % (done + 1))],
                           backup=False)
            done += 1
        except subject.CommitError as error:
            assert re.search("changed by someone else|postconf is editing|being written", str(error)), error
            refusals += 1
    edits = int(editor.communicate()[0])
    print("%d commits, %d refused, %d edits by postconf" % (done, refusals, edits))
    lines = (folder / "main.cf").read_bytes().splitlines()
    wanted = [b"commit_%d = yes" % number for number in range(1, done + 1)] + [b"edit_%d = yes" % number for number in range(1, edits + 1)]
    assert [line for line in wanted if line not in lines] == []
    assert (folder / "master.cf").read_bytes().splitlines()[1:] == [b"# %d" % number for number in range(1, done + 1)]
    assert names(folder) == ["main.cf", "master.cf"]
    assert done and edits and refusals
