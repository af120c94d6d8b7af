# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the installed Postfix whether it can read new files, before they are put in place."""

import os
import shutil
import tempfile

from .._postfix.commands import run
from .host import find_command


class Refused(Exception):
    """Postfix's own words about files that it refuses."""


def validate(folder, main_bytes, master_bytes):
    """Let postconf(1) and the daemons' parameter initialisation (through postmap(1)) read the new files.

    :param str folder: where a scratch directory may be made
    :returns: whether a Postfix was there to ask
    :raises Refused: with its reason
    """
    postconf, postmap = find_command("postconf"), find_command("postmap")
    if postconf is None or postmap is None:
        return False
    scratch = tempfile.mkdtemp(prefix="relaylock-", dir=folder)
    try:
        for name, data in (("main.cf", main_bytes), ("master.cf", master_bytes)):
            with open(os.path.join(scratch, name), "wb") as handle:
                handle.write(data or b"")
            # Postfix waits a second or two before it reads a file that was just written, lest more is to come.
            os.utime(os.path.join(scratch, name), (0, 0))
        for command in ([postconf, "-c", scratch, "-n"], [postmap, "-c", scratch, "-q", "x", "static:y"]):
            process = run(command)
            if process.returncode != 0:
                raise Refused(process.stderr.decode("utf-8", "replace").strip().replace(scratch + os.sep, ""))
    finally:
        shutil.rmtree(scratch)
    return True
