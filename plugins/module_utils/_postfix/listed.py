# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an address exists, as smtpd asks the tables of recipients (check_rcpt_maps in smtpd_check.c)."""

from . import lookups
from .match_lists import ListError
from .tables import Maps, TableError

KNOWN = ("canonical_maps", "virtual_alias_maps")
# class of the address: (its table of recipients, the parameter with the reply code for those who are not in it)
TABLES = {"local": ("local_recipient_maps", "unknown_local_recipient_reject_code"),
          "mailbox": ("virtual_mailbox_maps", "unknown_virtual_mailbox_reject_code"),
          "relay": ("relay_recipient_maps", "unknown_relay_recipient_reject_code")}
ALWAYS = ("postmaster", "mailer-daemon")


class Recipients(object):
    """The tables of recipients of one smtpd service.

    :param settings: Settings of the service
    :param tables: Tables
    :param own: OwnDomains of the service
    :param Resolver resolver: of the rewrite service
    :raises TableFatal: where a table's name kills smtpd
    """

    def __init__(self, settings, tables, own, resolver):
        self.own = own
        self.resolver = resolver
        self.extensions = lookups.extensions_of(settings)
        self.origin = settings.value("myorigin").lower()
        self.always = ALWAYS + (settings.value("double_bounce_sender").lower(),)
        # A value of blanks alone is none that is empty: then there are tables, of which none has anyone.
        self.asked = [name for name, dummy in TABLES.values() if settings.value(name)]
        self.maps = dict((name, Maps(settings.value(name), tables)) for name in
                         KNOWN + ("recipient_canonical_maps", "sender_canonical_maps") + tuple(name for name, dummy in TABLES.values()))

    def missing(self, resolved, sender=False):
        """Return the parameter with the reply code for an unknown address, or its transport (error, retry), or None.

        :param Resolved resolved: the address
        :param bool sender: whether it is a sender's
        :raises TableError, Opaque: where a table cannot be asked
        """
        if resolved.class_ == "error":
            raise TableError("the lookup of the domain failed")
        try:
            # Asked by every search, also one of no tables at all (mail_addr_find.c).
            self.is_local(resolved.address.rpartition("@")[2])
        except ListError as exc:
            raise TableError(str(exc))
        known = ("recipient_canonical_maps",) + (("sender_canonical_maps",) if sender else ()) + KNOWN
        if any(self._has(name, resolved.address) for name in known):
            return None
        if resolved.transport in ("error", "retry"):
            return "unknown_virtual_alias_reject_code" if resolved.class_ == "alias" else resolved.transport
        name, code = TABLES.get(resolved.class_, (None, None))
        if name not in self.asked or (
                name == "local_recipient_maps" and resolved.address.rpartition("@")[0] in self.always):
            return None
        return None if self._has(name, resolved.address) else code

    def _has(self, name, address):
        return bool(self.maps[name]) and lookups.mail_default(self.maps[name], address, self.extensions, self.is_local) is not None

    def is_local(self, domain):
        """Tell whether tables are also asked for the local part alone. :raises ListError:"""
        return domain.lower() == self.origin or self.own.holds(domain)
