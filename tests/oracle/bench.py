# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast the oracle is: fresh configurations a second and dialogues a second in one session.

python3 tests/oracle/bench.py [configurations] [dialogues]
"""

import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import oracle  # noqa: E402

MAIN_CF = """\
compatibility_level = 3.6
mynetworks = 127.0.0.0/8, 192.0.2.%d/32
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
"""


def fresh(numbers):
    """Write, start and ask a configuration of its own for each number."""
    with tempfile.TemporaryDirectory() as directory:
        for number in numbers:
            with open(os.path.join(directory, "main.cf"), "w", encoding="ascii") as stream:
                stream.write(MAIN_CF % (number % 256))
            with oracle.start(directory) as session:
                assert session.ask().outcome == "refused"


def steady(directory, count):
    """Dialogues a second: one client with many recipients, and a new client every time."""
    with open(os.path.join(directory, "main.cf"), "w", encoding="ascii") as stream:
        stream.write(MAIN_CF % 1)
    same = [oracle.Dialogue(recipient="u%d@elsewhere.example" % n) for n in range(count)]
    other = [oracle.Dialogue(client_address="203.0.113.%d" % (n % 200 + 1)) for n in range(count)]
    with oracle.start(directory) as session:
        session.ask()
        for name, dialogues in (("one client", same), ("a new client each", other)):
            began = time.perf_counter()
            session.ask_all(dialogues)
            print("%s: %.0f dialogues a second" % (name, count / (time.perf_counter() - began)))


def main(configurations=300, dialogues=5000):
    """Measure and print."""
    for workers in (1, 2):
        parts = [range(configurations)[n::workers] for n in range(workers)]
        with ProcessPoolExecutor(workers) as pool:
            list(pool.map(fresh, [[0]] * workers))
            began = time.perf_counter()
            list(pool.map(fresh, parts))
            print("%d process(es): %.0f fresh configurations a second" % (workers, configurations / (time.perf_counter() - began)))
    with tempfile.TemporaryDirectory() as directory:
        steady(directory, dialogues)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
