# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Postfix of other Debian releases, unpacked from their packages."""

SUITES = ()


class Unavailable(Exception):
    """This release's Postfix cannot be had here; the message says why."""


def unpacked(suite):
    """Fields of the Postfix of a suite."""
    raise Unavailable(suite)
