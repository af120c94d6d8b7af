# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put new bytes for main.cf, master.cf or both in place, all or nothing.

    recover() -> read() -> ... -> commit()

The new text is written beside the old file and renamed over it. The old file keeps its inode: it gets a second name first, so
putting it back brings back the very file, and an edit in place that comes at the last moment is seen and kept. A run that is
killed leaves a journal that recover() of the next run reads. Runs keep each other out by a lock on the directory, and `postconf -e`
by Postfix's own lock. Another editor's rename in the instant between the last look and ours would go unseen: the system has no
portable call that compares and renames in one step.
"""

import contextlib
import errno
import os
import re
import time

from .fence import CommitError, Fence, explained
from .journal import JOURNAL, entry, finish, recover, undo, write
from .pending import NOTE, drop_empty, dump, extended, load, pending
from .snapshot import Snapshot, changed, check, ensure_unchanged, read

__all__ = ("CommitError", "Snapshot", "check", "commit", "pending", "read", "recover", "restore")

KEPT_BACKUPS = 5  # of each file
_NO_LINK_HERE = frozenset((errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS, errno.EXDEV))


def commit(changes: "list[tuple[Snapshot, bytes]]", backup: bool = True, mark_pending: bool = False) -> "list[dict]":
    """Put new bytes in place of what was read.

    changes: [(Snapshot, bytes)], all of one configuration directory, replaced in this order; where the bytes are the same nothing
    is touched. backup: keep the old file as NAME.relaylock-YYYYMMDDTHHMMSSZ (UTC) beside it, the newest five of each file.
    mark_pending: leave a note of what is not in service yet (pending.py), and the backups with it; a note that is there already is
    kept up in any case. Returns [{"file": path as named, "backup": path or None}] of what was replaced. Raises CommitError, and
    then the old files are in place, with nothing beside them, unless the message says otherwise.
    """
    changes = [(snapshot, new) for snapshot, new in changes if new != snapshot.bytes]
    if not changes:
        return []
    check(changes)
    with Fence(changes[0][0].config_directory) as fence, explained("change it", fence.path):
        fence.lock()
        if fence.has(JOURNAL) or load(fence)["back"]:
            raise CommitError("an earlier run was killed half way. recover() first.", fence.full(JOURNAL))
        mark_pending = mark_pending or fence.has(NOTE)
        entries = _entries(fence, changes, backup or mark_pending)
        _all_or_nothing(fence, changes, entries, mark_pending)
        _prune(fence, entries)
    return [{"file": snapshot.path, "backup": fence.full(each["backup"]) if each["keep"] else None}
            for (snapshot, _dummy), each in zip(changes, entries)]


def _all_or_nothing(fence: Fence, changes: "list[tuple[Snapshot, bytes]]", entries: "list[dict]", mark_pending: bool) -> None:
    changes, entries = list(changes), list(entries)
    try:
        if mark_pending:
            change, line = _note(fence, changes, entries)
            changes.append(change)
            entries.append(line)
        _carry_out(fence, changes, entries)
    except BaseException as error:
        try:
            _take_back(fence, entries, error)
        finally:
            drop_empty(fence)
        raise


def _note(fence: Fence, changes: "list[tuple[Snapshot, bytes]]", entries: "list[dict]") -> "tuple[tuple[Snapshot, bytes], dict]":
    """The note, as one more file to replace: the change and its line in the journal. Where there is none it begins empty."""
    note = load(fence)
    if not fence.has(NOTE):
        with explained("write the note %s" % NOTE, fence.path):
            fence.create(NOTE, b"")
    snapshot = read(fence.full(NOTE), fence.path)
    new = dump(extended(note, entries, [each.bytes for each, _dummy in changes], fence))
    return (snapshot, new), entry(snapshot, new, entries[0]["backup"].replace(entries[0]["name"], NOTE), keep=False)


def restore(backups: "list[dict]") -> None:
    """Put the old bytes back: what commit() returned, as one commit of its own. Raises CommitError."""
    changes = []
    for each in backups:
        if each["backup"] is None:
            raise CommitError("there is no backup of it to put back.", each["file"])
        folder = os.path.dirname(each["file"]) or "."
        changes.append((read(each["file"], folder), read(each["backup"], folder).bytes))
    commit(changes, backup=False)


def _entries(fence: Fence, changes: "list[tuple[Snapshot, bytes]]", backup: bool) -> "list[dict]":
    names = [snapshot.name for snapshot, _dummy in changes]
    stamp = _free_stamp(fence, names)
    return [entry(snapshot, new, "%s.relaylock-%s" % (name, stamp), backup) for name, (snapshot, new) in zip(names, changes)]


def _free_stamp(fence: Fence, names: "list[str]") -> str:
    """Now, or the next second that no backup bears yet."""
    moment = time.time()
    while True:
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(moment))
        if not any(fence.has("%s.relaylock-%s" % (name, stamp)) for name in names):
            return stamp
        moment += 1


def _carry_out(fence: Fence, changes: "list[tuple[Snapshot, bytes]]", entries: "list[dict]") -> None:
    with contextlib.ExitStack() as locks:
        for snapshot in (snapshot for snapshot, _dummy in changes if snapshot.name != NOTE):
            locks.enter_context(fence.postfix_lock(os.path.relpath(_named(snapshot), fence.path)))
        for (snapshot, new), each in zip(changes, entries):
            _prepare(fence, snapshot, new, each)
        with explained("write the journal %s" % JOURNAL, fence.path):
            write(fence, entries)
        for (snapshot, _dummy), each in zip(changes, entries):
            _replace(fence, snapshot, each)
        with explained("complete the change", fence.path):
            finish(fence, entries)


def _named(snapshot: Snapshot) -> str:
    folder, base = os.path.split(snapshot.path)
    return os.path.join(os.path.realpath(folder or "."), base)


def _prepare(fence: Fence, snapshot: Snapshot, new: bytes, each: dict) -> None:
    """The new text and the old file, both beside the file that is still in place."""
    ensure_unchanged(snapshot, fence)
    with explained("write the new text beside it", snapshot.path):
        fence.create(each["new"], new, like=each["name"])
    with explained("keep the old file beside it", snapshot.path):
        try:
            fence.link(each["name"], each["old"])
            fence.sync(each["old"])
        except OSError as error:
            if error.errno not in _NO_LINK_HERE:
                raise
            fence.create(each["old"], snapshot.bytes, like=each["name"], times=True)


def _replace(fence: Fence, snapshot: Snapshot, each: dict) -> None:
    ensure_unchanged(snapshot, fence)
    with explained("replace it", snapshot.path):
        fence.rename(each["new"], each["name"])
        if fence.read(each["old"])[1] != snapshot.bytes:  # written in place since we looked
            raise changed(snapshot)


def _take_back(fence: Fence, entries: "list[dict]", error: BaseException) -> None:
    """After a failure: as if nothing had been. Raises CommitError where that fails too; the journal then stays for recover()."""
    try:
        left = undo(fence, entries)
    except OSError:
        return  # the files are the old ones; what lies beside them goes with the next run
    except CommitError as second:
        raise CommitError("%s After that: %s The old files are kept beside it; the next run settles it, all old or all new."
                          % (getattr(error, "message", error), second), getattr(error, "file", second.file))
    if left:
        raise CommitError("%s %s" % (getattr(error, "message", error), " ".join(
            "%s has been changed by someone else meanwhile and stays, its old text is in %s." % (each["name"], each["backup"])
            for each in left)), getattr(error, "file", fence.path))


def _prune(fence: Fence, entries: "list[dict]") -> None:
    """Let old backups go, save what the note counts on. The change itself is done: what cannot be removed stays, without a word."""
    with contextlib.suppress(OSError, CommitError):
        needed = [each["backup"] for each in load(fence)["files"]]
        for each in entries:
            if each["keep"]:
                folder, base = os.path.split(each["name"])
                pattern = re.compile(re.escape(base) + r"\.relaylock-[0-9]{8}T[0-9]{6}Z")
                others = [name for name in fence.names(folder or ".") if pattern.fullmatch(name)]  # sorted, and so by age
                others.remove(os.path.basename(each["backup"]))
                for name in (os.path.join(folder, other) for other in others[:1 - KEPT_BACKUPS]):
                    if name not in needed:
                        fence.remove(name)
