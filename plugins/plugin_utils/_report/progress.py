# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a long run is: a line now and then, whole, so that it stands between Ansible's own."""

import time

from .text import count

FIRST_AFTER = 20.0
EVERY = 15.0

_TOLD = ("open", "down", "unknown", "failed", "unreachable")


class Progress(object):
    """Says when there is something to say.

    :param clock: returns seconds
    """

    def __init__(self, clock=time.monotonic):
        self._clock = clock
        self._start = clock()
        self._next = self._start + FIRST_AFTER

    def line(self, gather):
        """Return the line to show now, or None.

        :param Gather gather: what there is so far
        """
        now = self._clock()
        if now < self._next:
            return None
        self._next = now + EVERY
        counts = ["{0:,} {1}".format(gather.count(state), state) for state in _TOLD if gather.count(state)]
        return "relaylock: {0:,} of {1} after {2}{3}".format(
            len(gather), count(max(gather.expected(), len(gather)), "host"), _duration(now - self._start), ": " + ", ".join(counts) if counts else "")


def _duration(seconds):
    minutes, rest = divmod(int(seconds), 60)
    return "{0} min {1} s".format(minutes, rest) if minutes else "{0} s".format(rest)
