# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of a commit, and what the next run does when it finds one.

The journal is in place before the first file is replaced and goes after the last, so whoever finds one knows that a run was
killed in between. Its entries name, for every file, the new text, the old file kept aside, and the digests of both.
"""

import contextlib
import json
import os
import re

from .fence import ANOTHER_THING, CommitError, Fence, explained
from .pending import NOTE, digest, go_back, is_empty, load

FILES = ("main.cf", "master.cf")
JOURNAL = ".relaylock-journal"

_TEMPORARY = re.compile(r"\..+\.relaylock-[0-9]+-(?:new|old)", re.DOTALL)
_KEYS = frozenset(("name", "new", "old", "backup", "keep", "old_sha256", "new_sha256"))


def temporary(name, kind):
    """The name of a temporary file beside `name`: kind `new` (the text to come) or `old` (the file that was)."""
    folder, base = os.path.split(name)
    return os.path.join(folder, ".%s.relaylock-%d-%s" % (base, os.getpid(), kind))


def entry(snapshot, new, backup, keep):
    """One file's line in the journal (dict). backup: the backup's name; keep: whether it is wanted once all went well."""
    return {
        "name": snapshot.name, "new": temporary(snapshot.name, "new"), "old": temporary(snapshot.name, "old"),
        "backup": backup, "keep": keep, "old_sha256": digest(snapshot.bytes), "new_sha256": digest(new),
    }


def write(fence, entries):
    """Put the journal in place, on disk. Raises OSError."""
    part = temporary(JOURNAL, "new")
    fence.create(part, json.dumps(entries, indent=1).encode("ascii"))
    fence.rename(part, JOURNAL)
    sync(fence, entries)


def sync(fence, entries):
    """Have every folder concerned on disk."""
    for folder in sorted({os.path.dirname(each["name"]) for each in entries} | {""}):
        fence.sync(folder or ".")


def keep_backups(fence, entries):
    """The old files get the names of their backups. Raises OSError."""
    for each in entries:
        if fence.has(each["old"]):
            fence.rename(each["old"], each["backup"])


def finish(fence, entries):
    """All files are replaced: have that on disk, keep the backups that are wanted, close. Raises OSError, and nothing is lost."""
    sync(fence, entries)
    keep_backups(fence, [each for each in entries if each["keep"]])
    sync(fence, entries)
    close(fence, entries)


def close(fence, entries):
    """Remove the journal, which is the end; raises OSError.

    What is left beside the files is rubbish then: if it stays, recover() takes it.
    """
    fence.remove(JOURNAL)
    with contextlib.suppress(OSError):  # should the removal be lost in a power cut, recover() finds all done
        fence.sync()
    for name in [each[kind] for each in entries for kind in ("old", "new")] + [temporary(JOURNAL, "new")]:
        with contextlib.suppress(OSError):
            fence.remove(name)


def undo(fence, entries):
    """Put the old file back wherever the new one stands, then clear up.

    A file that someone else has changed since it was replaced stays as it is, and the old one becomes its backup; returns
    these entries. Raises CommitError where a file cannot be put back (all is kept for the next try), OSError where only the
    journal cannot be removed.
    """
    left = []
    for each in reversed(entries):
        with explained("put the old file back", fence.full(each["name"])):
            if _is_replaced(fence, each):
                state = _state(fence, each)
                if state == "new":
                    fence.rename(each["old"] if fence.has(each["old"]) else each["backup"], each["name"])
                elif state == "foreign":
                    left.append(each)
    with explained("put the old files back for good", fence.path):
        sync(fence, entries)
        keep_backups(fence, left)
    close(fence, entries)
    return left


def recover(config_directory, check_mode=False):
    """Clear up after a run that was killed in this directory. To be called before read().

    Where all files had been replaced, the run is finished; else the old files come back, save where someone has changed one
    since. Temporary files of dead runs go: that they are dead shows by the lock, which a live run holds (a process id proves
    nothing across containers). check_mode: only say so. Returns what was done (str), or None where there was nothing to do, which
    takes no lock and writes nothing. Raises CommitError, also where another run is at work.
    """
    with Fence(config_directory) as fence, explained("clear up after a killed run", fence.path):
        if not (fence.has(JOURNAL) or _strays(fence) or load(fence)["back"]):
            return None
        fence.lock()
        message = _settle(fence, check_mode) if fence.has(JOURNAL) else None
        if load(fence)["back"]:
            message = "An earlier run was killed while it put the old files back: they come back now."
            if not check_mode:
                go_back(fence, load(fence))
        strays = _strays(fence)
        if not check_mode:
            strays = [name for name in strays if _drop(fence, name)]
        if strays and not message:
            message = "An earlier run was killed before it changed anything; its temporary files go: %s." % ", ".join(strays)
        return message


def _settle(fence, check_mode):
    """Decide by what stands there now, act unless in check mode, and say it."""
    entries = _load(fence)
    replaced = [each for each in entries if _is_replaced(fence, each)]
    states = [_state(fence, each) for each in entries]
    files = ", ".join(each["name"] for each in entries if each["name"] != NOTE)
    if len(replaced) == len(entries):
        if not check_mode:
            finish(fence, entries)
        return "An earlier run was killed after it had replaced its last file; its work stays: %s." % files
    if not check_mode:
        undo(fence, entries)
    fates = ", ".join(_fate(each, each in replaced, state) for each, state in zip(entries, states) if each["name"] != NOTE)
    return "An earlier run was killed half way (%s): %s." % (files, fates)


def _fate(each, was_replaced, state):
    if was_replaced and state == "new":
        return "%s is the old file again" % each["name"]
    if was_replaced and state == "foreign":
        return "%s has been changed by someone else since and stays, its old text is in %s" % (each["name"], each["backup"])
    return "%s stays as it is" % each["name"]


def _is_replaced(fence, each):
    """By names alone: a rename takes the new text's temporary name away as it puts it in place, and the old one's as it puts it back."""
    return fence.has(JOURNAL) and not fence.has(each["new"]) and (fence.has(each["old"]) or fence.has(each["backup"]))


def _state(fence, each):
    """Which file stands there: old, new or foreign. Raises OSError where that cannot be read."""
    try:
        found = digest(fence.read(each["name"])[1])
    except OSError as error:
        if error.errno not in ANOTHER_THING:
            raise
        return "foreign"
    return {each["old_sha256"]: "old", each["new_sha256"]: "new"}.get(found, "foreign")


def _strays(fence):
    """Temporary files of any run, in the folders that main.cf and master.cf are in."""
    folders = {"."}
    for name in FILES:
        folder = os.path.dirname(os.path.realpath(fence.full(name)))
        if os.path.commonpath((folder, fence.path)) == fence.path:
            folders.add(os.path.relpath(folder, fence.path))
    found = [os.path.normpath(os.path.join(folder, name)) for folder in sorted(folders)
             for name in fence.names(folder) if _TEMPORARY.fullmatch(name)]
    found += [name for name in FILES if fence.left_postfix_lock(name)]
    return found + ([NOTE] if is_empty(fence) else [])


def _drop(fence, name):
    """Remove a stray: a temporary file of ours, or the lock on one of FILES. Whether it is gone."""
    if name in FILES:
        return fence.drop_postfix_lock(name)
    fence.remove(name)
    return True


def _load(fence):
    try:
        entries = json.loads(fence.read(JOURNAL)[1].decode("ascii"))
        if isinstance(entries, list) and entries and all(set(each) == _KEYS and _is_within(each) for each in entries):
            return entries
    except (OSError, ValueError, TypeError):
        pass
    raise CommitError("is no journal that this collection wrote. Compare main.cf and master.cf with their backups, then remove it.",
                      fence.full(JOURNAL))


def _is_within(each):
    """Whether an entry's names stay in the folder of its file, and that within the fence."""
    names = [os.path.normpath(each[key]) for key in ("name", "new", "old", "backup")]
    return len({os.path.dirname(name) for name in names}) == 1 and not names[0].startswith(("/", ".."))
