# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Usage: fuzz.py READER COUNT   Feeds one reader with COUNT inputs that lead it to places where it has not been (Atheris, libFuzzer).

Stops at the first traceback, at an input that takes SECONDS or more, and where the process outgrows MEGABYTES; the input is then left
in .build/fuzz. `make fuzz` runs all of them.
"""

import pathlib
import re
import sys

import atheris

SECONDS = 10
MEGABYTES = 1024
LONGEST = 600  # octets of one input
BUILD = pathlib.Path(__file__).resolve().parents[2] / ".build/fuzz"

sys.path.insert(0, str(BUILD.parent))
with atheris.instrument_imports(include=["ansible_collections.relaylock"]):
    from readers import READERS


def prepared(name):
    """Write the texts to begin with, and the dictionary; return the folder of the one and the path of the other."""
    folder = BUILD / re.sub(r"\W", "-", name)
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(READERS[name].seeds):
        (folder / "corpus" / ("seed%d" % number)).write_bytes(seed)
    words = folder / "words"
    words.write_text("".join('"%s"\n' % "".join("\\x%02x" % octet for octet in word) for word in READERS[name].words), encoding="ascii")
    return folder / "corpus", words


def main(name, count):
    corpus, words = prepared(name)
    atheris.Setup([sys.argv[0], "-runs=" + count, "-dict=%s" % words, "-max_len=%d" % LONGEST, "-timeout=%d" % SECONDS,
                   "-rss_limit_mb=%d" % MEGABYTES, "-artifact_prefix=%s/" % corpus.parent, "-verbosity=0", "-print_final_stats=1", str(corpus)],
                  READERS[name].read)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
