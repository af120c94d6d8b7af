# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a host's mail log is: files, rotated and compressed ones, or the journal; read as streams of octets."""

import bz2
import glob
import gzip
import lzma
import os
import subprocess
import zlib

# Where syslog daemons write the facility mail; the first that exists counts.
USUAL = ("/var/log/mail.log", "/var/log/maillog", "/var/log/mail", "/var/log/mail/mail.log", "/var/log/mail.info")
OPENERS = {".gz": gzip.open, ".xz": lzma.open, ".bz2": bz2.open}
BLOCK = 1 << 20  # octets
# The journal's lines as syslog would have them, with time stamps of ISO 8601; facility 2 is mail (RFC 5424, section 6.2.1).
JOURNAL = ("journalctl", "--quiet", "--no-pager", "--output=short-iso-precise", "SYSLOG_FACILITY=2")
SHOWN = "journal"
# What reading a file that is cut off, broken or gone may raise.
ERRORS = (OSError, EOFError, lzma.LZMAError, zlib.error)


def find(named, maillog_file, since):
    """Return the paths of log files that may hold lines since then, the oldest first.

    :param named: paths, or None where nobody named any
    :param str maillog_file: the parameter of that name, or empty
    :param float since: seconds since the epoch
    """
    if named is not None:
        return list(named)
    current = [path for path in ((maillog_file,) if maillog_file.startswith("/") else USUAL) if os.path.exists(path)][:1]
    found = [path for one in current for path in glob.glob(glob.escape(one) + "*") if _is_log(one, path)]
    dated = sorted((os.path.getmtime(path), path) for path in found)
    return [path for changed, path in dated if changed >= since]


def _is_log(current, path):
    """Tell whether a path is a log or one that rotation has made of it: .1, .2.gz, -20260102.xz, .20260102-030405.gz."""
    rest = path[len(current):]
    stem, suffix = os.path.splitext(rest)
    rest = stem if suffix in OPENERS or suffix == ".zst" else rest
    return os.path.isfile(path) and (not rest or rest[0] in ".-" and rest[1:].replace("-", "").replace(".", "").isdigit())


def blocks(path):
    """Yield blocks of whole lines, octets. :raises ERRORS: where it cannot be read any further; what came before counts"""
    suffix = os.path.splitext(path)[1]
    if suffix == ".zst":
        raise OSError("zstd is nothing that Python's library reads: decompress it first")
    with OPENERS.get(suffix, open)(path, "rb") as stream:
        yield from _whole_lines(stream.read)


def journal(since):
    """Yield blocks of the journal since then. :raises OSError: where there is none"""
    # A journal is read as it comes; run_command of a module would hold all of it.
    # pylint: disable-next=ansible-bad-function
    with subprocess.Popen(JOURNAL + ("--since=@%d" % since,), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        yield from _whole_lines(process.stdout.read)


def _whole_lines(read):
    rest = b""
    while True:
        try:
            data = read(BLOCK)
        except ERRORS:
            if rest:
                yield rest
            raise
        if not data:
            break
        head, newline, tail = data.rpartition(b"\n")
        if newline:
            yield rest + head + newline
            rest = tail
        else:
            # A line without an end is no line of Postfix's; a piece of it is as good as the whole.
            rest = (rest + data)[-BLOCK:]
    if rest:
        yield rest
