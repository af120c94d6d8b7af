# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random configurations, judged and put to the real smtpd, for as long as one likes.

python3 tests/oracle/soak.py --count 100000 --workers 2 [--seed N] [--version 3.7] [--more 20]

Each batch of random configurations has a seed of its own and one version of Postfix. The first difference that a batch
finds is made small and printed; the next batch goes on. Status 1 where judge and smtpd differed anywhere.
"""

import argparse
import collections
import functools
import os
import random
import re
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", ".build")]
import agreement  # noqa: E402
import grammar  # noqa: E402
import oracle  # noqa: E402
from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402
from reduction import reduced  # noqa: E402

BATCH = 500
MORE = 20            # dialogues with each listener
SHRINKING = 10       # seconds for which a difference is made smaller
SHOWN = 3            # texts of one configuration that are printed
# drawn: configurations; verdicts: {verdict: listeners}; differences: texts; smallest: the Drawn that shows them, or None
Batch = collections.namedtuple("Batch", "seed version drawn verdicts differences smallest")


class Difference(AssertionError):
    """Judge and smtpd differ."""


# What kind of difference a text tells of.
KIND = re.compile(r"judged (\w+): ([^:\[]*)|(\w+Error\b.*)")


class Trial:
    """The body of one batch's property: counts, and holds on to the first kind of difference and to what shows it."""

    def __init__(self, postfix, more=MORE, shrinking=SHRINKING):
        self.postfix, self.more, self.shrinking = postfix, more, shrinking
        self.verdicts, self.seen, self.failing = collections.Counter(), set(), {}
        self.kind = self.until = None

    def __call__(self, drawn):
        found = self.failing.get(drawn)
        if found is None and drawn not in self.seen and (self.until is None or time.monotonic() < self.until):
            found = self.differences(drawn)
        if found:
            raise Difference("\n".join(found))

    def differences(self, drawn):
        """What judge and smtpd differ in; once something was found, only what is of the same kind."""
        self.seen.add(drawn)
        try:
            with scratch() as directory:
                drawn.write(directory, self.postfix, time.time())
                found = agreement.differences(directory, self.postfix, self.more, tally=None if self.failing else self.verdicts)
                found = [text.replace(directory, "") for text in found]
        except Exception as error:
            found = ["%s: %s" % (type(error).__name__, error)]
        if found and self.kind is None:
            self.kind, self.until = kind(found[0]), time.monotonic() + self.shrinking
        found = [text for text in found if kind(text) == self.kind]
        if found:
            self.failing[drawn] = found
        return found


def kind(text):
    """The kind of a difference: its verdict and what either said, or the error."""
    found = KIND.search(text)
    return found.group(0) if found else text


class scratch:
    """A directory in memory that is gone afterwards."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="soak.", dir=oracle.world().scratch)
        os.chmod(self.path, 0o755)
        return self.path

    def __exit__(self, *_exception):
        shutil.rmtree(self.path, ignore_errors=True)


def batch(number, postfix, count=BATCH, more=MORE, shrinking=SHRINKING):
    """Draw `count` configurations from the seed `number`, compare, and make a difference small; returns a Batch."""
    trial = Trial(postfix, more, shrinking)

    @settings(max_examples=count, database=None, deadline=None, derandomize=False, print_blob=False,
              phases=(Phase.generate, Phase.shrink), suppress_health_check=list(HealthCheck))
    @given(grammar.configurations())
    def agree(drawn):
        trial(drawn)

    smallest, texts = None, []
    try:
        seed(number)(agree)()
    except Difference as difference:
        smallest = next(one for one, found in trial.failing.items() if "\n".join(found) == str(difference))
        smallest = reduced(smallest, trial.differences)
        texts = trial.failing[smallest]
    return Batch(number, postfix.label, len(trial.seen), dict(trial.verdicts), texts, smallest)


@functools.lru_cache(maxsize=None)
def _installed(arguments):
    return _run(list(arguments))


_run = agreement.host.run


def quick():
    """What postconf says of the installed Postfix is asked once; it says it for every configuration anew."""
    agreement.host.run = lambda arguments: _run(arguments) if "-c" in arguments else _installed(tuple(arguments))


def _work(number, index, count, more):
    quick()
    return batch(number, oracle.installations()[index], count, more)


def report(found):
    """Print a difference, ready to be pasted into battery/r_counterexamples.py."""
    print("\nDIFFERENCE, seed %d, Postfix %s" % (found.seed, found.version))
    print("\n".join("  " + text for text in found.differences[:SHOWN]))
    print("    case(\"random/seed %d\", %s,\n         ...)" % (found.seed, found.smallest.as_case()), flush=True)


def main(arguments=None):
    """Run batches until `count` configurations are compared; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=100000, help="how many configurations")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--seed", type=int, default=None, help="of the first batch; each next has one more")
    parser.add_argument("--version", default=None, help="only Postfix versions that start so")
    parser.add_argument("--batch", type=int, default=BATCH, help="configurations drawn from one seed")
    parser.add_argument("--more", type=int, default=MORE, help="dialogues with each listener")
    options = parser.parse_args(arguments)
    chosen = [index for index, one in enumerate(oracle.installations()) if not options.version or one.label.startswith(options.version)]
    first = options.seed if options.seed is not None else random.SystemRandom().randrange(10 ** 9)
    return 1 if _soak(options, chosen, first) else 0


def _soak(options, chosen, first):
    """Returns how many batches found a difference."""
    totals, differing, drawn, began, following = collections.defaultdict(collections.Counter), [], 0, time.monotonic(), first
    with ProcessPoolExecutor(options.workers) as pool:
        running = set()
        while drawn < options.count or running:
            while drawn < options.count and len(running) < options.workers:
                running.add(pool.submit(_work, following, chosen[following % len(chosen)], options.batch, options.more))
                following += 1
            done = next(as_completed(running))
            running.remove(done)
            found = done.result()
            drawn += found.drawn
            totals[found.version].update(found.verdicts)
            if found.differences:
                differing.append(found.seed)
                report(found)
            print("%d configurations, %.1f/s, %d differences, seed %d (%s)" % (
                drawn, drawn / (time.monotonic() - began), len(differing), found.seed, found.version), flush=True)
    print("\nseeds %d to %d, %d configurations in %.0f s" % (first, following - 1, drawn, time.monotonic() - began))
    everything = sum(totals.values(), collections.Counter())
    for version, verdicts in sorted(totals.items()) + [("all", everything)]:
        number = sum(verdicts.values()) or 1
        print("%-8s %s" % (version, ", ".join("%s %d (%d %%)" % (name, count, 100 * count / number) for name, count in sorted(verdicts.items()))))
    print("differences in seeds %s" % differing if differing else "no differences")
    return len(differing)


if __name__ == "__main__":
    sys.exit(main())
