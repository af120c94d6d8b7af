# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The delivery transport of an address, as far as smtpd asks: it refuses what goes to error or retry (resolve.c, transport.c)."""

from . import lookups
from .tables import Maps, Opaque, TableError

PARAMETERS = {"local": "local_transport", "mailbox": "virtual_transport", "relay": "relay_transport", "default": "default_transport"}
# Asked for the sender, by class: of all mail that leaves the host which relay host it has, of some also which transport.
RELAYHOSTS, TRANSPORTS = "sender_dependent_relayhost_maps", "sender_dependent_default_transport_maps"
BY_SENDER = {"relay": (RELAYHOSTS,), "default": (TRANSPORTS, RELAYHOSTS)}
ANY_SENDER = "someone@kzq7.stranger.example"


class Transports(object):
    """Transports of the rewrite service.

    :param settings: Settings of the rewrite service
    :param tables: Tables
    :param own: OwnDomains of the rewrite service
    """

    def __init__(self, settings, tables, own):
        self.named = dict((class_, settings.value(name)) for class_, name in PARAMETERS.items())
        self.by_sender = dict((name, Maps(settings.value(name), tables)) for name in (TRANSPORTS, RELAYHOSTS))
        self.maps = Maps(settings.value("transport_maps"), tables)
        self.relocated = Maps(settings.value("relocated_maps"), tables)
        self.parents = settings.parents("transport_maps")
        self.extensions = lookups.extensions_of(settings)
        self.origin = settings.value("myorigin")
        self.own = own

    def of(self, address, class_):
        """Return the name of the transport of *address* (str, internal form).

        :raises TableError, Opaque: where a table cannot be asked; TableError also for an empty transport
        """
        if class_ == "alias":
            channel = "error"
        else:
            # Which sender has which transport is the sender's to choose.
            channel = "smtp" if class_ == "default" and self.by_sender[TRANSPORTS] else self.named[class_].partition(":")[0]
            for name in BY_SENDER.get(class_, ()):
                _ask(self.by_sender[name])
            self._check(channel, class_)
            channel = self._mapped(address, channel)
        if self.relocated and lookups.mail_default(self.relocated, address, self.extensions, self.is_local) is not None:
            return "error"
        return channel

    @staticmethod
    def _check(channel, class_):
        if not channel:
            raise TableError("parameter {0}: null transport is not allowed".format(PARAMETERS[class_]))

    def _mapped(self, address, channel):
        if not self.maps:
            return channel
        entry = lookups.mail_domain(self.maps, address, self.parents, self.extensions)
        if entry is None:
            entry = self.maps.get("*")
        return (entry or "").partition(":")[0] or channel

    def is_local(self, domain):
        """Tell whether tables are also asked for the local part alone (mail_addr_find.c)."""
        return domain.lower() == self.origin.lower() or self.own.holds(domain)


def _ask(maps):
    """Ask the first of tables of senders, which decides for each sender whether it fails. :raises TableError: where it does"""
    try:
        for table in maps.tables[:1]:
            table.get(ANY_SENDER)
    except Opaque:
        return  # what it holds, it does not fail
