# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses as smtpd(8) and trivial-rewrite(8) see them: rewritten, resolved, put into a class (rewrite.c, resolve.c)."""

from collections import namedtuple

from . import lookups, networks
from .match_lists import ListError, MatchList
from .quoting import internal, is_dot_string
from .tables import Opaque, TableError
from .text import split_words
from .transports import Transports

# address: in lower case, unquoted; class_: local, alias, mailbox, relay, default, or error (a lookup failed);
# routed: whether the local part holds routing; valid: whether smtpd takes its syntax; transport: error, retry or other;
# unknown: what could not be read, or None
Resolved = namedtuple("Resolved", "address class_ routed valid transport unknown")
LOOPBACK = {"localhost": ("127.0.0.1", "::1"), "loopback-only": ("127.0.0.1", "::1"), "all": ("127.0.0.1", "::1")}
PROTOCOLS = {"ipv4": (4,), "ipv6": (6,), "all": (4, 6)}


class OwnDomains(object):
    """mydestination and the addresses of inet_interfaces and proxy_interfaces (resolve_local.c).

    :param settings: Settings of the service that asks
    :param tables: Tables
    :param own_addresses: (family, number) pairs of the host's interfaces
    """

    def __init__(self, settings, tables, own_addresses):
        self.mydestination = MatchList(settings.value("mydestination"), tables)
        self.addresses = interfaces(settings, own_addresses)

    def holds(self, domain):
        """Tell whether *domain* is this host. :raises ListError, Opaque:"""
        if domain.endswith("."):
            domain = domain[:-1]
        if not domain or domain.endswith("."):
            return False
        if readable(self.mydestination, domain):
            return True
        return valid_literal(domain) and _literal(domain) in self.addresses


def families(settings):
    """Return the address families that inet_protocols asks for, a set of 4 and 6."""
    return {family for word in split_words(settings.value("inet_protocols")) for family in PROTOCOLS.get(word, ())}


def interfaces(settings, own_addresses):
    """Return the addresses of inet_interfaces and proxy_interfaces, a set of (family, number)."""
    found = set()
    for word in split_words(settings.value("inet_interfaces")) + split_words(settings.value("proxy_interfaces")):
        if word == "all":
            found.update(own_addresses)
        for text in LOOPBACK.get(word.lower(), (word.strip("[]"),)):
            try:
                found.add(networks.parse_address(text))
            except ValueError:
                continue  # a host name: its address is the resolver's to say
    return {one for one in found if one[0] in families(settings)}


def valid_literal(domain):
    """Tell whether *domain* is an address in brackets (valid_mailhost_literal.c)."""
    return domain.startswith("[") and domain.endswith("]") and networks.valid_literal(domain[1:-1])


def _literal(domain):
    """Return the (family, number) of a valid address literal in brackets."""
    return networks.parse_address(domain[6:-1] if domain[1:6].lower() == "ipv6:" else domain[1:-1])


class Resolver(object):
    """Resolves addresses with the parameters of the rewrite service.

    :param settings: Settings of the rewrite service
    :param tables: Tables
    :param own_addresses: (family, number) pairs of the host's interfaces
    """

    def __init__(self, settings, tables, own_addresses):
        self.own = OwnDomains(settings, tables, own_addresses)
        self.mydestination = self.own.mydestination
        self.myhostname = settings.value("myhostname")
        self.origin = settings.value("myorigin")
        self.domain = settings.value("mydomain")
        self.append_origin = settings.flag("append_at_myorigin")
        self.append_domain = settings.flag("append_dot_mydomain")
        self.swap = settings.flag("swap_bangpath")
        self.percent = settings.flag("allow_percent_hack")
        self.dequote = settings.flag("resolve_dequoted_address")
        self.null_domain = settings.flag("resolve_null_domain")
        self.numeric = settings.flag("resolve_numeric_domain")
        self.utf8 = settings.flag("smtputf8_enable")
        self.minus = settings.flag("allow_min_user")
        self.empty = settings.value("empty_address_recipient")
        self.alias = MatchList(settings.value("virtual_alias_domains"), tables)
        self.mailbox = MatchList(settings.value("virtual_mailbox_domains"), tables)
        self.relay = MatchList(settings.value("relay_domains"), tables, settings.parents("relay_domains"))
        self.transports = Transports(settings, tables, self.own)
        self._known = {}

    def resolve(self, text):
        """Return the Resolved for an address in external form (as in RCPT TO, without the angle brackets)."""
        if text not in self._known:
            self._known[text] = self._resolve(internal(text))
        return self._known[text]

    def _resolve(self, given):
        try:
            address, local = self._strip(*self._rewrite(*_parts(given)))
            domain = address.rpartition("@")[2]
            if not self._valid(address, domain):
                return Resolved(address.lower(), "default", False, False, "", None)
            if self.numeric and networks.valid_address(domain):
                domain = "[" + domain + "]"
                address = address.rpartition("@")[0] + "@" + domain
                local = self.own.holds(domain)
            class_ = self._class(domain, local)
            transport = self.transports.of(address, class_)
        except (ListError, TableError):
            return Resolved(given.lower(), "error", False, True, "", None)
        except Opaque as exc:
            return Resolved(given.lower(), "default", False, True, "", str(exc))
        cut = min([address.find(char) for char in "@!%" if char in address])
        return Resolved(address.lower(), class_, address[cut + 1:] != domain, True, transport, None)

    def _valid(self, address, domain):
        """Tell whether smtpd takes the address: its domain is a host name or a literal (RESOLVE_FLAG_ERROR)."""
        if address.startswith("-") and not self.minus:
            return False
        if domain.startswith("["):
            return valid_literal(domain)
        return lookups.valid_hostname(domain) or (self.numeric and networks.valid_address(domain)) \
            or self.utf8 and lookups.valid_utf8_hostname(domain)  # who says SMTPUTF8 may use more letters

    def _class(self, domain, local):
        if local:
            return "local"
        if readable(self.alias, domain):
            return "alias"
        if readable(self.mailbox, domain):
            return "mailbox"
        return "relay" if self.relay.matches_domain(domain) else "default"

    def _rewrite(self, local, domain):
        """Return (local, domain or None) in the form that rewrite_tree() gives them."""
        if domain is None and not local:
            return local, domain
        if domain is None:
            plain = is_dot_string(local)
            if plain and self.swap and "!" in local:
                domain, dummy, local = local.partition("!")
            elif plain and self.percent and "%" in local:
                local, dummy, domain = local.rpartition("%")
            elif self.append_origin and self.origin:
                domain = self.origin
        if domain and self.append_domain and self.domain and "." not in domain and "[" not in domain:
            domain += "." + self.domain
        return local, _without_dot(domain)

    def _strip(self, local, domain):
        """Strip the host's own domains from the right; return (address, whether none but its own was left)."""
        saved, seen = None, set()
        while (local, domain, saved) not in seen:
            seen.add((local, domain, saved))
            domain = _without_dot(domain)
            if domain == "" and self.null_domain:
                domain = None
            if domain is not None:
                if domain and not self.own.holds(domain):
                    return local + "@" + domain, False
                saved, domain = domain, None
            plain = is_dot_string(local)
            if plain and ((self.swap and "!" in local) or (self.percent and "%" in local)):
                local, domain = self._rewrite(local, None)
            elif not plain and local and self.dequote and self._operator(local):
                local, domain = self._dequoted(local)
            elif not local:
                local, domain = _parts(self.empty)
                if domain is None:
                    break
            elif saved is None:
                domain = self.myhostname
            else:
                break
        else:
            raise ListError("an empty address becomes one that is empty: {0}".format(self.empty))  # resolve.c gives up
        return "{0}@{1}".format(local, self.myhostname if saved is None else saved), True

    def _operator(self, local):
        return "@" in local or (self.percent and "%" in local) or (self.swap and "!" in local)

    def _dequoted(self, local):
        """Crack a quoted local part open at its last routing operator."""
        if "@" not in local and self.percent and "%" in local:
            local = "@".join(local.rsplit("%", 1))
        return self._rewrite(*_parts(local))


def readable(match_list, domain):
    """Tell whether *domain* is in a list, as far as it can be read. :raises ListError:

    What an unreadable table of final destinations holds cannot make a relay: mail for it stays here.
    """
    try:
        return match_list.matches_string(domain)
    except Opaque:
        return any(one.text == domain.lower() and not one.negate for one in match_list.patterns if one.table is None)


def _parts(address):
    """Return (local, domain) of an address in internal form; domain is None where there is no @."""
    local, at, domain = address.rpartition("@")
    return (local, domain) if at else (domain, None)


def _without_dot(domain):
    if domain and domain.endswith(".") and len(domain) > 1 and not domain.endswith(".."):
        return domain[:-1]
    return domain
