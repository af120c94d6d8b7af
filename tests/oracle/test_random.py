# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random configurations of known seeds: the judge says of each what this Postfix's smtpd does."""

import functools
import os
from concurrent.futures import ProcessPoolExecutor

import oracle
import pytest
import soak
from seeds import EACH, SEEDS

# All of these tests look at the same batches: where tests are shared out (see conftest.py), one process works them out.
WORKERS = 1 if "PYTEST_XDIST_WORKER" in os.environ else 2
ENOUGH = 20  # of each verdict, among all that a version is asked about


@functools.lru_cache(maxsize=None)
def batches():
    """{(label, seed): soak.Batch}, of all versions at once, in processes."""
    with ProcessPoolExecutor(WORKERS) as pool:
        running = {(postfix.label, seed): pool.submit(soak.work, 100 * seed + index, index, EACH, soak.MORE)
                   for seed in SEEDS for index, postfix in enumerate(oracle.installations())}
        return {key: one.result() for key, one in running.items()}


@pytest.mark.parametrize("seed", SEEDS)
def test_judge_and_smtpd_agree(postfix, seed):
    if not oracle.world().isolated:
        pytest.skip("needs interfaces and a name server of its own: %s" % oracle.world().reason)
    found = batches()[postfix.label, seed]
    assert not found.differences, "%d of %d configurations differ\n%s" % (found.differing, found.drawn, soak.described(found))


def test_every_verdict_is_met(postfix):
    """What is drawn starts often enough, and is open often enough, to be worth asking."""
    if not oracle.world().isolated:
        pytest.skip("needs interfaces and a name server of its own: %s" % oracle.world().reason)
    met = {verdict: sum(batches()[postfix.label, seed].verdicts.get(verdict, 0) for seed in SEEDS) for verdict in ("open", "closed", "down")}
    assert min(met.values()) >= ENOUGH, met
