# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Empty tables in place of those that another machine's configuration names and that did not come with it.

Without them most of what is found in public repositories answers every client with a server error, and shows little else.
"""

import os
import re

from .installations import installations
from .localise import BUILT

TEXTS = ("cidr", "pcre", "regexp", "texthash")
# Of these, what a table says is elsewhere in any case.
SERVERS = ("mysql", "pgsql", "ldap", "sqlite", "memcache", "nis", "tcp", "socketmap", "dbm", "sdbm", "mongodb", "netinfo")
TABLE = re.compile(r"\b(%s):([^\s,;{}]+)" % "|".join((*BUILT, *TEXTS, *SERVERS)))
# Lists of which an item may be a file.
LIST = re.compile(r"^((?:mynetworks|mydestination|relay_domains|virtual_alias_domains|virtual_mailbox_domains)[ \t]*=(?:.*\n[ \t])*.*)$", re.MULTILINE)
FILE = re.compile(r"(?<=[\s,=!])/[^\s,]+")
FOLDER = "stand-in"


def stand_in(directory, postfix=None):
    """Give the copy that localise() made an empty table for each that is missing. Returns how many there are."""
    postfix, made = postfix or installations()[0], {}
    for name in ("main.cf", "master.cf"):
        path = os.path.join(directory, name)
        if os.path.exists(path):
            with open(path, encoding="utf-8", errors="surrogateescape", newline="") as stream:
                text = stream.read()
            text = TABLE.sub(lambda found: _table(directory, postfix, made, *found.groups()), text)
            text = LIST.sub(lambda found: FILE.sub(lambda file: _file(directory, made, file.group()), found.group()), text)
            with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
                stream.write(text)
    return len(made)


def _table(directory, postfix, made, kind, name):
    """The table to ask instead of kind:name: itself, where it is there, or cannot be told without knowing a parameter."""
    if "$" in name and not name.startswith("$config_directory/"):
        return kind + ":" + name
    path = name.replace("$config_directory", str(directory))
    if kind not in SERVERS and (kind in TEXTS and os.path.exists(path) or kind in BUILT and os.path.exists(path + BUILT[kind])):
        return kind + ":" + name
    if kind in SERVERS:
        kind = "hash"
    if (kind, name) not in made:
        made[kind, name] = _empty(directory, len(made))
        if kind in BUILT:
            postfix.postmap(kind, made[kind, name])
    return kind + ":" + made[kind, name]


def _file(directory, made, path):
    if os.path.exists(path):
        return path
    if ("file", path) not in made:
        made["file", path] = _empty(directory, len(made))
    return made["file", path]


def _empty(directory, number):
    folder = os.path.join(directory, FOLDER)
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "t%d" % number)
    with open(path, "w", encoding="ascii"):
        pass
    return path
