# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A configuration under change: each edit gives a new draft, and the old one stays as it was."""

from collections import namedtuple
from collections.abc import Iterable

from .._postfix.configuration import Configuration, Settings
from . import edits
from .judge import Judgement, judge_listener, listeners, on_loopback
from .trust import Trust

# One edit: of a parameter in main.cf (service None) or in a service of master.cf; before, after: texts
Change = namedtuple("Change", "file service parameter before after")


def as_written(change: Change, configuration: Configuration) -> Change:
    """Return a Change of a plan with the text that *configuration*, which it led to, has in that place: its blanks, its commas."""
    services = configuration.master.services if change.service is not None and configuration.master is not None else []
    service = next((one for one in services if one.name == change.service and one.option(change.parameter) is not None), None)
    return change._replace(after=configuration.settings(service).raw(change.parameter) or "")


class Draft(object):
    """A Configuration and what has led to it.

    changes: list of Change, in order; lost: texts, who loses access
    """

    def __init__(self, configuration: Configuration, changes: "Iterable[Change]" = (), lost: "Iterable[str]" = ()) -> None:
        self.configuration = configuration
        self.changes = list(changes)
        self.lost = list(lost)
        self._judged = {}  # type: dict[str, Judgement]

    def judged(self, name: str, trust: Trust) -> Judgement:
        """Return the Judgement of the listener *name*; each is judged once."""
        if name not in self._judged:
            self._judged[name] = judge_listener(self.configuration, self.entry(name), trust)
        return self._judged[name]

    def entry(self, name):
        """Return the listener of that name, or None."""
        return next((one for one in listeners(self.configuration) if one.name == name), None)

    def scopes(self, parameter: str) -> "list[str | None]":
        """Return None (main.cf) and the name of each listener that overrides *parameter* and that strangers can reach."""
        return [None] + [one.name for one in listeners(self.configuration)
                         if one.option(parameter) is not None and not on_loopback(self.configuration, one)]

    def settings(self, name: "str | None") -> Settings:
        """Return the Settings of the listener *name*, or of main.cf alone for None."""
        return self.configuration.settings(self.entry(name) if name else None)

    def losing(self, texts: "Iterable[str]") -> "Draft":
        """Return the draft with more *texts* about who loses access, each once."""
        return Draft(self.configuration, self.changes, self.lost + [one for one in texts if one not in self.lost])

    def set(self, service, parameter: str, wanted: "list[str]") -> "Draft":
        """Return the draft in which *parameter* reads *wanted* (words) where it is in force for *service*."""
        settings = self.configuration.settings(service)
        option = service.option(parameter) if service is not None else None
        main = self.configuration.main
        entry = main.entry(parameter)
        master = self.configuration.master
        if option is not None and master is not None:
            document = edits.with_words(master, option.value, wanted, option.braced)
            changed, file_ = self.configuration.changed(master=document), master.path
        else:
            document = edits.with_words(main, entry.value, wanted) if entry is not None else edits.with_parameter(main, parameter, wanted)
            changed, file_ = self.configuration.changed(main=document), main.path
        scope = service.name if service is not None and option is not None else None
        change = Change(file_, scope, parameter, settings.raw(parameter) or "", ", ".join(wanted))
        return Draft(changed, self.changes + [change], self.lost)

    def net_changes(self) -> "list[Change]":
        """Return the Changes that remain when each parameter's first and last text are compared."""
        order, first, last = [], {}, {}
        for change in self.changes:
            key = (change.file, change.service, change.parameter)
            if key not in first:
                order.append(key)
                first[key] = change.before
            last[key] = change.after
        return [Change(key[0], key[1], key[2], first[key], last[key]) for key in order if first[key] != last[key]]
