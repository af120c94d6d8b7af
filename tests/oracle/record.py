# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the real Postfix answers, written down for machines that have none: tests/fixtures/recorded, which tests/unit reads.

python3 tests/oracle/record.py patterns|answers [--seed N] [--count N]

patterns: what postmap says of keys, for the odd patterns of test_patterns.py and for made ones.
answers: what the oldest and the newest smtpd here say to an adversary, with random configurations whose tables are all text.
"""

import argparse
import json
import os
import pathlib
import sys
import tempfile
import time
from dataclasses import asdict

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", ".build")]
import adversary  # noqa: E402
import agreement  # noqa: E402
import grammar  # noqa: E402
import oracle  # noqa: E402
import postmap  # noqa: E402
import test_patterns  # noqa: E402
from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from soak import quick, scratch  # noqa: E402

FOLDER = pathlib.Path(HERE).parent / "fixtures/recorded"
FLAGS = ("", "i", "m", "s", "x", "A", "E", "U", "ix")
TOGETHER = 200   # patterns that one postmap is asked about
MORE = 10        # dialogues with each listener
PLAIN = oracle.Dialogue()


def drawn(strategy, count, number):
    """Return *count* different examples of a strategy from a seed."""
    found = {}

    @seed(number)
    @settings(max_examples=20 * count, database=None, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
    @given(strategy)
    def draw(one):
        if len(found) < count:
            found[one] = True
    draw()
    return list(found)


def patterns(count, number):
    """Yield the keys, and then (kind, pattern with delimiters and flags, a bit for each key that matches, in hexadecimal; None where Postfix skips it)."""
    yield test_patterns.KEYS
    for kind in ("regexp", "pcre"):
        texts = ["~%s~%s" % (one, flags) for flags in FLAGS for one in test_patterns.ODD if "~" not in one]
        texts += ["~%s~%s" % one for one in drawn(st.tuples(test_patterns.grammar(kind), st.sampled_from(FLAGS)), count, number) if "~" not in one[0]]
        for start in range(0, len(texts), TOGETHER):
            some = texts[start:start + TOGETHER]
            with tempfile.TemporaryDirectory() as folder:
                matched, skipped = postmap.ask_each(pathlib.Path(folder), kind, some, test_patterns.KEYS)
            for index, text in enumerate(some):
                yield kind, text, None if index in skipped else "%x" % sum(1 << place for place, key in enumerate(test_patterns.KEYS) if key in matched[index])


def answers(count, number):
    """Yield {"version", "files": {name: text}, "listeners": {service: [[what differs from PLAIN, outcome], ...]}}."""
    quick()
    for postfix in oracle.installations()[0], oracle.installations()[-1]:
        for one in drawn(grammar.configurations().filter(lambda drawn: not drawn.tables), count, number):
            with scratch() as directory:
                one.write(directory, postfix, time.time())
                words = adversary.words_of(directory)
                listeners = {} if agreement.UNREADABLE.search(words) or agreement.SERVER_TABLES.search(words) else _listeners(directory, postfix)
            if listeners:
                files = dict(one.files, **{"main.cf": one.main_cf}, **({} if one.master_cf is None else {"master.cf": one.master_cf}))
                yield {"version": postfix.label, "files": files, "listeners": listeners}


def _listeners(directory, postfix):
    found = {}
    for judged in agreement.judgements(directory, postfix, agreement.trust.Trust()):
        if judged.entry.command.rpartition("/")[2] != "smtpd":
            continue
        asked = adversary.dialogues(directory, MORE)
        with oracle.start(directory, service=judged.service, postfix=postfix) as session:
            replies = session.ask_all(asked)
        found[judged.service] = [[_said(dialogue), reply.outcome] for dialogue, reply in zip(asked, replies)
                                 if agreement.predict(judged, dialogue) is not None and not agreement.BY_DNS.search(reply.text)]
    return found


def _said(dialogue):
    return {name: value for name, value in asdict(dialogue).items() if value != getattr(PLAIN, name)}


def main():
    """Write the file of one subject anew."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("subject", choices=["patterns", "answers"])
    parser.add_argument("--seed", type=int, default=20261128)
    parser.add_argument("--count", type=int, default=200, help="patterns of each kind, or configurations for each of two versions")
    options = parser.parse_args()
    told = {"patterns": patterns, "answers": answers}[options.subject](options.count, options.seed)
    lines = [json.dumps(one, separators=(",", ":")) + "\n" for one in told]
    (FOLDER / (options.subject + ".jsonl")).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
