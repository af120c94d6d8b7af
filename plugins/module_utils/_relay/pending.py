# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The note that files in place are not in service yet, for whoever reloads Postfix: this run, or the next if this one is cut off.

A commit replaces the note in the same transaction as the files. Whoever reloads takes it away once the new files have proved
themselves, or the old ones are back. It is JSON:

    {"back": whether the old files are on their way back,
     "files": [{"name": path from the configuration directory on, "backup": the last text that was in service, likewise,
                "sha256": digest of the text that we put in place}]}

An empty note says that nothing is pending: it is there while the first real one is on its way.
"""

import contextlib
import hashlib
import json
import os
import stat

from .fence import ANOTHER_THING, CommitError, Fence, explained

NOTE = ".relaylock-pending"
_KEYS = frozenset(("name", "backup", "sha256"))


def digest(data):
    """SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def load(fence):
    """The note as a dict, of no files where there is none. Raises CommitError for one that is not ours, OSError."""
    if not fence.has(NOTE):
        return {"back": False, "files": []}
    try:
        data = fence.read(NOTE)[1]
        note = json.loads(data.decode("ascii")) if data else {"back": False, "files": []}  # type: dict
        if set(note) == {"back", "files"} and all(set(each) == _KEYS and _is_within(each) for each in note["files"]):
            return note
    except (ValueError, TypeError):
        pass
    except OSError as error:
        if error.errno not in ANOTHER_THING:
            raise
    raise CommitError("is no note that this collection wrote. See that Postfix serves with the files as they are, then remove it.",
                      fence.full(NOTE))


def dump(note):
    """The bytes of a note."""
    return json.dumps(note, indent=1, sort_keys=True).encode("ascii")


def extended(note, entries, texts, fence):
    """The note after one more commit. entries: the files' lines in its journal; texts: their bytes so far, in the same order.

    The way back leads to the last text that was in service. So a file that is still as we left it keeps the backup it has; one
    that someone has edited since goes back to that edit.
    """
    files = {each["name"]: each for each in note["files"]}
    for each, text in zip(entries, texts):
        former = files.get(each["name"])
        stands = former is not None and former["sha256"] == digest(text) and fence.has(former["backup"])
        backup = former["backup"] if former is not None and stands else each["backup"]
        files[each["name"]] = {"name": each["name"], "backup": backup, "sha256": each["new_sha256"]}
    return {"back": False, "files": sorted(files.values(), key=lambda each: each["name"])}


def is_empty(fence):
    """Whether there is a note that says nothing."""
    try:
        status = os.stat(NOTE, dir_fd=fence.descriptor, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return stat.S_ISREG(status.st_mode) and not status.st_size


def drop_empty(fence):
    """Take such a note away. If it stays, recover() takes it."""
    with contextlib.suppress(OSError):
        if is_empty(fence):
            fence.remove(NOTE)


def go_back(fence, note):
    """Finish what was cut off: the old files come back, and are pending themselves now. Raises OSError, and nothing is lost."""
    for each in note["files"]:
        if fence.same(each["backup"], each["name"]):
            fence.remove(each["backup"])
        elif fence.has(each["backup"]) and digest(fence.read(each["name"])[1]) == each["sha256"]:
            fence.rename(each["backup"], each["name"])
            fence.sync(os.path.dirname(each["name"]) or ".")
    part = ".%s.relaylock-%d-new" % (NOTE, os.getpid())
    fence.create(part, dump({"back": False, "files": []}))
    fence.rename(part, NOTE)
    fence.sync()


def pending(config_directory):
    """What is in place and not in service yet: None, or [{"file": path, "backup": path}]. Raises CommitError."""
    with Fence(config_directory) as fence, explained("read the note %s" % NOTE, fence.path):
        if not fence.has(NOTE) or is_empty(fence):
            return None
        return [{"file": fence.full(each["name"]), "backup": fence.full(each["backup"])} for each in load(fence)["files"]]


def _is_within(each):
    """Whether its names stay in the folder of the file, and that within the fence."""
    names = [os.path.normpath(each[key]) for key in ("name", "backup")]
    return len({os.path.dirname(name) for name in names}) == 1 and not names[0].startswith(("/", ".."))
