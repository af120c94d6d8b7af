# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a commit does where the system refuses a write: full, read-only or immutable file systems, no permission.

The refusals are real ones: mounts in a mount namespace of their own, chattr, another user id.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._relay import commit as subject

MODULE_UTILS = os.path.dirname(os.path.dirname(os.path.abspath(subject.__file__)))
OLD = {"main.cf": b"# old\nmynetworks = 0.0.0.0/0\n", "master.cf": b"smtp inet n - y - - smtpd\n"}
NOBODY = 65534

# Mounts by argv[2] (shell), commits in argv[1] with the options in argv[3], and prints what came of it as JSON.
CHILD = r"""
import json, os, subprocess, sys
sys.path.insert(0, %r)
from _relay import commit
folder, shell, options = sys.argv[1:]
os.chdir(folder)
subprocess.check_call(["sh", "-ec", shell])
names = ("main.cf", "master.cf")
inodes = [os.stat(os.path.join(folder, name)).st_ino for name in names]
snapshots = [commit.read(os.path.join(folder, name), folder) for name in names]
try:
    commit.commit([(each, b"# new\n" + each.bytes) for each in snapshots], **json.loads(options))
    message = None
except commit.CommitError as error:
    message = str(error)
print(json.dumps({
    "message": message, "names": sorted(os.listdir(folder)),
    "new": [open(os.path.join(folder, name)).read().startswith("# new") for name in names],
    "same inodes": inodes == [os.stat(os.path.join(folder, name)).st_ino for name in names],
}))
""" % MODULE_UTILS


@pytest.fixture
def folder():
    """Not under tmp_path, which other users cannot enter."""
    base = tempfile.mkdtemp(prefix="relaylock-")
    os.chmod(base, 0o755)
    path = os.path.join(base, "postfix")
    os.mkdir(path)
    for name, text in OLD.items():
        with open(os.path.join(path, name), "wb") as stream:
            stream.write(text)
    yield path
    shutil.rmtree(base)


@pytest.fixture(scope="module")
def namespace():
    """The command line that gives a process mounts of its own."""
    command = ["unshare", "--mount", "--propagation", "private"]
    try:
        subprocess.check_output(command + ["mount", "-t", "tmpfs", "none", "/mnt"], stderr=subprocess.STDOUT)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip("NOT TESTED: no mount namespace here: %s" % (getattr(error, "output", None) or error))
    return command


def commit_in(namespace, folder, shell, **options):
    output = subprocess.check_output(namespace + [sys.executable, "-c", CHILD, folder, shell, json.dumps(options)], cwd="/")
    return json.loads(output.decode())


def assert_nothing_changed(result, *extra):
    assert result["new"] == [False, False]
    assert result["same inodes"]
    assert result["names"] == sorted(("main.cf", "master.cf") + extra)


def assert_all_done(result):
    assert (result["message"], result["new"]) == (None, [True, True])
    assert len(result["names"]) == 4


# The files go into a small tmpfs over the folder; what is left of it is filled up, save `room` pages or inodes.
SMALL = """
cp -p main.cf master.cf ..
mount -t tmpfs -o size=1m,nr_inodes=%d none "$PWD"
cd "$PWD"
mv ../main.cf ../master.cf .
dd if=/dev/zero of=filler bs=4k 2>/dev/null || true
truncate -s $(($(stat -c %%s filler) - %d * 4096)) filler
"""


@pytest.mark.parametrize("room", range(5))
def test_disk_full(namespace, folder, room):
    """A page for each new text, one for the journal: with three there is room enough."""
    result = commit_in(namespace, folder, SMALL % (1000, room))
    if room >= 3:
        result["names"].remove("filler")
        assert_all_done(result)
    else:
        assert "No space left on device. Free space" in result["message"]
        assert_nothing_changed(result, "filler")


@pytest.mark.parametrize("room", range(6))
def test_disk_full_with_a_note_to_be_written(namespace, folder, room):
    """One more page for the note that the files wait for service: without it, nothing is changed."""
    result = commit_in(namespace, folder, SMALL % (1000, room), mark_pending=True)
    if room >= 4:
        assert (result["message"], result["new"]) == (None, [True, True])
        assert ".relaylock-pending" in result["names"]
    else:
        assert "No space left on device. Free space" in result["message"]
        assert_nothing_changed(result, "filler")


@pytest.mark.parametrize("room", range(9))
def test_no_inodes_left(namespace, folder, room):
    """tmpfs counts every name: two locks, two new texts, two second names of the old files, the journal."""
    result = commit_in(namespace, folder, SMALL % (room + 4, 100))
    if room >= 7:
        result["names"].remove("filler")
        assert_all_done(result)
    else:
        assert "No space left on device. Free space or inodes" in result["message"]
        assert_nothing_changed(result, "filler")


def test_read_only_file_system(namespace, folder):
    result = commit_in(namespace, folder, 'mount --bind "$PWD" "$PWD"; mount -o remount,bind,ro "$PWD"')
    assert "Read-only file system. Mount the file system read-write" in result["message"]
    assert_nothing_changed(result)


@pytest.mark.parametrize("name", ["main.cf", "master.cf"])
def test_a_file_that_is_mounted_on_its_own(namespace, folder, name):
    """As containers have it. The second file: the first one is put back."""
    result = commit_in(namespace, folder, "mount --bind %s %s" % (name, name))
    assert "%s: cannot replace it: Device or resource busy. It may be mounted on its own" % name in result["message"]
    assert_nothing_changed(result)


@pytest.fixture
def chattr(folder):
    changed = []

    def change(flag, name):
        path = os.path.join(folder, name)
        try:
            subprocess.check_output(["chattr", "+" + flag, path], stderr=subprocess.STDOUT)
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip("NOT TESTED: no chattr +%s here: %s" % (flag, getattr(error, "output", None) or error))
        changed.append((flag, path))
    yield change
    for flag, path in changed:
        subprocess.check_call(["chattr", "-" + flag, path])


@pytest.mark.parametrize("flag, name, refused", [
    ("i", "main.cf", "main.cf"), ("i", "master.cf", "master.cf"), ("i", ".", "main.cf"),
    ("a", "main.cf", "main.cf"), ("a", "master.cf", "master.cf"),
])
def test_immutable_or_append_only(folder, chattr, flag, name, refused):
    chattr(flag, name)
    result = commit_in([], folder, "true")
    assert result["message"].startswith(os.path.join(folder, refused) + ": cannot ")
    assert "Operation not permitted. The file or its folder may be immutable or append-only: see lsattr" in result["message"]
    assert_nothing_changed(result)


def test_an_append_only_folder_changes_no_file(folder, chattr):
    """It takes new names and lets go of none, so the locks stay until it is an ordinary folder again."""
    chattr("a", ".")
    result = commit_in([], folder, "true")
    assert "immutable or append-only" in result["message"]
    assert result["new"] == [False, False]
    subprocess.check_call(["chattr", "-a", folder])
    subject.recover(folder)
    assert sorted(os.listdir(folder)) == ["main.cf", "master.cf"]


def commit_as_nobody(folder):
    """What came of a commit by a process without any privilege."""
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED: only root can become another user")
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            snapshots = [subject.read(os.path.join(folder, name), folder) for name in ("main.cf", "master.cf")]
            subject.commit([(each, b"# new\n") for each in snapshots])
            os.write(writer, b"done")
        except subject.CommitError as error:
            os.write(writer, str(error).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        message = stream.read().decode()
    os.waitpid(child, 0)
    return message


def assert_old(folder):
    assert sorted(os.listdir(folder)) == ["main.cf", "master.cf"]
    for name, text in OLD.items():
        with open(os.path.join(folder, name), "rb") as stream:
            assert stream.read() == text


def test_no_permission_to_read(folder):
    os.chmod(os.path.join(folder, "main.cf"), 0o600)
    message = commit_as_nobody(folder)
    assert message == "%s/main.cf: cannot be read: Permission denied. Run as root or as its owner." % folder
    assert_old(folder)


def test_no_permission_to_write_in_the_folder(folder):
    message = commit_as_nobody(folder)
    assert message.startswith("%s/main.cf: cannot create main.cf.tmp beside it: Permission denied. Run as root" % folder)
    assert_old(folder)


def test_no_permission_to_enter_the_folder(folder):
    os.chmod(folder, 0o700)
    assert "cannot be read: Permission denied" in commit_as_nobody(folder)
    assert_old(folder)


@pytest.mark.parametrize("name", ["main.cf", "master.cf"])
def test_an_owner_that_cannot_be_kept(folder, name):
    """The folder is nobody's, one file is root's: replacing it would give it away."""
    for path in (folder, os.path.join(folder, "main.cf"), os.path.join(folder, "master.cf")):
        os.chown(path, NOBODY, NOBODY)
    os.chown(os.path.join(folder, name), 0, 0)
    message = commit_as_nobody(folder)
    assert message.startswith("%s/%s: cannot keep its owner 0 and group 0: Operation not permitted." % (folder, name))
    assert_old(folder)


def test_the_owner_needs_no_root(folder):
    for path in (folder, os.path.join(folder, "main.cf"), os.path.join(folder, "master.cf")):
        os.chown(path, NOBODY, NOBODY)
    assert commit_as_nobody(folder) == "done"
