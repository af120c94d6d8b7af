# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A commit is killed, or refused a system call, at every single one of them; then the next run recovers.

strace(1) does it: once to count the calls, then once for each. By default these are the calls that can change something;
RELAYLOCK_KILL_ALL=1 takes every call there is and more errors (some minutes).
"""

import collections
import itertools
import os
import re
import shutil
import subprocess
import sys

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._relay import commit as subject

MODULE_UTILS = os.path.dirname(os.path.dirname(os.path.abspath(subject.__file__)))
OLD = {"main.cf": b"# old\nmynetworks = 0.0.0.0/0\n", "master.cf": b"smtp inet n - y - - smtpd\n"}
NEW = {name: b"# new\n" + text for name, text in OLD.items()}
WIDE = os.environ.get("RELAYLOCK_KILL_ALL") == "1"
CALLS = "%file,%desc" if WIDE else (
    "openat,write,flock,fsync,/^(link|unlink|rename|mkdir).*,/^f?(chown|chmod|setxattr|removexattr|truncate)(at)?$,utimensat")
NUMBERS = itertools.count()
ERRORS = ["EIO", "ENOSPC", "EROFS", "EPERM"] if WIDE else ["EIO"]

# umask(2), which nothing else here calls, marks where the part that counts begins and ends.
CHILD = r"""
import os, sys
sys.path.insert(0, %r)
from _relay import commit
what, folder = sys.argv[1:]
names = ("main.cf", "master.cf")
snapshots = [commit.read(os.path.join(folder, name), folder) for name in names]
os.write(1, b"begun ")
os.umask(0o22)
try:
    if what == "recover":
        commit.recover(folder)
    else:
        commit.commit([(each, b"# new\n" + each.bytes) for each in snapshots], backup=what == "backup")
    end = b"done"
except commit.CommitError as error:
    end = b"refused " + str(error).encode()
os.umask(0o22)
os.write(1, end)
os._exit(0)
""" % MODULE_UTILS


def strace_works():
    try:
        return subprocess.call(["strace", "-f", "-o", os.devnull, "-e", "inject=umask:signal=SIGCHLD", "true"]) == 0
    except OSError:
        return False


pytestmark = pytest.mark.skipif(not strace_works(), reason="NOT TESTED: strace is missing or may not trace here")


def run(what, folder, *options, **others):
    """(exit status, output) of the child under strace."""
    strace = ["strace", "-f", "-qq", "-o", others.get("log", os.devnull)] + list(options)
    child = [sys.executable, "-I", "-S", "-B", "-c", CHILD, what, str(folder)]
    process = subprocess.Popen(strace + child, stdout=subprocess.PIPE)
    output = process.communicate()[0].decode()
    return process.returncode, output


def moments(what, folder, tmp_path):
    """Every system call of the part that counts: [(name, how manieth of its name)]."""
    log = tmp_path / "log"
    status, output = run(what, folder, "-e", "trace=umask," + CALLS, log=str(log))
    assert (status, output) == (0, "begun done")
    names = re.findall(r"^\d+ +(\w+)\(", log.read_text(), re.MULTILINE)
    first, last = (number for number, name in enumerate(names) if name == "umask")
    seen = collections.Counter(names[:first])
    found = []
    for name in names[first + 1:last]:
        seen[name] += 1
        found.append((name, seen[name]))
    return found


def inject(name, number, what):
    return ["-e", "trace=" + name, "-e", "inject=%s:%s:when=%s" % (name, what, number)]


def fresh(tmp_path):
    folder = tmp_path / ("postfix-%d" % next(NUMBERS))
    folder.mkdir()
    for number, (name, text) in enumerate(sorted(OLD.items())):
        path = str(folder / name)
        (folder / name).write_bytes(text)
        if os.geteuid() == 0:
            os.chown(path, 1234, 1235)
        os.chmod(path, 0o640)
        if shutil.which("setfacl"):
            subprocess.check_call(["setfacl", "-m", "u:%d:r" % (4321 + number), path])
    return folder


def owner(path):
    status = os.stat(str(path))
    return status.st_uid, status.st_gid, status.st_mode, sorted(
        (name, os.getxattr(str(path), name)) for name in (os.listxattr(str(path)) if hasattr(os, "listxattr") else []))


BACKUP = re.compile(r"\.relaylock-\d{8}T\d{6}Z$")


class Watch:
    """One folder, and what must be true of it."""

    def __init__(self, folder):
        self.folder = folder
        self.owners = {name: owner(folder / name) for name in OLD}

    def contents(self):
        return {name: (self.folder / name).read_bytes() for name in OLD}

    def extra(self):
        return {name: (self.folder / name).read_bytes() for name in os.listdir(str(self.folder)) if name not in OLD}

    def assert_each_old_or_new(self):
        for name, text in self.contents().items():
            assert text in (OLD[name], NEW[name])
            assert owner(self.folder / name) == self.owners[name]

    def assert_clean(self, backups):
        """No mixture, no temporary file; backups where, and only where, the new files stand. Says whether they do."""
        self.assert_each_old_or_new()
        done = self.contents() == NEW
        if not done:
            assert self.contents() == OLD
        extra = self.extra()
        assert sorted(BACKUP.sub("", name) for name in extra) == (sorted(OLD) if done and backups else [])
        assert all(text == OLD[name.split(".relaylock")[0]] for name, text in extra.items())
        return done

    def assert_recovers(self, backups):
        self.assert_each_old_or_new()
        half = self.contents() not in (OLD, NEW)
        clean = all(BACKUP.search(name) for name in self.extra())
        said = subject.recover(str(self.folder))
        assert (said is None) == clean, "it says what it did, and is silent where there was nothing to do"
        assert not half or "old file again" in said
        done = self.assert_clean(backups)
        assert subject.recover(str(self.folder)) is None
        return done

    def assert_next_run_works(self):
        changes = [subject.read(str(self.folder / name), str(self.folder)) for name in sorted(OLD)]
        subject.commit([(each, b"# next\n") for each in changes])
        assert set(self.contents().values()) == {b"# next\n"}


@pytest.mark.parametrize("what", ["backup", "no backup"])
def test_killed_at_every_system_call(tmp_path, what):
    ends = collections.Counter()
    found = moments(what, fresh(tmp_path), tmp_path)
    for name, number in found:
        watch = Watch(fresh(tmp_path))
        status, output = run(what, watch.folder, *inject(name, number, "signal=SIGKILL"))
        assert (status, output) == (-9, "begun "), "killed too early or not at all"
        states = tuple(watch.contents()[each] == NEW[each] for each in sorted(OLD))
        ends[states, watch.assert_recovers(what == "backup")] += 1
        watch.assert_next_run_works()
    print("%s: killed at %d calls; (main.cf new, master.cf new), new after recovery: %s" % (what, len(found), dict(ends)))
    assert set(ends) == {((False, False), False), ((True, False), False), ((True, True), True)}


@pytest.mark.parametrize("call", ["rename", "fsync"])
def test_killed_where_there_are_no_hard_links(tmp_path, call):
    """vfat and the like: the old file is kept as a copy."""
    without_links = ["-e", "inject=linkat:error=EPERM"]
    for name, number in moments("backup", fresh(tmp_path), tmp_path):
        if name.startswith(call):
            watch = Watch(fresh(tmp_path))
            status, _dummy = run("backup", watch.folder, "-e", "trace=linkat," + name,
                                "-e", "inject=%s:signal=SIGKILL:when=%d" % (name, number), *without_links)
            assert status == -9
            watch.assert_recovers(True)
            watch.assert_next_run_works()


@pytest.mark.parametrize("error", ERRORS)
def test_refused_once_at_every_system_call(tmp_path, error):
    """A clean failure: the old files, the same inodes even, and nothing beside them. Or, where it does not matter, success."""
    ends = collections.Counter()
    for name, number in moments("backup", fresh(tmp_path), tmp_path):
        watch = Watch(fresh(tmp_path))
        inodes = [os.stat(str(watch.folder / each)).st_ino for each in sorted(OLD)]
        status, output = run("backup", watch.folder, *inject(name, number, "error=" + error))
        assert (status, output.split()[:2]) in ((0, ["begun", "done"]), (0, ["begun", "refused"])), (name, number, output)
        ends[output.split()[1]] += 1
        assert "someone else" not in output, "a refusal is no edit by others"
        if output.startswith("begun refused"):
            assert not watch.assert_clean(True), (name, number, output)
            assert [os.stat(str(watch.folder / each)).st_ino for each in sorted(OLD)] == inodes
        else:
            assert watch.contents() == NEW, (name, number, output)
            watch.assert_recovers(True)
        watch.assert_next_run_works()
    print("refused with %s: %s" % (error, dict(ends)))
    assert ends["refused"] > ends["done"]


@pytest.mark.parametrize("error", ["EROFS", "EIO"] if WIDE else ["EROFS"])
def test_refused_for_good_from_every_system_call_on(tmp_path, error):
    """The way back is refused too, as where the file system turns read-only under us: the next run settles it."""
    changing = {"write", "fsync"}
    for name, number in moments("backup", fresh(tmp_path), tmp_path):
        if name in changing or re.match("link|unlink|rename|fchown|fchmod|fsetxattr", name):
            watch = Watch(fresh(tmp_path))
            status, output = run("backup", watch.folder, *inject(name, "%d+" % number, "error=" + error))
            if name != "write":  # the child itself can no longer say anything then
                assert output.split()[:2] in (["begun", "done"], ["begun", "refused"]), (name, number, output)
            if watch.contents() not in (OLD, NEW):
                assert "the next run settles it" in output
            watch.assert_recovers(True)
            watch.assert_next_run_works()


@pytest.mark.parametrize("kind, number, expected", [("half way", 1, OLD), ("all replaced", 2, NEW)])
def test_the_recovery_is_killed_too(tmp_path, kind, number, expected):
    renames = [moment for moment in moments("backup", fresh(tmp_path), tmp_path) if moment[0].startswith("rename")]
    broken = fresh(tmp_path)
    owners = Watch(broken).owners
    run("backup", broken, *inject(*renames[number + 1], what="signal=SIGKILL"))  # the first rename is the journal's
    assert sum(Watch(broken).contents()[name] == NEW[name] for name in OLD) == number

    def copy(target):
        subprocess.check_call(["cp", "-a", str(broken), str(target)])  # hard links and all
        return target

    for name, call in moments("recover", copy(tmp_path / "counted"), tmp_path):
        watch = Watch(copy(tmp_path / ("%s-%d" % (name, call))))
        watch.owners = owners
        assert run("recover", watch.folder, *inject(name, call, "signal=SIGKILL"))[0] == -9
        watch.assert_each_old_or_new()
        subject.recover(str(watch.folder))
        watch.assert_clean(True)
        assert watch.contents() == expected, (kind, name, call)
        watch.assert_next_run_works()


def test_what_a_power_cut_would_leave(tmp_path):
    """Everything is on disk before the next step relies on it: seen by the order of the calls."""
    folder, log = fresh(tmp_path), tmp_path / "log"
    run("backup", folder, "-y", "-e", "trace=fsync,linkat,renameat,renameat2,unlinkat", log=str(log))
    calls = re.findall(r"^\d+ +(fsync|link|rename|unlink)\w*\((.*)\) += 0", log.read_text(), re.MULTILINE)
    steps = []
    for call, arguments in calls:
        path = re.search(r"<(.*?)>", arguments).group(1) if call == "fsync" else re.findall(r'"(.*?)"', arguments)[-1]
        name = "folder" if path == os.path.realpath(str(folder)) else os.path.basename(path)
        if not name.endswith(".tmp"):
            steps.append((call, re.sub(r"\.relaylock-(\d+-|\d{8}T\d{6}Z)", ":", name)))
    assert steps == [
        ("fsync", ".main.cf:new"), ("link", ".main.cf:old"), ("fsync", ".main.cf:old"),
        ("fsync", ".master.cf:new"), ("link", ".master.cf:old"), ("fsync", ".master.cf:old"),
        ("fsync", "..relaylock-journal:new"), ("rename", ".relaylock-journal"), ("fsync", "folder"),
        ("rename", "main.cf"), ("rename", "master.cf"), ("fsync", "folder"),
        ("rename", "main.cf:"), ("rename", "master.cf:"), ("fsync", "folder"),
        ("unlink", ".relaylock-journal"), ("fsync", "folder"),
    ]


def test_the_new_text_is_private_until_it_has_its_owner(tmp_path):
    log = tmp_path / "log"
    run("backup", fresh(tmp_path), "-e", "trace=openat,fchown,fchmod,fsetxattr", log=str(log))
    created = re.findall(r'openat\(\d+, "(\.[^"]+-new)", ([^)]+)\)', log.read_text())
    assert len(created) == 3
    assert all("O_EXCL" in how and how.endswith("0600") for _dummy, how in created)
    order = re.findall(r"(fchown|fchmod|fsetxattr)\(", log.read_text())
    assert [name for name in order if name != "fsetxattr"] == ["fchown", "fchmod"] * 2
    assert order[1:3] in (["fsetxattr", "fchmod"], ["fchmod", "fchown"])
