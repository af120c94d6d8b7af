# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The effective configuration: what each parameter is for each service (postconf(5), master(5))."""

import os
import re
from collections import namedtuple

from .addresses import interfaces
from .catalogue import PREDEFINED_CLASSES
from .defaults import defaults_for, shared_defaults
from .errors import ConfigError
from .files import Files
from .macros import MacroError, expand
from .main_cf import MainCf
from .master_cf import MasterCf, Service
from .match_lists import ListError, MatchList
from .networks import parse_network
from .reading_order import ALWAYS, RAW, program_of, visible
from .restrictions import has_required
from .tables import DENIED_LIVES, Opaque, Proxied, Tables, proxied_in
from .text import decode, split_words

# What only the host knows. hostname: its name; mynetworks: {style: text} of what mynetworks_style adds;
# addresses: (family, number) pairs of its interfaces; defaults: {name: raw value} of its own postconf -d, or {}.
Host = namedtuple("Host", "hostname mynetworks addresses defaults")
UNKNOWN_HOST = Host("localhost.localdomain", {"host": "127.0.0.1/32 [::1]/128", "subnet": "127.0.0.0/8 [::1]/128",
                                              "class": "127.0.0.0/8 [::1]/128"}, (), {})

# Where a value stands. document: the MainCf or MasterCf; file: its path; line: from 1; value: Logical; option: or None
Origin = namedtuple("Origin", "document file line value option")

OPEN_OR_DIE = "daemon_table_open_error_is_fatal"
LEVELS = (3, 6)  # the first version that compares compatibility levels in macros
_LEVEL = re.compile(r"[<>=!]level\b")
STOCK_LISTENER = b"smtp      inet  n       -       n       -       -       smtpd\n"
STOCK_MASTER = MasterCf(STOCK_LISTENER)  # stands for a master.cf that is not there


class OriginError(MacroError):
    """A file for myorigin that does not say what the origin is."""

    hint = "Write the domain into that file, one word, or set the parameter to it."


class Configuration(object):
    """main.cf and master.cf under one version of Postfix.

    :param MainCf main: the document
    :param MasterCf master: the document, or None where there is no master.cf
    :param tuple version: (major, minor)
    :param Files files: reads tables
    :param Host host: what the files do not say
    """

    def __init__(self, main: MainCf, master: "MasterCf | None", version: "tuple[int, ...]", files: Files, host: Host = UNKNOWN_HOST) -> None:
        self.main = main
        self.master = master
        self.version = version
        self.files = files
        self.host = host
        self.tables = Tables(files, version)
        self.directory = os.path.dirname(main.path) or "."
        self._proxied = None  # type: frozenset[str] | None
        self._settings = {}  # type: dict[tuple[Service | None, str | None], Settings]
        self.defaults = dict(defaults_for(version), **host.defaults) if host.defaults else shared_defaults(version)

    def changed(self, main: "MainCf | None" = None, master: "MasterCf | None" = None) -> "Configuration":
        """Return this configuration with other documents."""
        other = Configuration(main or self.main, master or self.master, self.version, self.files, self.host)
        other.tables = self.tables
        return other

    def services(self, command: str) -> "list[Service]":
        """Return the services that run *command* and that master_service_disable leaves on, master.cf order."""
        found = [] if self.master is None else [one for one in self.master.services if one.command.rpartition("/")[2] == command]
        if self.main.entry("master_service_disable") is None:
            return found
        try:
            off = split_words(self.settings().value("master_service_disable"))
        except ConfigError:  # of a macro that master(8) dies of: what would run is judged all the same
            off = []
        return [one for one in found if not _is_off(one, off)]

    def proxied(self) -> "frozenset[str]":
        """Return the tables that proxymap(8) hands out: those behind ``proxy:`` in proxy_read_maps, later in classes too (proxymap.c)."""
        if self._proxied is None:
            services = self.services("proxymap")
            settings = self.settings(services[-1] if services else None)
            texts = settings.readable("proxy_read_maps")
            if self.version >= DENIED_LIVES:
                texts += [text for name in split_words(" ".join(settings.readable("smtpd_restriction_classes"))) for text in settings.readable(name)]
            self._proxied = frozenset(spec for text in texts for spec in proxied_in(text))
        return self._proxied

    def settings(self, service: "Service | None" = None, program: "str | None" = None) -> "Settings":
        """Return the Settings of *service*, or of main.cf alone, as *program* would read it (None: as postconf -x does)."""
        if (service, program) not in self._settings:
            self._settings[(service, program)] = Settings(self, service, program)
        return self._settings[(service, program)]


class Settings(object):
    """Effective values of parameters for one service; each is expanded once."""

    def __init__(self, configuration: Configuration, service: "Service | None", program: "str | None" = None) -> None:
        self.configuration = configuration
        self.service = service
        self.program = program_of(service.command) if service is not None else program
        self._values = {}  # type: dict[str, str]
        self._parents = None  # type: MatchList | None
        self._tables = None  # type: Tables | None

    def origin(self, name: str) -> "Origin | None":
        """Return the Origin of parameter *name*, or None where its default is in force."""
        option = self._option(name)
        master = self.configuration.master
        if option is not None and master is not None:
            return Origin(master, master.path, option.line, option.value, option)
        entry = self.configuration.main.entry(name)
        if entry is not None:
            main = self.configuration.main
            return Origin(main, main.path, entry.line, entry.value, None)
        return None

    def raw(self, name: str) -> "str | None":
        """Return the raw value of *name*, or None where Postfix does not know it."""
        # Neither file can set a daemon's service name, nor since 3.12 its own (single_server.c).
        if self.service is not None and (name == "service_name" or name == "process_name" and self.configuration.version >= (3, 12)):
            return self._default(name)
        found = self._option(name) or self.configuration.main.entry(name)
        text = self._default(name) if found is None else found.value.text
        return self._mailname(text) if name == "myorigin" and text.startswith("/") else text

    def _mailname(self, path):
        """Return the domain that stands in the file *path*: Debian's Postfix takes a file for myorigin, such as /etc/mailname."""
        files = self.configuration.files
        data = files.read(path)
        if data is None:
            if files.compiled_needed:
                raise OriginError("{0}: cannot open file".format(path))
            return "$myhostname"  # a copy without that file: as good a guess as any
        lines = [line.strip() for line in decode(data).split("\n") if line.strip()]
        if not lines or len(lines[0].split()) != 1:
            raise OriginError("myorigin must hold one domain: {0}".format(path))
        return lines[0]

    def _option(self, name):
        return self.service.option(name) if self.service is not None and self.service.options else None

    def _default(self, name):
        if self.service is not None and name in ("process_name", "service_name"):
            return self.service.name if name == "service_name" else self.service.command.rpartition("/")[2]
        if name == "config_directory":
            return self.configuration.directory  # set before main.cf is read, which may say otherwise (mail_conf.c)
        if name == "myhostname":
            host = self.configuration.host.hostname
            if "." in host:
                return host
            return host + "." + (self.value("mydomain") if self.origin("mydomain") is not None else "localdomain")
        if name == "mydomain":
            return self.value("myhostname").partition(".")[2] or "localdomain"
        if name == "mynetworks":
            return self._own_networks(self.configuration.host.mynetworks.get(self.value("mynetworks_style"), ""))
        return self.configuration.defaults.get(name)

    def _own_networks(self, text):
        """Return the networks that mynetworks_style adds: of them those alone that hold an address in inet_interfaces (mynetworks.c)."""
        if self.value("inet_interfaces").lower() == "all":
            return text
        own = interfaces(self, self.configuration.host.addresses)
        return " ".join(word for word in split_words(text) if any(parse_network(word).holds(address) for address in own))

    def _seen_from(self, name, reader):
        """Return what the macro *name* stands for when *reader* is expanded, or None."""
        if self.program is None or name in ALWAYS or self.origin(name) is not None:
            return self._macros(name)
        known = visible(self.program, name, reader) and self.raw(name) is not None
        return self.value(name) if known else None

    def value(self, name: str) -> str:
        """Return the value of *name* with macros expanded ("" where it is unknown).

        :raises ConfigError: for a macro that Postfix dies of
        """
        if name not in self._values:
            self._values[name] = ""  # what a default that is made of it finds while it is not known, as mydomain's
            try:
                self._values[name] = self._expanded(name)
            except ConfigError:
                del self._values[name]
                raise
        return self._values[name]

    def _expanded(self, name):
        if name in RAW:
            return self.raw(name) or ""
        try:
            raw = self._macros(name)
            return expand(raw, lambda other: self._seen_from(other, name)) if raw and "$" in raw else raw or ""
        except MacroError as exc:
            origin = self.origin(name)
            raise ConfigError(str(exc), origin and origin.file, origin and origin.line, name, exc.hint)

    def _macros(self, name):
        """Return the raw value of *name* for expansion. :raises MacroError: for what this version cannot read"""
        raw = self.raw(name)
        if raw and self.configuration.version < LEVELS and self.origin(name) is not None and _LEVEL.search(raw):
            raise MacroError("bad operator suffix: \"level\" is known from Postfix 3.6 on")
        return raw

    def pieces(self, name: str) -> "list[tuple[str, list[str]]]":
        """Return [(word as it is written, [words that it stands for]), ...] of the value in force; an edit keeps what is written.

        :raises ConfigError: for a macro that Postfix dies of
        """
        value = self.value(name)
        raw = self._macros(name) if self.origin(name) is not None else value
        return [(word, split_words(expand(word, lambda other: self._seen_from(other, name)) if "$" in word else word))
                for word in split_words(raw or "")]

    def readable(self, name: str) -> "list[str]":
        """Return the words of *name* as they are written, macros expanded, but for those whose macros cannot be read."""
        found = []
        for word in split_words(self.raw(name) or ""):
            try:
                found.append(expand(word, self._macros))
            except MacroError:
                continue
        return found

    def written(self, name: str) -> "list[str]":
        """Return the words of the value in force, macros as they are written."""
        return [word for word, dummy in self.pieces(name)]

    def flag(self, name: str) -> bool:
        """Return a boolean parameter. :raises ConfigError: where it is neither yes nor no"""
        value = self.value(name).lower()
        if value not in ("yes", "no"):
            origin = self.origin(name)
            raise ConfigError("bad boolean configuration: {0} = {1}".format(name, self.value(name)),
                              origin and origin.file, origin and origin.line, name, "Expected is yes or no.")
        return value == "yes"

    @property
    def tables(self) -> Tables:
        """The Tables as the daemon opens them."""
        if self._tables is None:
            tables = self.configuration.tables
            strict = self.origin(OPEN_OR_DIE) is not None and self.value(OPEN_OR_DIE).lower() == "yes"
            self._tables = Proxied(tables.strict() if strict else tables, self.configuration.proxied)
        return self._tables

    def parents(self, name: str) -> bool:
        """Tell whether *name* is in parent_domain_matches_subdomains, a list that may also hold tables. :raises ListFatal:"""
        if self._parents is None:
            self._parents = MatchList(self.value("parent_domain_matches_subdomains"), self.tables)
        try:
            return self._parents.matches_string(name)
        except (ListError, Opaque):
            return False

    def match_list(self, name: str) -> MatchList:
        """Return the MatchList of parameter *name*. :raises ListFatal:"""
        return MatchList(self.value(name), self.tables, self.parents(name))

    def classes(self) -> "dict[str, str]":
        """Return {restriction class: list text}. :raises ConfigError: for a class without a definition"""
        found = dict(PREDEFINED_CLASSES)
        for name in split_words(self.value("smtpd_restriction_classes")):
            text = self.value(name)
            if not text:
                origin = self.origin("smtpd_restriction_classes")
                raise ConfigError("restriction class `{0}' needs a definition".format(name), origin and origin.file,
                                  origin and origin.line, "smtpd_restriction_classes",
                                  "Define {0} = ... or take the name out.".format(name))
            found[name] = text
        return found

    def has_guard(self) -> bool:
        """Tell whether smtpd's start-up check passes."""
        classes = self.classes()
        try:
            return any(has_required(self.value(name), classes) for name in ("smtpd_recipient_restrictions", "smtpd_relay_restrictions"))
        except ValueError as exc:
            raise ConfigError(str(exc), parameter="smtpd_restriction_classes", hint="Let no class name itself.")


def _is_off(service: Service, patterns: "list[str]") -> bool:
    """Tell whether the first of the patterns that is for a service says that it is off (match_service.c)."""
    for pattern in patterns:
        bare = pattern.lstrip("!").lower()
        if "/" not in bare and "." in bare:
            bare = "/".join(bare.rsplit(".", 1))
        if bare in (service.type.lower(), "{0}/{1}".format(service.name, service.type).lower()):
            return (len(pattern) - len(pattern.lstrip("!"))) % 2 == 0
    return False
