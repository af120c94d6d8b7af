# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an instance's files say about its log: which domains are its own, and what it calls itself."""

from .._postfix.errors import ConfigError
from .._postfix.match_lists import ListError, ListFatal
from .._postfix.tables import Opaque, TableError, TableFatal
from .._relay.host import installed, read_configuration
from .._relay.judge import resolver

SYSLOG_NAME = "postfix"


class Instance(object):
    """The instance of a configuration directory, as far as its files can be read.

    maillog_file, syslog_name: str; notes: sentences on what could not be read.

    :param config_directory: path, or None for the host's default
    :param own_domains: domains that are its own besides
    """

    def __init__(self, config_directory, own_domains):
        self.notes, self.maillog_file, self.syslog_name, self._resolver = [], "", SYSLOG_NAME, None
        self._own = set(domain.lower() for domain in own_domains)
        here = installed(config_directory)
        try:
            configuration, dummy = read_configuration(config_directory or here.directory, None, here)
            settings = configuration.settings()
            self.maillog_file = settings.value("maillog_file")
            self.syslog_name = settings.value("syslog_name") or SYSLOG_NAME
            self._resolver = resolver(configuration, settings)
        except (ConfigError, ListFatal, TableFatal) as exc:
            self.notes.append("which domains are the server's own is not known: {0}".format(exc))

    def is_own(self, domain):
        """Tell whether mail for a domain is for the server itself, or for one that it is a relay for."""
        if domain in self._own:
            return True
        try:
            return self._resolver is not None and self._resolver.resolve("postmaster@" + domain).class_ != "default"
        except (ListError, TableError, Opaque):
            return False
