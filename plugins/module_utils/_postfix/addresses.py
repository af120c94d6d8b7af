# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses as trivial-rewrite(8) sees them: class, and whether the local part holds routing (resolve.c, rewrite.c)."""

from collections import namedtuple

from .match_lists import ListError, MatchList
from .networks import parse_address
from .tables import Opaque

# class_: local, alias, mailbox, relay, default, or error (the lookup failed); routed: bool; unknown: what could not be read
Resolved = namedtuple("Resolved", "address class_ routed unknown")
LOOPS = 100


class Resolver(object):
    """Resolves addresses with the parameters of the rewrite service and the interface addresses.

    :param settings: Settings of the rewrite service
    :param own_addresses: container of (family, number) pairs: inet_interfaces and proxy_interfaces
    """

    def __init__(self, settings, tables, own_addresses):
        self.own_addresses = own_addresses
        self.myhostname = settings.value("myhostname")
        self.origin = settings.value("myorigin")
        self.domain = settings.value("mydomain")
        self.append_origin = settings.flag("append_at_myorigin")
        self.append_domain = settings.flag("append_dot_mydomain")
        self.swap = settings.flag("swap_bangpath")
        self.percent = settings.flag("allow_percent_hack")
        self.dequote = settings.flag("resolve_dequoted_address")
        self.mydestination = MatchList(settings.value("mydestination"), tables)
        self.alias = MatchList(settings.value("virtual_alias_domains"), tables)
        self.mailbox = MatchList(settings.value("virtual_mailbox_domains"), tables)
        self.relay = MatchList(settings.value("relay_domains"), tables, settings.parents("relay_domains"))
        self._known = {}

    def resolve(self, text):
        """Return the Resolved for an address in external form (as in RCPT TO, without the angle brackets)."""
        if text not in self._known:
            self._known[text] = self._resolve(text)
        return self._known[text]

    def _resolve(self, text):
        try:
            address, local = self._strip(self._rewrite(_internal(text)), _quoted(text))
            domain = address.rpartition("@")[2]
            class_ = "local" if local else self._class(domain)
            unknown = None
        except ListError:
            address, domain, class_, unknown = text, text.rpartition("@")[2], "error", None
        except Opaque as exc:
            address, domain, class_, unknown = _internal(text), text.rpartition("@")[2], "default", str(exc)
        cut = min([address.find(char) for char in "@!%" if char in address] or [-1])
        return Resolved(address.lower(), class_, address[cut + 1:] != domain, unknown)

    def _class(self, domain):
        # What an unreadable table of final destinations holds cannot make a relay: mail for it stays here.
        if _readable(self.alias, domain):
            return "alias"
        if _readable(self.mailbox, domain):
            return "mailbox"
        return "relay" if self.relay.matches_domain(domain) else "default"

    def _rewrite(self, address):
        if address.startswith("@") and ":" in address[:-1]:
            address = address.partition(":")[2]
        if "@" not in address:
            if self.swap and "!" in address:
                site, dummy, user = address.partition("!")
                address = user + "@" + site
            elif self.percent and "%" in address:
                address = "@".join(address.rsplit("%", 1))
            elif self.append_origin and self.origin:
                address += "@" + self.origin
        local, at, domain = address.rpartition("@")
        if at and self.append_domain and self.domain and domain and "." not in domain and not domain.startswith("["):
            domain += "." + self.domain
        if at and domain.endswith(".") and not domain.endswith(".."):
            domain = domain[:-1]
        return local + at + domain

    def _strip(self, address, quoted):
        """Strip the server's own domains from the right; return (address, whether none but its own was left)."""
        saved = None
        for dummy in range(LOOPS):
            local, at, domain = address.rpartition("@")
            if at:
                if domain and not self._is_local(domain):
                    return address, False
                saved, address = domain or saved, local
            if "@" in address and (self.dequote or not quoted):
                address = self._rewrite(address)
                continue
            if "@" not in address and ((self.swap and "!" in address) or (self.percent and "%" in address)) \
                    and (self.dequote or not quoted):
                address = self._rewrite(address)
                continue
            break
        return "{0}@{1}".format(address or "MAILER-DAEMON", saved or self.myhostname), True

    def _is_local(self, domain):
        if _readable(self.mydestination, domain):
            return True
        if domain.startswith("[") and domain.endswith("]"):
            literal = domain[1:-1]
            literal = literal[5:] if literal.lower().startswith("ipv6:") else literal
            try:
                return parse_address(literal) in self.own_addresses
            except ValueError:
                return False
        return False


def _readable(match_list, domain):
    try:
        return match_list.matches_string(domain)
    except Opaque:
        return False


def _quoted(text):
    return text.startswith('"')


def _internal(text):
    if not _quoted(text):
        return text
    end = text.rfind('"')
    return text[1:end].replace("\\", "") + text[end + 1:]
