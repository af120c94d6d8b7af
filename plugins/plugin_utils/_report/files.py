# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a report: read an earlier one, write each new one whole or not at all."""

import json
import os
import tempfile

from .compare import earlier_document
from .document import SCHEMA_VERSION


def read_earlier(path):
    """Return the earlier document in a file, as document.make() takes it.

    :raises OSError: if it cannot be read
    :raises ValueError: if it is no such document
    """
    with open(path, encoding="utf-8") as stream:
        try:
            return earlier_document(json.load(stream), SCHEMA_VERSION)
        except RecursionError:
            raise ValueError("it is nested too deeply")


def write(path, text, mode=None):
    """Put *text* into the file *path*, making its folder; whoever looks sees the old file or the new one.

    :param int mode: the file's mode; by default what the umask leaves of 0666
    :raises OSError: if that fails; the old file is then as it was
    """
    folder = os.path.dirname(path) or "."
    os.makedirs(folder, exist_ok=True)
    # Hidden, and with another ending: node_exporter reads every *.prom it finds.
    handle, temporary = tempfile.mkstemp(prefix=".{0}.".format(os.path.basename(path)), suffix=".tmp", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            os.fchmod(stream.fileno(), 0o666 & ~_umask() if mode is None else mode)
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask():
    # There is no way to read it but to set it. Callbacks are called one at a time, and a worker that is forked meanwhile
    # has one that is stricter, not wider.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
