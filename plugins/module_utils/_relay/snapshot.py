# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read of one file, so that a commit can tell whether it is still the same."""

import collections
import errno
import os
import stat

from .fence import ANOTHER_THING, CommitError, explained, read_regular

Identity = collections.namedtuple("Identity", "st_dev st_ino st_size st_mtime_ns mode uid gid")

_MOST_LINKS = 40  # as the kernel has it (path_resolution(7))


class Snapshot:
    """One file as it was read.

    path (str): as named; resolved (str): the real path, links followed once and for all; bytes; identity (Identity);
    config_directory (str): its real path, the fence; outside (bool): a link leads out of the fence, so it is not to be
    written; links (int): names that the file has in all.
    """

    __slots__ = ("path", "resolved", "bytes", "identity", "config_directory", "outside", "links")

    def __init__(self, path, resolved, data, status, config_directory, outside):
        self.path = path
        self.resolved = resolved
        self.bytes = data
        self.identity = _identity(status)
        self.config_directory = config_directory
        self.outside = outside
        self.links = status.st_nlink

    @property
    def name(self):
        """The resolved path, from the configuration directory on."""
        return os.path.relpath(self.resolved, self.config_directory)


def read(path, config_directory):
    """Read one file of a configuration directory: a Snapshot.

    Reading through a link that leads out is allowed; commit() refuses it. Raises CommitError where the file is missing,
    no regular file, unreadable, or being written.
    """
    fence = os.path.realpath(config_directory)
    with explained("follow it", path):
        resolved, outside = _resolve(path, fence)
    try:
        status, data = read_regular(resolved)
    except OSError as error:
        raise _unreadable(error, path, resolved)
    return Snapshot(path, resolved, data, status, fence, outside)


def check(changes):
    """Refuse what commit() would refuse whatever happens; writes nothing, so that check mode can ask too.

    changes: [(Snapshot, bytes)]. Raises CommitError for a link that leads out of the configuration directory, for a file
    with a second name (a rename would part the two names, writing in place could be cut short), for two directories.
    """
    for snapshot, new in changes:
        if new == snapshot.bytes:
            continue
        if snapshot.config_directory != changes[0][0].config_directory:
            raise CommitError("is in another configuration directory than %s. Commit one directory at a time." % changes[0][0].path,
                              snapshot.path)
        if snapshot.outside:
            raise CommitError("is a link that leads out of %s to %s, which is not ours to change. Edit the file there, or put a copy "
                              "in the link's place." % (snapshot.config_directory, snapshot.resolved), snapshot.path)
        if snapshot.links > 1:
            raise CommitError("has %d names (hard links), and the others would keep the old text. Find them with "
                              "find / -xdev -samefile %s, and make it a file of its own: copy it (cp -p) and move the copy over it."
                              % (snapshot.links, snapshot.resolved), snapshot.path)


def ensure_unchanged(snapshot, fence):
    """Raise CommitError unless the file is still the one that was read: link, identity and bytes."""
    with explained("read it again", snapshot.path):
        try:
            status, data = fence.read(snapshot.name)
            same = (_identity(status) == snapshot.identity and data == snapshot.bytes
                    and _resolve(snapshot.path, fence.path) == (snapshot.resolved, False))
        except OSError as error:
            if error.errno not in ANOTHER_THING:
                raise
            same = False
    if not same:
        raise changed(snapshot)


def changed(snapshot):
    """The CommitError for an edit by someone else."""
    return CommitError("changed by someone else since it was read; their edit stays. Run again to judge the file as it is now.",
                       snapshot.path)


def _identity(status):
    return Identity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns,
                    stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid)


def _resolve(path, fence):
    """Follow links hop by hop: (real path, whether any hop is outside the fence). Raises OSError (ELOOP)."""
    outside = False
    for _dummy in range(_MOST_LINKS):
        folder, name = os.path.split(path)
        path = os.path.join(os.path.realpath(folder or "."), name)
        outside = outside or os.path.commonpath((path, fence)) != fence
        if not os.path.islink(path):
            return path, outside
        path = os.path.join(os.path.dirname(path), os.readlink(path))
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def _unreadable(error, path, resolved):
    by_link = " (a link to %s)" % resolved if os.path.islink(path) else ""
    if error.errno == errno.ENOENT:
        return CommitError("there is no such file%s. Is config_directory right?" % by_link, path)
    if error.errno == errno.EISDIR:
        return CommitError("is a directory%s, where a file is wanted. Is config_directory right?" % by_link, path)
    if error.errno in (errno.EINVAL, errno.ENXIO):
        return CommitError("is no regular file%s. Put a plain text file in its place." % by_link, path)
    if error.errno == errno.EAGAIN:
        return CommitError("is being written right now%s. Run again when that is done." % by_link, path)
    return CommitError("cannot be read%s: %s. Run as root or as its owner." % (by_link, os.strerror(error.errno)), path)
