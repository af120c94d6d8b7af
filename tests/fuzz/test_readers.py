# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each reader with some of what `make fuzz` feeds it a million times: its own language, shuffled and broken."""

import pathlib
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from readers import READERS  # noqa: E402

EXAMPLES = 150


def inputs(reader):
    """A text to begin with of which a part is replaced by words and octets; or those alone."""
    piece = st.one_of(st.sampled_from(reader.words), st.binary(max_size=3))
    pieces = st.lists(piece, max_size=30).map(b"".join)

    def replaced(seed, ends, text):
        first, last = sorted(ends)
        return seed[:first] + text + seed[last:]

    def broken(seed):
        end = st.integers(0, len(seed))
        return st.builds(replaced, st.just(seed), st.tuples(end, end), pieces)
    return st.one_of(pieces, st.sampled_from(reader.seeds).flatmap(broken))


@pytest.mark.parametrize("name", READERS)
def test_reads_anything(name):
    reader = READERS[name]

    @settings(max_examples=EXAMPLES, deadline=5000, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(inputs(reader))
    def feed(data):
        reader.read(data)

    feed()


@pytest.mark.parametrize("name", READERS)
def test_reads_what_it_begins_with(name):
    for seed in READERS[name].seeds:
        READERS[name].read(seed)
