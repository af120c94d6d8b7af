# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one place where Postfix's language touches the file system: every table and list file is read through it."""

import os

from .commands import run
from .text import decode, encode


class Files(object):
    """Reads files as the daemons would.

    :param str postmap: path of postmap(1), or None where Postfix is not installed
    :param bool compiled_needed: whether an indexed table without its compiled map is broken (a host), or its source
        text may stand in for it (a copy of a configuration elsewhere)
    """

    def __init__(self, postmap: "str | None" = None, compiled_needed: bool = False) -> None:
        self.postmap = postmap
        self.compiled_needed = compiled_needed
        self.unreadable = []  # type: list[str]
        self._cache = {}  # type: dict[str, bytes | None]

    def read(self, path: str) -> "bytes | None":
        """Return the bytes of *path*, or None where it does not exist or cannot be read (then also in ``unreadable``)."""
        if path not in self._cache:
            self._cache[path] = self._read(path)
        return self._cache[path]

    def _read(self, path: str) -> "bytes | None":
        try:
            with open(path, "rb") as handle:
                return handle.read()
        except IOError:
            if os.path.exists(path):
                self.unreadable.append(path)
            return None

    @staticmethod
    def exists(path: str) -> bool:
        """Tell whether *path* exists."""
        return os.path.exists(path)

    @staticmethod
    def is_folder(path: str) -> bool:
        """Tell whether *path* is a directory."""
        return os.path.isdir(path)

    @staticmethod
    def newer(path: str, other: str) -> bool:
        """Tell whether *path* was written in a later second than *other*; False where one of them does not exist."""
        try:
            return int(os.path.getmtime(path)) > int(os.path.getmtime(other))
        except OSError:
            return False

    def ask(self, kind: str, name: str, keys: "list[str]") -> "dict[str, str] | None":
        """Return {key: value} as the host's postmap(1) answers for *keys*, or None where it cannot be asked (postmap -q -)."""
        if self.postmap is None:
            return None
        process = run([self.postmap, "-q", "-", "{0}:{1}".format(kind, name)], encode("".join(key + "\n" for key in keys)))
        out = decode(process.stdout)
        # Neither a key that was built here nor a line feed holds a tab; postmap ends with 1 where a key has no value.
        return dict(line.partition("\t")[::2] for line in out.split("\n") if "\t" in line) if process.returncode in (0, 1) else None

    def dump(self, kind: str, name: str, suffix: str) -> "dict[str, str] | None":
        """Return {key: value} of a compiled map, or None where there is no map or no postmap (postmap -s)."""
        if self.postmap is None or not os.path.exists(name + suffix):
            return None
        process = run([self.postmap, "-s", "{0}:{1}".format(kind, name)])
        if process.returncode != 0:
            return None
        entries = {}
        for line in decode(process.stdout).split("\n"):
            key, tab, value = line.partition("\t")
            if tab:
                entries[key] = value
        return entries
