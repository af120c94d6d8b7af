# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that every module which judges a configuration shares, and what is made of them."""

import os
from collections import namedtuple

from .._postfix.errors import ConfigError
from .._postfix.text import split_words
from .findings import find
from .host import installed, read_configuration
from .judge import judge
from .report import finding_results, listener_results, printable
from .trust import Trust
from .waivers import latest, waived_ids

OPTIONS = dict(
    config_directory=dict(type="path"),
    trusted_networks=dict(type="list", elements="str"),
    widest_public_network=dict(type="dict", default=dict(ipv4=24, ipv6=48)),
    postfix_version=dict(type="str"),
    waivers=dict(type="list", elements="dict", default=[], options=dict(
        id=dict(type="str", required=True), reason=dict(type="str", required=True), until=dict(type="str", required=True))),
)


class NoPostfix(ConfigError):
    """There is no Postfix to judge."""


# The configuration directory, and the Installed that the host has.
Place = namedtuple("Place", "directory here")


def locate(options):
    """Return the Place that is to be judged. :raises NoPostfix: where none is named, and nothing says that there is a Postfix"""
    named = options["config_directory"]
    here = installed(named)
    if not (named or here.postconf or os.path.isdir(here.directory)):
        raise NoPostfix("there is no Postfix on this host: no postconf, and no such directory", here.directory,
                        hint="Where its files are elsewhere, name the folder in config_directory.")
    return Place(named or here.directory, here)


class Subject(object):
    """A configuration directory, read and judged as the options ask.

    :param dict options: values of OPTIONS
    :param Place place: where it is
    :raises ConfigError: for an option or a file that cannot be used
    """

    def __init__(self, options, place):
        self.directory = place.directory
        try:
            self.trust = Trust(options["trusted_networks"], options["widest_public_network"])
        except ValueError as exc:
            raise ConfigError(str(exc), parameter="trusted_networks or widest_public_network",
                              hint="Expected are networks such as 198.51.100.0/24 or 2001:db8::/32, and prefix lengths.")
        self.waivers = latest(options["waivers"])
        self.waived = waived_ids(self.waivers)
        self.configuration, self.version = read_configuration(self.directory, options["postfix_version"], place.here)
        self.verdict = judge(self.configuration, self.trust)
        self.findings = find(self.configuration, self.verdict, self.trust)

    def results(self):
        """Return the fields of a result that every module has."""
        return dict(listeners=listener_results(self.verdict), findings=finding_results(self.findings, self.waived, self.waivers),
                    postfix_version=self.version, config_directory=self.directory, instances=self._instances())

    def _instances(self):
        """The configuration directories of this host's other instances, as postmulti(1) knows them."""
        named = split_words(self.configuration.settings().value("multi_instance_directories"))
        return [printable(one) for one in named if os.path.realpath(one) != os.path.realpath(self.directory)]
