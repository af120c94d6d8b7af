# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real configuration directories, judged and remedied, and the real smtpd's word on both before and after.

python3 tests/oracle/survey.py [--version 3.7] [--more 40] FOLDER...

Each FOLDER holds main.cf; it is only read. Two copies are looked at: one as it is, and one with an empty table in place of each
that is missing. Prints each fault, and for each version what became of the directories and how many dialogues were held, by who
spoke; with --refusals also why there is no plan. Status 1 where there was a fault.
"""

import argparse
import collections
import os
import sys
from concurrent.futures import ProcessPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", ".build")]
import agreement  # noqa: E402
import oracle  # noqa: E402
import remedy  # noqa: E402
import soak  # noqa: E402

MORE = 40  # dialogues with each listener


def surveyed(folder, index, more):
    """[(texts, {count}, why there is no plan, or None)] of the two copies of one directory, with the Postfix of that index."""
    soak.quick()
    return [_copy(folder, oracle.installations()[index], more, complete) for complete in (False, True)]


def _copy(folder, postfix, more, complete):
    tally = collections.Counter(directories=1)
    with soak.scratch() as scratch:
        target = oracle.localise(folder, os.path.join(scratch, "postfix"), postfix)
        if complete:
            tally["stand-ins"] += oracle.stand_in(target, postfix)
        texts = agreement.differences(target, postfix, more, tally=tally)
        found = remedy.remedied(target, postfix, more)
        return texts + remedy.texts(found, tally), tally, found.refused and found.refused.replace(scratch, "")


def main():
    """Survey the directories with each version; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--version", default="", help="only Postfix versions that start so")
    parser.add_argument("--more", type=int, default=MORE, help="dialogues with each listener")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--refusals", action="store_true", help="say why there is no plan")
    options = parser.parse_args()
    faults = 0
    with ProcessPoolExecutor(options.workers) as pool:
        for index, postfix in enumerate(oracle.installations()):
            if not postfix.label.startswith(options.version):
                continue
            running = {folder: pool.submit(surveyed, folder, index, options.more) for folder in options.folders}
            totals = {"as they are": collections.Counter(), "completed": collections.Counter()}
            for folder, one in running.items():
                for (name, total), (texts, tally, refused) in zip(totals.items(), one.result(), strict=True):
                    total.update(tally)
                    faults += len(texts)
                    for text in texts + ([refused] if refused and options.refusals else []):
                        print("%s, %s, Postfix %s: %s" % (folder, name, postfix.label, text))
            for name, total in totals.items():
                print("Postfix %s, %s: %s" % (postfix.label, name, ", ".join("%s %d" % pair for pair in sorted(total.items()))), flush=True)
    print("%d faults" % faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
