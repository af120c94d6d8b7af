# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading and replacing main.cf and master.cf: what is kept, what is refused, who else may be at work."""

import errno
import os
import pathlib
import shutil
import socket
import stat
import subprocess
import sys
import time

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._relay import commit as subject
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.fence import Fence

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from commits import NEW, OLD, change_all, contents, names, read_all, refused  # noqa: E402

needs_postconf = pytest.mark.skipif(shutil.which("postconf") is None, reason="NOT TESTED: no postconf here")
needs_acl = pytest.mark.skipif(shutil.which("setfacl") is None, reason="NOT TESTED: no setfacl here")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="NOT TESTED: only root can give files away")
needs_xattr = pytest.mark.skipif(not hasattr(os, "setxattr"), reason="NOT TESTED: no extended attributes in this Python")


# --- reading


def test_read_tells_what_it_read(folder):
    os.chmod(str(folder / "main.cf"), 0o640)
    snapshot = subject.read(str(folder / "main.cf"), str(folder))
    status = os.stat(str(folder / "main.cf"))
    assert (snapshot.path, snapshot.bytes) == (str(folder / "main.cf"), OLD["main.cf"])
    assert snapshot.resolved == os.path.realpath(str(folder / "main.cf"))
    assert snapshot.identity == (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, 0o640, status.st_uid, status.st_gid)
    assert (snapshot.outside, snapshot.links) == (False, 1)


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)


@pytest.mark.parametrize("make, expected", [
    (lambda path: None, "no such file"),
    (os.mkdir, "is a directory"),
    (os.mkfifo, "no regular file"),
    (make_socket, "no regular file"),
    (lambda path: os.symlink("nowhere", path), "no such file (a link to"),
    (lambda path: os.symlink("main.cf", path), "cannot follow it"),
    (lambda path: os.symlink("/dev/null", path), "no regular file (a link to /dev/null)"),
])
def test_read_refuses(tmp_path, monkeypatch, make, expected):
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    make("main.cf")
    with pytest.raises(subject.CommitError) as caught:
        subject.read("main.cf", ".")
    assert expected in caught.value.message
    assert caught.value.file == "main.cf"


# --- what a commit keeps


def test_both_files_are_replaced(folder):
    done = change_all(folder)
    assert contents(folder) == NEW
    assert [each["file"] for each in done] == [str(folder / "main.cf"), str(folder / "master.cf")]
    for name, each in zip(("main.cf", "master.cf"), done):
        assert os.path.dirname(each["backup"]) == os.path.realpath(str(folder))
        with open(each["backup"], "rb") as backup:
            assert backup.read() == OLD[name]
    assert names(folder) == sorted(["main.cf", "master.cf"] + [os.path.basename(each["backup"]) for each in done])


def test_the_backup_is_named_by_utc(folder):
    earliest = time.strftime("main.cf.relaylock-%Y%m%dT%H%M%SZ", time.gmtime())
    backup = os.path.basename(change_all(folder)[0]["backup"])
    assert earliest <= backup <= time.strftime("main.cf.relaylock-%Y%m%dT%H%M%SZ", time.gmtime())


def test_without_backup_nothing_is_left_beside(folder):
    assert [each["backup"] for each in change_all(folder, backup=False)] == [None, None]
    assert (contents(folder), names(folder)) == (NEW, ["main.cf", "master.cf"])


def test_same_bytes_touch_nothing(folder):
    paths = [str(folder)] + [str(folder / name) for name in names(folder)]
    before = [(os.stat(path).st_ino, os.stat(path).st_mtime_ns, os.stat(path).st_ctime_ns) for path in paths]
    assert subject.commit([(each, each.bytes) for each in read_all(folder)]) == []
    assert [(os.stat(path).st_ino, os.stat(path).st_mtime_ns, os.stat(path).st_ctime_ns) for path in paths] == before


def test_only_the_file_that_differs_is_replaced(folder):
    main, master = read_all(folder)
    before = os.stat(str(folder / "main.cf"))
    done = subject.commit([(main, main.bytes), (master, NEW["master.cf"])])
    assert [each["file"] for each in done] == [master.path]
    after = os.stat(str(folder / "main.cf"))
    assert (after.st_ino, after.st_ctime_ns) == (before.st_ino, before.st_ctime_ns)


@needs_root
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o444, 0o4755])
def test_owner_and_mode_are_kept(folder, mode):
    os.chown(str(folder / "main.cf"), 1234, 1235)
    os.chmod(str(folder / "main.cf"), mode)
    done = change_all(folder)
    for path in (str(folder / "main.cf"), done[0]["backup"]):
        status = os.stat(path)
        assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 1235, mode)


def acl(path):
    return subprocess.check_output(["getfacl", "--omit-header", "--absolute-names", str(path)]).decode()


@needs_acl
def test_acl_is_kept(folder):
    subprocess.check_call(["setfacl", "-m", "u:1234:rw,g:1235:r,m::rw", str(folder / "main.cf")])
    before = acl(folder / "main.cf")
    assert "user:1234:rw-" in before
    done = change_all(folder)
    assert acl(folder / "main.cf") == before
    assert acl(done[0]["backup"]) == before


@needs_acl
def test_default_acl_of_the_folder_does_not_creep_in(folder):
    before = acl(folder / "main.cf")
    subprocess.check_call(["setfacl", "-d", "-m", "u:1234:rw", str(folder)])
    change_all(folder)
    assert acl(folder / "main.cf") == before


@needs_xattr
@pytest.mark.parametrize("name", ["user.origin", "trusted.note", "security.selinux"])
def test_extended_attributes_are_kept(folder, name):
    path = str(folder / "main.cf")
    try:
        os.setxattr(path, name, b"system_u:object_r:postfix_etc_t:s0\x00")
    except OSError as error:
        pytest.skip("NOT TESTED: this system lets nobody set %s: %s" % (name, error))
    done = change_all(folder)
    assert os.getxattr(path, name) == os.getxattr(done[0]["backup"], name) == b"system_u:object_r:postfix_etc_t:s0\x00"


@needs_xattr
def test_a_measure_of_the_old_bytes_is_not_kept(folder):
    path = str(folder / "main.cf")
    try:
        os.setxattr(path, "security.ima", b"\x01" + b"x" * 20)
    except OSError as error:
        pytest.skip("NOT TESTED: this system lets nobody set security.ima: %s" % error)
    change_all(folder)
    assert "security.ima" not in os.listxattr(path)


@pytest.mark.parametrize("links", [True, False], ids=["hard links", "no hard links"])
def test_the_backup_keeps_its_time_stamp(folder, monkeypatch, links):
    def no_link(self, name, other):
        raise OSError(errno.EPERM, "as on vfat")

    if not links:
        monkeypatch.setattr(Fence, "link", no_link)
    os.utime(str(folder / "main.cf"), (1000000000, 1000000000))
    done = change_all(folder)
    assert os.stat(done[0]["backup"]).st_mtime == 1000000000
    assert os.stat(str(folder / "main.cf")).st_mtime > 1000000000


def test_the_newest_five_backups_stay(folder):
    stays = ["main.cf.relaylock-20000101", "main.cf.relaylock-20000101T000000Z.mine", "xmain.cf.relaylock-20000101T000000Z", "main.cf.bak"]
    for name in stays + ["main.cf.relaylock-2000010%dT000000Z" % day for day in range(1, 8)]:
        (folder / name).write_bytes(b"")
    made = []
    for number in range(3):
        snapshot = subject.read(str(folder / "main.cf"), str(folder))
        made.append(os.path.basename(subject.commit([(snapshot, b"# %d\n" % number)])[0]["backup"]))
    assert made == sorted(set(made)), "backups of one second have names of their own, in order"
    newest = ["main.cf.relaylock-20000106T000000Z", "main.cf.relaylock-20000107T000000Z"]
    assert names(folder) == sorted(stays + made + newest + ["main.cf", "master.cf"])


def test_a_clock_that_was_ahead_does_not_cost_the_newest_backup(folder):
    for year in range(2090, 2097):
        (folder / ("main.cf.relaylock-%d0101T000000Z" % year)).write_bytes(b"")
    assert os.path.exists(change_all(folder)[0]["backup"])
    assert len([name for name in names(folder) if name.startswith("main.cf.relaylock-")]) == subject.KEPT_BACKUPS


def test_restore_puts_the_old_bytes_back(folder):
    subject.restore(change_all(folder))
    assert contents(folder) == OLD


def test_restore_needs_a_backup(folder):
    done = change_all(folder, backup=False)
    with pytest.raises(subject.CommitError, match="no backup"):
        subject.restore(done)


# --- links


def test_a_link_within_stays_a_link(folder):
    (folder / "sub").mkdir()
    os.rename(str(folder / "main.cf"), str(folder / "sub" / "real.cf"))
    os.symlink("sub/real.cf", str(folder / "main.cf"))
    done = change_all(folder)
    assert os.readlink(str(folder / "main.cf")) == "sub/real.cf"
    assert contents(folder) == NEW
    assert names(folder / "sub") == ["real.cf", os.path.basename(done[0]["backup"])]
    subject.restore(done)
    assert contents(folder) == OLD
    assert os.readlink(str(folder / "main.cf")) == "sub/real.cf"


def test_the_configuration_directory_may_be_a_link(folder, tmp_path):
    os.symlink("postfix", str(tmp_path / "etc"))
    change_all(tmp_path / "etc")
    assert contents(folder) == NEW


def test_a_link_out_is_read_and_never_followed_by_a_write(folder, tmp_path):
    (tmp_path / "elsewhere.cf").write_bytes(OLD["main.cf"])
    os.unlink(str(folder / "main.cf"))
    os.symlink("../elsewhere.cf", str(folder / "main.cf"))
    snapshot, master = read_all(folder)
    assert (snapshot.bytes, snapshot.outside) == (OLD["main.cf"], True)
    assert "leads out of" in refused(folder, [(master, NEW["master.cf"]), (snapshot, NEW["main.cf"])])
    assert (tmp_path / "elsewhere.cf").read_bytes() == OLD["main.cf"]
    assert names(tmp_path) == ["elsewhere.cf", "postfix"]
    assert contents(folder)["master.cf"] == OLD["master.cf"]


def test_a_link_that_leads_out_and_in_again_is_refused(folder, tmp_path):
    os.rename(str(folder / "main.cf"), str(folder / "real.cf"))
    os.symlink("postfix/real.cf", str(tmp_path / "hop"))
    os.symlink("../hop", str(folder / "main.cf"))
    snapshot = subject.read(str(folder / "main.cf"), str(folder))
    assert "leads out of" in refused(folder, [(snapshot, NEW["main.cf"])])


def test_a_folder_whose_name_only_begins_alike_is_outside(folder, tmp_path):
    (tmp_path / "postfix-2").mkdir()
    os.rename(str(folder / "main.cf"), str(tmp_path / "postfix-2" / "main.cf"))
    os.symlink("../postfix-2/main.cf", str(folder / "main.cf"))
    assert subject.read(str(folder / "main.cf"), str(folder)).outside


def test_a_second_name_is_not_parted(folder, tmp_path):
    os.link(str(folder / "main.cf"), str(tmp_path / "second"))
    snapshot = subject.read(str(folder / "main.cf"), str(folder))
    assert "2 names" in refused(folder, [(snapshot, NEW["main.cf"])])
    with pytest.raises(subject.CommitError, match="2 names"):
        subject.check([(snapshot, NEW["main.cf"])])
    subject.check([(snapshot, snapshot.bytes)])
    assert os.path.samefile(str(folder / "main.cf"), str(tmp_path / "second"))


def test_two_directories_are_two_commits(folder, tmp_path):
    shutil.copytree(str(folder), str(tmp_path / "other"))
    changes = [(each, b"") for each in read_all(folder, ["main.cf"]) + read_all(tmp_path / "other", ["main.cf"])]
    with pytest.raises(subject.CommitError, match="another configuration directory"):
        subject.commit(changes)
