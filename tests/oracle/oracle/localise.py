# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make a configuration directory of another machine startable here.

Only paths change: those below the configuration directory, of the alias file and of /etc/mailname, which then lead
into the copy. What else belongs to the other machine (queue, users, certificates, chroot) start() overrides or ignores.
"""

import os
import re
import shutil

from .installations import installations

STOCK_DIRECTORIES = (b"/etc/postfix", b"/usr/local/etc/postfix")
FILES = {"aliases": "postmaster: root\n", "mailname": "oracle.example\n"}
# These are built from a text file of the same name.
BUILT = {"hash": ".db", "btree": ".db", "lmdb": ".lmdb", "cdb": ".cdb"}
TABLE = re.compile(rb"\b(hash|btree|lmdb|cdb):(/[^\s,;{}]+)")


def localise(config, target, postfix=None):
    """Copy a configuration directory so that the daemons find everything there is of it.

    config   path of the directory, with main.cf; it is only read
    target   path of the copy, must not exist
    postfix  builds the tables that have a source; default: the first of installations()
    Returns target. Raises FileExistsError, FileNotFoundError.
    """
    shutil.copytree(config, target)
    here = os.path.abspath(target).encode()
    for name, text in FILES.items():
        if not os.path.exists(os.path.join(target, name)):
            with open(os.path.join(target, name), "w", encoding="ascii") as stream:
                stream.write(text)
    texts = []
    for name in ("main.cf", "master.cf"):
        path = os.path.join(target, name)
        if os.path.exists(path):
            with open(path, "rb") as stream:
                text = stream.read()
            texts.append(_moved(text, here))
            with open(path, "wb") as stream:
                stream.write(texts[-1])
    _build(b"\n".join(texts), here, postfix or installations()[0])
    return target


def _moved(text, here):
    own = re.findall(rb"^config_directory[ \t]*=[ \t]*(/\S+)", text, re.MULTILINE)
    for directory in list(STOCK_DIRECTORIES) + own:
        text = re.sub(re.escape(directory) + rb"(?=/|[\s,]|$)", lambda _found: here, text)
    names = "|".join(FILES).encode()
    return re.sub(rb"(?<![\w/.-])/etc/(" + names + rb")(?![\w/.-])", lambda found: here + b"/" + found.group(1), text)


def _build(text, here, postfix):
    for kind, path in sorted(set(TABLE.findall(text))):
        kind, path = kind.decode(), os.fsdecode(path)
        if path.startswith(os.fsdecode(here)) and os.path.exists(path) and not os.path.exists(path + BUILT[kind]):
            postfix.postmap(kind, path, alias=path.endswith("aliases"))
