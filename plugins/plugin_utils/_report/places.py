# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where in a repository the file of a finding is: for people who keep copies of their main.cf in git."""

import posixpath
import re

# The usual place of what a repository keeps for each of its hosts.
LAYOUT = "{host}/{path}"

DEFAULT_DIRECTORY = "/etc/postfix"


def of_finding(one, finding):
    """Return (path on the host, line) of a finding of an instance, also where a default is in force, which stands in no file.

    Then it is the place of the lines that let the stranger in, else the start of main.cf.
    """
    if finding["file"]:
        return finding["file"], finding["line"] or 1
    if finding["id"] == "stranger_relays":
        for listener in one["listeners"]:
            for why in listener["because"]:
                if listener["service"] == finding["service"] and why["file"]:
                    return why["file"], why["line"] or 1
    return posixpath.join(one["config_directory"] or DEFAULT_DIRECTORY, "main.cf"), 1


def in_repository(path, host, repository=None, layout=LAYOUT):
    """Return the relative path in the repository for a file of a host.

    :param str repository: absolute path of the repository's folder; a file below it is where it is
    :param str layout: where the copies of the hosts' files are; {host} and {path} stand for the name and the absolute path
    """
    path = posixpath.normpath(path)
    if not posixpath.isabs(path) and path.split("/")[0] != "..":
        return path
    root = None if repository is None else posixpath.join(posixpath.normpath(repository), "")
    if root and path.startswith(root):
        return path[len(root):]
    # A host's name is one step of the path, whatever characters it has.
    values = {"host": host.replace("/", "_") if host.strip(".") else "_", "path": posixpath.normpath("/" + path).lstrip("/")}
    laid_out = re.sub(r"\{(host|path)\}", lambda found: values[found.group(1)], layout)
    return posixpath.normpath("/" + laid_out).lstrip("/") or "main.cf"
