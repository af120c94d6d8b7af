# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A configuration directory held open, and the few things that a commit does in it.

Every name is relative to the directory's own descriptor. What the system refuses becomes a CommitError
that says which file, what was found and what to do.
"""

import contextlib
import errno
import fcntl
import os
import stat

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
_ACL = "system.posix_acl_access"

# How the system says that the file is gone, a folder, a device, being written, or a link now.
ANOTHER_THING = frozenset((errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EINVAL, errno.ENXIO, errno.EAGAIN, errno.ELOOP, errno.EMLINK,
                           getattr(errno, "EFTYPE", errno.ELOOP)))

# Tied to the old bytes: the kernel computes them anew, a copy would make the file unreadable (evm(7), IMA appraisal).
_NOT_COPIED = frozenset(("security.ima", "security.evm"))

_ADVICE = {
    errno.ENOENT: "Is the path right?",
    errno.ENOSPC: "Free space or inodes there (df, df -i) and run again.",
    errno.EDQUOT: "Raise the quota or free space and run again.",
    errno.EROFS: "Mount the file system read-write and run again.",
    errno.EPERM: "The file or its folder may be immutable or append-only: see lsattr -d and chattr -i -a (BSD: ls -lo, chflags).",
    errno.EACCES: "Run as root, or as the owner of the file and its folder; also look for a denial by SELinux or AppArmor.",
    errno.EBUSY: "It may be mounted on its own, as in a container: mount its folder instead.",
    errno.ELOOP: "A link stands where a file is wanted: remove it.",
}


class CommitError(Exception):
    """A file cannot be read or put in place.

    message (str): what was found and what to do; file (str): the path concerned. str() gives both.
    """

    def __init__(self, message, file):
        super().__init__("%s: %s" % (file, message))
        self.message = message
        self.file = file


@contextlib.contextmanager
def explained(doing, path):
    """Turn an OSError in the body into a CommitError: "PATH: cannot DOING: REASON. ADVICE"."""
    try:
        yield
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, "")
        raise CommitError(("cannot %s: %s. %s" % (doing, os.strerror(error.errno or 0), advice)).rstrip(), path)


def read_regular(name, folder=None):
    """Read a regular file whole, through no link: (os.stat_result, bytes).

    folder (int): descriptor that a relative name starts from. Raises OSError; EISDIR or EINVAL where it is no regular
    file, EAGAIN where it is being written all the while.
    """
    descriptor = os.open(name, _READ, dir_fd=folder)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EISDIR if stat.S_ISDIR(status.st_mode) else errno.EINVAL, "not a regular file")
        for _dummy in range(5):
            data = _read_all(descriptor)
            before, status = status, os.fstat(descriptor)
            if (before.st_size, before.st_mtime_ns) == (len(data), status.st_mtime_ns):
                return status, data
        raise OSError(errno.EAGAIN, "being written")
    finally:
        os.close(descriptor)


class Fence:
    """A configuration directory, open for one run. path (str): its real path. Raises CommitError where it cannot be opened."""

    def __init__(self, config_directory):
        self.path = os.path.realpath(config_directory)
        with explained("open the configuration directory", config_directory):
            self.descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        _let_go(self.descriptor)

    def full(self, name):
        """The whole path of a name."""
        return os.path.normpath(os.path.join(self.path, name))

    def lock(self):
        """Keep other runs out of this directory until the end; no file is left behind, even by a killed run.

        Raises CommitError where another run holds it.
        """
        with explained("lock the configuration directory", self.path):
            free = _lock(self.descriptor)
        if not free:
            raise CommitError("another run holds this configuration directory. Run again when it is done.", self.path)

    def names(self, folder="."):
        """The names in a folder; none where there is no such folder."""
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY, dir_fd=self.descriptor)
        except (FileNotFoundError, NotADirectoryError):
            return []
        try:
            return sorted(os.listdir(descriptor))
        finally:
            os.close(descriptor)

    def has(self, name):
        """Whether the name is taken, if only by a dangling link."""
        try:
            os.stat(name, dir_fd=self.descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True

    def same(self, name, other):
        """Whether both are names of one file."""
        return self.has(name) and self.has(other) and os.path.samestat(
            *(os.stat(each, dir_fd=self.descriptor, follow_symlinks=False) for each in (name, other)))

    def read(self, name):
        """See read_regular()."""
        return read_regular(name, self.descriptor)

    def create(self, name, data, like=None, times=False):
        """Write a new file, whole and on disk; raises CommitError.

        like (str): the file whose owner, mode, ACL and extended attributes it shall have (else mode 0600);
        times: its time stamps too.
        """
        self.remove(name)  # left by a dead run: whoever writes such names holds the lock
        descriptor = os.open(name, _CREATE, 0o600, dir_fd=self.descriptor)
        try:
            _write_all(descriptor, data)
            if like is not None:
                self._make_alike(descriptor, like, times)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _make_alike(self, descriptor, like, times):
        original = os.open(like, _READ, dir_fd=self.descriptor)
        try:
            _copy_attributes(original, descriptor, self.full(like))
            if times:
                status = os.fstat(original)
                os.utime(descriptor, ns=(status.st_atime_ns, status.st_mtime_ns))
        finally:
            os.close(original)

    def link(self, name, other):
        """Give a file a second name."""
        self.remove(other)
        os.link(name, other, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor, follow_symlinks=False)

    def rename(self, name, other):
        """Move a file in one step, over what bears the other name."""
        os.rename(name, other, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)

    def remove(self, name):
        """Remove a file if it is there."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self.descriptor)

    def sync(self, name="."):
        """Have a file or a folder on disk."""
        descriptor = os.open(name, _READ, dir_fd=self.descriptor)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno != errno.EINVAL:  # a file system that knows no fsync of a folder
                raise
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def postfix_lock(self, name):
        """Hold off `postconf -e` and its kin, which lock NAME.tmp while they edit (Postfix, src/util/edit_file.c).

        Raises CommitError where one of them is at work. What NAME.tmp held before stays.
        """
        temporary = name + ".tmp"
        with explained("create %s beside it" % temporary, self.full(name)):
            descriptor, made = self._open_or_create(name)
        try:
            with explained("lock %s beside it" % temporary, self.full(name)):
                free = _lock(descriptor) and self._is_still(descriptor, temporary)
            if not free:
                made = False  # theirs by now
                raise self._being_edited(name)
            yield
        finally:
            if made:
                with contextlib.suppress(OSError):  # empty and unlocked it is harmless; recover() takes it away
                    self.remove(temporary)
            _let_go(descriptor)

    def _open_or_create(self, name):
        try:
            return os.open(name + ".tmp", _CREATE, 0o600, dir_fd=self.descriptor), True
        except FileExistsError:
            try:
                return os.open(name + ".tmp", _READ, dir_fd=self.descriptor), False
            except FileNotFoundError:  # between the two, postconf has put it in the place of the file
                raise self._being_edited(name) from None

    def _being_edited(self, name):
        return CommitError("postconf is editing it right now (%s.tmp is locked). Run again when it is done." % name, self.full(name))

    def _is_still(self, descriptor, name):
        try:
            return os.path.samestat(os.fstat(descriptor), os.stat(name, dir_fd=self.descriptor, follow_symlinks=False))
        except FileNotFoundError:
            return False

    def left_postfix_lock(self, name):
        """Whether a killed run may have left NAME.tmp: it is empty and has mode 0600."""
        try:
            status = os.stat(name + ".tmp", dir_fd=self.descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return stat.S_ISREG(status.st_mode) and stat.S_IMODE(status.st_mode) == 0o600 and not status.st_size

    def drop_postfix_lock(self, name):
        """Remove such a NAME.tmp, unless somebody holds it. Whether it is gone."""
        try:
            with self.postfix_lock(name):
                self.remove(name + ".tmp")
        except CommitError:
            return False
        return True


def _lock(descriptor):
    """Lock an open file or folder until it is closed; False where somebody else has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _let_go(descriptor):
    """Close what a lock is on. All is done by then, and the lock is gone whatever close(2) says."""
    with contextlib.suppress(OSError):
        os.close(descriptor)


def _read_all(descriptor):
    parts = []  # type: list[bytes]
    os.lseek(descriptor, 0, os.SEEK_SET)
    while True:
        part = os.read(descriptor, 1 << 20)
        if not part:
            return b"".join(parts)
        parts.append(part)


def _write_all(descriptor, data):
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view):]


def _attributes(descriptor):
    """Extended attributes of an open file, where the system has them: {name: bytes}."""
    try:
        return {name: os.getxattr(descriptor, name) for name in os.listxattr(descriptor) if name not in _NOT_COPIED}
    except AttributeError:  # a BSD
        return {}
    except OSError as error:
        if error.errno != errno.EOPNOTSUPP:
            raise
        return {}


def _copy_attributes(source, target, path):
    """Owner, then ACL and labels, then mode: at no moment may anybody read the new file who may not read the old."""
    wanted = os.fstat(source)
    found = os.fstat(target)
    if (found.st_uid, found.st_gid) != (wanted.st_uid, wanted.st_gid):
        with explained("keep its owner %d and group %d" % (wanted.st_uid, wanted.st_gid), path):
            os.fchown(target, wanted.st_uid, wanted.st_gid)
    theirs, ours = _attributes(source), _attributes(target)
    for name, value in sorted(theirs.items()):
        if ours.get(name) != value:
            with explained("keep its extended attribute %s" % name, path):
                os.setxattr(target, name, value)
    if _ACL in ours and _ACL not in theirs:  # from the folder's default ACL
        os.removexattr(target, _ACL)
    os.fchmod(target, stat.S_IMODE(wanted.st_mode))
