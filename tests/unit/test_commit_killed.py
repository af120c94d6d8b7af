# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A commit is killed, or refused a system call, at every single one of them; then the next run recovers."""

import collections
import os
import pathlib
import re
import subprocess
import sys

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._relay import commit as subject

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from kills import ERRORS, NEW, OLD, WIDE, Watch, fresh, inject, moments, needs_strace, run  # noqa: E402

pytestmark = needs_strace
ENDS = {"backup": {((False, False), False), ((True, False), False), ((True, True), True)}}
ENDS["no backup"] = ENDS["backup"]
ENDS["one file"] = {((False, False), False), ((True, False), True)}
ENDS["pending"] = ENDS["backup"] | {((True, True), False)}  # the note is replaced last


@pytest.mark.parametrize("what", sorted(ENDS))
def test_killed_at_every_system_call(tmp_path, what):
    ends = collections.Counter()
    found = moments(what, fresh(tmp_path), tmp_path)
    for name, number in found:
        watch = Watch(fresh(tmp_path), what)
        status, output = run(what, watch.folder, *inject(name, number, "signal=SIGKILL"))
        assert (status, output) == (-9, "begun "), "killed too early or not at all"
        states = tuple(watch.contents()[each] == NEW[each] for each in sorted(OLD))
        ends[states, watch.assert_recovers()] += 1
        watch.assert_next_run_works()
    print("%s: killed at %d calls; (main.cf new, master.cf new), new after recovery: %s" % (what, len(found), dict(ends)))
    assert set(ends) == ENDS[what]


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
            watch.assert_recovers()
            watch.assert_next_run_works()


@pytest.mark.parametrize("error, what", [(error, what) for error in ERRORS for what in ("backup", "pending")])
def test_refused_once_at_every_system_call(tmp_path, error, what):
    """A clean failure: the old files, the same inodes even, and nothing beside them. Or, where it does not matter, success."""
    ends = collections.Counter()
    for name, number in moments(what, fresh(tmp_path), tmp_path):
        watch = Watch(fresh(tmp_path), what)
        inodes = [os.stat(str(watch.folder / each)).st_ino for each in sorted(OLD)]
        status, output = run(what, watch.folder, *inject(name, number, "error=" + error))
        assert (status, output.split()[:2]) in ((0, ["begun", "done"]), (0, ["begun", "refused"])), (name, number, output)
        ends[output.split()[1]] += 1
        assert "someone else" not in output, "a refusal is no edit by others"
        if output.startswith("begun refused"):
            assert not watch.assert_clean(), (name, number, output)
            assert [os.stat(str(watch.folder / each)).st_ino for each in sorted(OLD)] == inodes
        else:
            assert watch.contents() == NEW, (name, number, output)
            watch.assert_recovers()
        watch.assert_next_run_works()
    print("%s, refused with %s: %s" % (what, error, dict(ends)))
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
            watch.assert_recovers()
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
        watch.assert_clean()
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
