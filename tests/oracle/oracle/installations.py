# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Postfix versions that can be asked on this machine."""

import functools
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field

from . import debian


@dataclass(frozen=True)
class Postfix:
    """One installation.

    label              "3.7.11"
    daemon_directory   where smtpd is
    command_directory  where postconf and postmap are
    prefix             path of the unpacked packages' root, "" for the host's own Postfix
    loader             the dynamic linker with its options that starts its programs; empty for the host's own
    """

    label: str
    daemon_directory: str
    command_directory: str
    prefix: str = ""
    loader: tuple = field(default=())

    @property
    def version(self):
        """(3, 7): for comparisons."""
        return tuple(int(n) for n in re.findall(r"\d+", self.label)[:2])

    def __str__(self):
        return self.label

    def _command(self, path, arguments):
        argv = list(self.loader) + [path] + list(arguments)
        return argv[0], argv

    def daemon_command(self, name, arguments):
        """(path, argv) to start a daemon with."""
        return self._command(os.path.join(self.daemon_directory, name), arguments)

    def tool(self, name, *arguments):
        """Run postconf or postmap; returns CompletedProcess with text output."""
        _path, argv = self._command(os.path.join(self.command_directory, name), arguments)
        return subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True, check=False)

    def postmap(self, kind, path, alias=False):
        """Build a table from its text file with postmap(1) or postalias(1). Raises RuntimeError."""
        where = ["-c", self.prefix + "/etc/postfix"] if self.prefix else []
        found = self.tool("postalias" if alias else "postmap", *where, "%s:%s" % (kind, path))
        if found.returncode != 0:
            raise RuntimeError(found.stderr.strip())

    def overrides(self):
        """Parameters that tell an unpacked Postfix where its parts are."""
        if not self.prefix:
            return {}
        inside = self.prefix.rstrip("/")
        return {"meta_directory": inside + "/etc/postfix", "shlib_directory": inside + "/usr/lib/postfix",
                "daemon_directory": self.daemon_directory, "command_directory": self.command_directory}


def _host():
    postconf = shutil.which("postconf", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if not postconf:
        return None
    values = {}
    for name in ("mail_version", "daemon_directory", "command_directory"):
        # -d: whatever the host's own main.cf says
        values[name] = subprocess.run([postconf, "-dh", name], stdout=subprocess.PIPE, check=True,
                                      universal_newlines=True).stdout.strip()
    return Postfix(values["mail_version"], values["daemon_directory"], values["command_directory"])


@functools.lru_cache(maxsize=1)
def _found():
    present, absent = [], {}
    host = _host()
    if host:
        present.append(host)
    else:
        absent["host"] = "no postconf in PATH"
    for suite in debian.SUITES:
        try:
            parts = debian.unpacked(suite)
        except debian.Unavailable as error:
            absent[suite] = str(error)
            continue
        if any(p.label == parts["label"] for p in present):
            continue
        present.append(Postfix(**parts))
    return tuple(present), absent


def installations():
    """Every Postfix that can be asked here, the host's own first; a list of Postfix."""
    return list(_found()[0])


def missing():
    """{suite: why it cannot be asked here}."""
    return dict(_found()[1])
