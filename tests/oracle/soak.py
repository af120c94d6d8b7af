# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random configurations, judged and put to the real smtpd, for as long as one likes.

python3 tests/oracle/soak.py --count 100000 --workers 2 [--seed N] [--version 3.7] [--more 20] [--subject plan]

With the subject `plan`, each configuration is remedied too, and smtpd says who was let in, cut off or left out.
Each batch of random configurations has a seed of its own and one version of Postfix. The first difference of each kind
that a batch finds is made small and printed. Status 1 where judge and smtpd differed anywhere.
"""

import argparse
import collections
import contextlib
import functools
import os
import random
import re
import shutil
import sys
import tempfile
import time
import traceback
from concurrent.futures import ProcessPoolExecutor, as_completed

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", ".build")]
import agreement  # noqa: E402
import grammar  # noqa: E402
import oracle  # noqa: E402
import remedy  # noqa: E402
from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402
from reduction import reduced  # noqa: E402

BATCH = 500
MORE = 20       # dialogues with each listener
SHOWN = 3       # texts of one configuration that are printed
PATIENCE = 30   # seconds for which the differences of a batch are made smaller
# What is put to smtpd: a function of (directory, postfix, more, tally) that returns texts.
SUBJECTS = {"verdict": agreement.differences, "plan": remedy.faults}
# What kind of difference a text tells of.
KIND = re.compile(r"judged (\w+): ([^:\[]*)|^\w+:")
# drawn: configurations; verdicts: {verdict: listeners}; differing: how many configurations; differences: [(texts, Drawn)], one of a kind
Batch = collections.namedtuple("Batch", "seed version drawn verdicts differing differences")


def kind(text):
    """The kind of a difference: the verdict and what either said, or the error."""
    found = KIND.search(text)
    return found.group(0) if found else text


class Trial:
    """One batch: counts, and remembers the first configuration for each kind of difference."""

    def __init__(self, postfix, more=MORE, subject="verdict"):
        self.postfix, self.more, self.ask = postfix, more, SUBJECTS[subject]
        self.verdicts, self.seen, self.first, self.differing = collections.Counter(), set(), {}, 0

    def __call__(self, drawn):
        if drawn in self.seen:
            return
        self.seen.add(drawn)
        found = self.compare(drawn, self.verdicts)
        self.differing += bool(found)
        for text in found:
            self.first.setdefault(kind(text), drawn)

    def compare(self, drawn, tally=None):
        """What judge and smtpd differ in on one configuration; texts."""
        with scratch() as directory:
            drawn.write(directory, self.postfix, time.time())
            try:
                found = self.ask(directory, self.postfix, self.more, tally=tally)
            except Exception as error:  # an error of the judge's is a difference too
                where = traceback.extract_tb(error.__traceback__)[-1]
                found = ["%s: %s (%s:%d)" % (type(error).__name__, error, os.path.basename(where.filename), where.lineno)]
            return [text.replace(directory, "") for text in found]

    def smallest(self, patience):
        """[(texts, Drawn)]: for each kind of difference the smallest configuration."""
        until = time.monotonic() + patience
        return [self._reduced(one, drawn, until) for one, drawn in self.first.items()]

    def _reduced(self, wanted, drawn, until):
        def of_kind(one):
            return [text for text in self.compare(one) if kind(text) == wanted]
        small = reduced(drawn, lambda one: time.monotonic() < until and of_kind(one))
        return of_kind(small) or [wanted + " (once, and not again)"], small


@contextlib.contextmanager
def scratch():
    """A directory in memory, gone afterwards."""
    path = tempfile.mkdtemp(prefix="soak.", dir=oracle.world().scratch)
    os.chmod(path, 0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def batch(number, postfix, count=BATCH, more=MORE, subject="verdict", patience=PATIENCE):
    """Draw `count` configurations from the seed `number` and compare; returns a Batch.

    Hypothesis draws. It does not shrink: on texts of this size that takes minutes, and leaving out lines and words takes seconds.
    """
    trial = Trial(postfix, more, subject)

    @settings(max_examples=count, database=None, deadline=None, derandomize=False, phases=(Phase.generate,),
              suppress_health_check=list(HealthCheck))
    @given(grammar.configurations())
    def compare(drawn):
        trial(drawn)

    seed(number)(compare)()
    return Batch(number, postfix.label, len(trial.seen), dict(trial.verdicts), trial.differing, trial.smallest(patience))


@functools.lru_cache(maxsize=None)
def _installed(arguments):
    return _run(list(arguments))


_run = agreement.host.run


def quick():
    """What postconf says of the installed Postfix is asked once; it says it for every configuration anew."""
    agreement.host.run = lambda arguments: _run(arguments) if "-c" in arguments else _installed(tuple(arguments))


def work(number, index, count, more, subject="verdict"):
    """batch() in a process of its own; `index` is that of the Postfix among installations()."""
    quick()
    return batch(number, oracle.installations()[index], count, more, subject)


def described(found):
    """The differences of a batch as a text, ready to be pasted into battery/r_counterexamples.py."""
    lines = []
    for texts, drawn in found.differences:
        lines += ["", "DIFFERENCE, seed %d, Postfix %s" % (found.seed, found.version)] + ["  " + text for text in texts[:SHOWN]]
        lines.append("    case(\"random/seed %d\", %s,\n         ...)" % (found.seed, drawn.as_case()))
    return "\n".join(lines)


def main(arguments=None):
    """Run batches until `count` configurations are compared; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=100000, help="how many configurations")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--seed", type=int, default=None, help="of the first batch; each next has one more")
    parser.add_argument("--version", default=None, help="only Postfix versions that start so")
    parser.add_argument("--batch", type=int, default=BATCH, help="configurations drawn from one seed")
    parser.add_argument("--subject", choices=sorted(SUBJECTS), default="verdict", help="what is put to smtpd")
    parser.add_argument("--more", type=int, default=MORE, help="dialogues with each listener")
    options = parser.parse_args(arguments)
    chosen = [index for index, one in enumerate(oracle.installations()) if not options.version or one.label.startswith(options.version)]
    first = options.seed if options.seed is not None else random.SystemRandom().randrange(10 ** 9)
    return 1 if _soak(options, chosen, first) else 0


def _soak(options, chosen, first):
    """Returns how many configurations showed a difference."""
    totals, differing, drawn, began, following = collections.defaultdict(collections.Counter), [], 0, time.monotonic(), first
    with ProcessPoolExecutor(options.workers) as pool:
        running = set()
        while drawn < options.count or running:
            while drawn < options.count and len(running) < options.workers:
                running.add(pool.submit(work, following, chosen[following % len(chosen)], options.batch, options.more, options.subject))
                following += 1
            done = next(as_completed(running))
            running.remove(done)
            found = done.result()
            drawn += found.drawn
            totals[found.version].update(found.verdicts)
            if found.differences:
                print(described(found))
            differing += [found.seed] * found.differing
            print("%d configurations, %.1f/s, %d differences, seed %d (%s)" % (
                drawn, drawn / (time.monotonic() - began), len(differing), found.seed, found.version), flush=True)
    print("\nseeds %d to %d, %d configurations in %.0f s" % (first, following - 1, drawn, time.monotonic() - began))
    everything = sum(totals.values(), collections.Counter())
    for version, verdicts in sorted(totals.items()) + [("all", everything)]:
        number = sum(verdicts.values()) or 1
        print("%-8s %s" % (version, ", ".join("%s %d (%d %%)" % (name, count, 100 * count / number) for name, count in sorted(verdicts.items()))))
    print("%d differ, seeds %s" % (len(differing), sorted(set(differing))) if differing else "no differences")
    return len(differing)


if __name__ == "__main__":
    sys.exit(main())
