# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kill a commit at each of its system calls, or refuse it one: with strace(1), in a process of its own.

By default these are the calls that can change something; RELAYLOCK_KILL_ALL=1 takes every call there is and more errors (some minutes).
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
what, folder, program = sys.argv[1:]
names = ("main.cf", "master.cf")
if what in ("back", "forth"):
    import importlib.util
    spec = importlib.util.spec_from_file_location("activate", program)
    activate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(activate)
else:
    snapshots = [commit.read(os.path.join(folder, name), folder) for name in names]
    changes = [(each, b"# new\n" + each.bytes) for each in snapshots][:1 if what == "one file" else 2]
os.write(1, b"begun ")
os.umask(0o22)
try:
    if what == "recover":
        commit.recover(folder)
    elif what in ("back", "forth"):
        pending = activate.Pending(folder)
        pending.put_back()
        if what == "forth":
            pending.put_forth()
        pending.settle([])
    else:
        commit.commit(changes, backup=what != "no backup", mark_pending=what == "pending")
    end = b"done"
except commit.CommitError as error:
    end = b"refused " + str(error).encode()
os.umask(0o22)
os.write(1, end)
os._exit(0)
""" % MODULE_UTILS
PROGRAM = os.path.join(MODULE_UTILS, os.pardir, os.pardir, "roles", "relay_baseline", "files", "activate.py")


def strace_works():
    try:
        return subprocess.call(["strace", "-f", "-o", os.devnull, "-e", "inject=umask:signal=SIGCHLD", "true"]) == 0
    except OSError:
        return False


needs_strace = pytest.mark.skipif(not strace_works(), reason="NOT TESTED: strace is missing or may not trace here")


def run(what, folder, *options, **others):
    """(exit status, output) of the child under strace."""
    strace = ["strace", "-f", "-qq", "-o", others.get("log", os.devnull)] + list(options)
    child = [sys.executable, "-I", "-S", "-B", "-c", CHILD, what, str(folder), PROGRAM]
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


NOTE = ".relaylock-pending"
BACKUP = re.compile(r"\.relaylock-\d{8}T\d{6}Z$")


class Watch:
    """One folder, what is done to it (as CHILD has it), and what must be true of it then."""

    def __init__(self, folder, what="backup"):
        self.folder = folder
        self.what = what
        self.new = dict(NEW, **{"master.cf": OLD["master.cf"]}) if what == "one file" else NEW
        self.owners = {name: owner(folder / name) for name in OLD}

    def contents(self):
        return {name: (self.folder / name).read_bytes() for name in OLD}

    def extra(self):
        return {name: (self.folder / name).read_bytes() for name in os.listdir(str(self.folder)) if name not in OLD}

    def assert_each_old_or_new(self):
        for name, text in self.contents().items():
            assert text in (OLD[name], self.new[name])
            assert owner(self.folder / name) == self.owners[name]

    def assert_clean(self):
        """No mixture, no temporary file; backups and note where, and only where, the new files stand. Says whether they do."""
        self.assert_each_old_or_new()
        done = self.contents() == self.new
        if not done:
            assert self.contents() == OLD
        extra = self.extra()
        note = extra.pop(NOTE, None)
        assert (note is not None) == (done and self.what == "pending")
        changed = [name for name in sorted(OLD) if self.new[name] != OLD[name]]
        assert sorted(BACKUP.sub("", name) for name in extra) == (changed if done and self.what != "no backup" else [])
        assert all(text == OLD[name.split(".relaylock")[0]] for name, text in extra.items())
        if note:
            assert sorted(os.path.basename(each["backup"]) for each in subject.pending(str(self.folder))) == sorted(extra)
        return done

    def assert_recovers(self):
        self.assert_each_old_or_new()
        half = self.contents() not in (OLD, self.new)
        clean = all(BACKUP.search(name) or (name == NOTE and text) for name, text in self.extra().items())
        said = subject.recover(str(self.folder))
        assert (said is None) == clean, "it says what it did, and is silent where there was nothing to do"
        assert not half or "old file again" in said
        done = self.assert_clean()
        assert subject.recover(str(self.folder)) is None
        return done

    def assert_next_run_works(self):
        changes = [subject.read(str(self.folder / name), str(self.folder)) for name in sorted(OLD)]
        subject.commit([(each, b"# next\n") for each in changes])
        assert set(self.contents().values()) == {b"# next\n"}
