# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that every module which judges a configuration shares, and what is made of them."""

from .._postfix.errors import ConfigError
from .findings import find
from .host import default_directory, read_configuration
from .judge import judge
from .trust import Trust
from .waivers import waived_ids

OPTIONS = dict(
    config_directory=dict(type="path"),
    trusted_networks=dict(type="list", elements="str"),
    widest_public_network=dict(type="dict", default=dict(ipv4=24, ipv6=48)),
    postfix_version=dict(type="str"),
    waivers=dict(type="list", elements="dict", default=[], options=dict(
        id=dict(type="str", required=True), reason=dict(type="str", required=True), until=dict(type="str", required=True))),
)


class Subject(object):
    """A configuration directory, read and judged as the options ask.

    :param dict options: values of OPTIONS
    :raises ConfigError: for an option or a file that cannot be used
    """

    def __init__(self, options):
        self.directory = options["config_directory"] or default_directory()
        try:
            self.trust = Trust(options["trusted_networks"], options["widest_public_network"])
        except ValueError as exc:
            raise ConfigError(str(exc), parameter="trusted_networks or widest_public_network",
                              hint="Expected are networks such as 198.51.100.0/24 or 2001:db8::/32, and prefix lengths.")
        self.waived = waived_ids(options["waivers"])
        self.configuration, self.version = read_configuration(self.directory, options["postfix_version"])
        self.verdict = judge(self.configuration, self.trust)
        self.findings = find(self.configuration, self.verdict, self.trust)
