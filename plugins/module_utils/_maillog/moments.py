# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time stamps of syslog lines: RFC 3164 without a year, in local time, and ISO 8601."""

import datetime
import re
import time

_MONTHS = dict((name, number) for number, name in enumerate(
    (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"), 1))
_OLD = re.compile(rb"(?:<\d+>)?([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d) ")
_ISO = re.compile(rb"(?:<\d+>1? ?)?(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,]\d+)?(Z|[+-]\d\d:?\d\d)? ")
REMEMBERED = 4096


class Moments(object):
    """Reads the time stamps of one file.

    :param float changed: when the file was changed last: no line is younger, so that a year can be told
    """

    def __init__(self, changed):
        self.changed = changed
        self._known = {}

    def __call__(self, line):
        """Return the seconds since the epoch that a line begins with, or None."""
        key = line[:19]
        if key not in self._known:
            if len(self._known) > REMEMBERED:
                self._known.clear()
            self._known[key] = self._read(line)
        return self._known[key]

    def _read(self, line):
        try:
            old = _OLD.match(line)
            if old:
                return self._without_year(_MONTHS[old.group(1)], *map(int, old.groups()[1:]))
            iso = _ISO.match(line)
            return _with_year(*iso.groups()) if iso else None
        except (KeyError, ValueError, OverflowError):
            return None

    def _without_year(self, month, *rest):
        datetime.datetime(2000, month, rest[0], rest[1], rest[2], min(rest[3], 59))  # mktime() takes the 32nd for the 1st
        year = time.localtime(self.changed).tm_year
        found = time.mktime((year, month) + rest + (0, 0, -1))
        # A day of grace, for clocks that differ.
        return found if found <= self.changed + 86400 else time.mktime((year - 1, month) + rest + (0, 0, -1))


def _with_year(year, month, day, hour, minute, second, zone):
    moment = datetime.datetime(int(year), int(month), int(day), int(hour), int(minute), min(int(second), 59))
    if zone is None:
        return time.mktime(moment.timetuple())
    offset = 0
    if zone != b"Z":
        offset = (int(zone[1:3]) * 60 + int(zone[-2:])) * (-60 if zone[:1] == b"-" else 60)
    return (moment - datetime.datetime(1970, 1, 1)).total_seconds() - offset


def shown(seconds):
    """Return the moment in UTC, as 2026-01-02T03:04:05Z."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
