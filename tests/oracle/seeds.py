# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The seeds of the random configurations that `make test` asks every Postfix about; `make soak` asks about fresh ones.

A seed draws the same configurations as long as grammar/ and Hypothesis stay as they are. What a difference came from is kept
for good in battery/r_counterexamples.py.
"""

EACH = 400  # configurations from each seed
SEEDS = (1, 2)
