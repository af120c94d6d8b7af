# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a plan to files: validated, then put in place all or nothing; in check mode neither is written."""

from .commit import commit, pending
from .fence import CommitError
from .journal import recover
from .snapshot import read
from .validate import validate


def recovered(directory, check_mode):
    """Finish or undo what a run that was cut off has left (in check mode: only say so); return that as a result."""
    try:
        message = recover(directory, check_mode)
    except CommitError:
        # No such directory, or not ours to write: reading it next says so with the reason.
        return {}
    return {"recovered": message} if message else {}


def still_pending(directory):
    """What an earlier run has put in place and not into service, as a result's field "recovered"; {} where there is nothing."""
    if pending(directory) is None:
        return {}
    return {"recovered": "An earlier run was cut off before Postfix had proved itself with its files; they are not in service for certain."}


def changed_documents(before, after):
    """Return [(document before, document after)] of the files that a plan changes, main.cf first."""
    pairs = [(before.main, after.main), (before.master, after.master)]
    return [(old, new) for old, new in pairs if old is not None and old.to_bytes() != new.to_bytes()]


def pending_results(directory):
    """What is in place and not in service yet, as the fields of a result. Raises CommitError."""
    files = pending(directory)
    return {"pending": files is not None, "pending_backups": files or []}


def apply_plan(directory, after, documents, options, check_mode, scratch):
    """Validate and commit, as the options validate, backup and mark_pending say.

    :returns: {"validated": bool, "backup_files": [{"file", "backup"}]}
    :raises Refused: where Postfix refuses the new files; CommitError: where they cannot be put in place
    """
    if not documents:
        return {"validated": False, "backup_files": []}
    snapshots = [(read(old.path, directory), old, new) for old, new in documents]
    for snapshot, old, dummy in snapshots:
        if snapshot.bytes != old.to_bytes():
            raise CommitError("was changed by someone else while it was judged. Run again.", old.path)
    master = after.master.to_bytes() if after.master is not None else None
    validated = validate(scratch, after.main.to_bytes(), master) if options["validate"] else False
    if check_mode:
        return {"validated": validated, "backup_files": []}
    changes = [(snapshot, new.to_bytes()) for snapshot, dummy, new in snapshots]
    return {"validated": validated, "backup_files": commit(changes, options["backup"], options["mark_pending"])}
