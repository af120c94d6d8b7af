# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the real postmap(1) answers: many tables and many keys in one process."""

import re
import shutil
import subprocess
from types import SimpleNamespace

POSTMAP = shutil.which("postmap", path="/usr/sbin:/usr/local/sbin")
POSTCONF = shutil.which("postconf", path="/usr/sbin:/usr/local/sbin")


def kinds():
    """Return the types of table that this Postfix has."""
    out = subprocess.run([POSTCONF, "-m"], stdout=subprocess.PIPE, check=True)
    return out.stdout.decode().split()


def ask(spec, keys, *options):
    """Ask the table *spec* for each of *keys*.

    :returns: answers: {key: value}, without keys that have none; log: what postmap said; code: its exit status
    """
    process = subprocess.run([POSTMAP, *options, "-q", "-", spec], input="".join(key + "\n" for key in keys).encode("utf-8", "surrogateescape"),
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    out = process.stdout.decode("utf-8", "surrogateescape")
    answers = dict(line.rsplit("\t", 1) for line in out.split("\n") if "\t" in line)
    return SimpleNamespace(answers=answers, log=process.stderr.decode("utf-8", "replace"), code=process.returncode)


def ask_each(folder, kind, patterns, keys):
    """Ask a table of its own for each of *patterns*, the text of a pattern with delimiters and flags.

    :returns: ([{key: True} for each pattern], the set of indices of patterns that Postfix skipped)
    """
    for number, pattern in enumerate(patterns):
        (folder / "t{0}".format(number)).write_bytes((pattern + " v{0}\n".format(number)).encode("utf-8", "surrogateescape"))
    spec = "unionmap:{" + ", ".join("{0}:{1}/t{2}".format(kind, folder, number) for number in range(len(patterns))) + "}"
    result = ask(spec, keys)
    found = [{} for dummy in patterns]
    for key, value in result.answers.items():
        for one in value.split(","):
            found[int(one[1:])][key] = True
    return found, {int(number) for number in re.findall(r"map {0}/t(\d+), line 1: (?!ignoring obsolete)".format(re.escape(str(folder))), result.log)}
