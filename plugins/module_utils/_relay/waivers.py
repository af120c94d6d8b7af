# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waivers: findings accepted by name, with a reason and a last day."""

import datetime

from .._postfix.errors import ConfigError


def latest(waivers):
    """Return {id: {"reason", "until", "last"}}, of several for one id the one that holds longest.

    :param waivers: list of dicts with ``id``, ``reason`` and ``until`` (YYYY-MM-DD, the last day)
    :raises ConfigError: for a waiver that lacks a reason or has no such day
    """
    found = {}  # type: dict[str, dict]
    for waiver in waivers or []:
        if not waiver.get("id") or not waiver.get("reason"):
            raise ConfigError("a waiver needs an id and a reason: {0}".format(waiver), parameter="waivers")
        try:
            last = datetime.datetime.strptime(str(waiver.get("until")), "%Y-%m-%d").date()
        except ValueError:
            raise ConfigError("the waiver of {0} has until \"{1}\"".format(waiver["id"], waiver.get("until")), parameter="waivers",
                              hint="Expected is the last day, as 2026-12-31.")
        if waiver["id"] not in found or last > found[waiver["id"]]["last"]:
            found[waiver["id"]] = {"reason": waiver["reason"], "until": last.isoformat(), "last": last}
    return found


def waived_ids(waivers, today=None):
    """Return the ids that are waived today, of what `latest` returns."""
    today = today or datetime.date.today()
    return {id_ for id_, waiver in waivers.items() if today <= waiver["last"]}
