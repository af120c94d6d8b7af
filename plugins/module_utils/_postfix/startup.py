# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What smtpd(8) and trivial-rewrite(8) die of at their start, beyond what a list's parser finds (mail_params.c, inet_proto.c)."""

import re

from .errors import ConfigError
from .lookups import valid_hostname
from .text import split_words

PROTOCOLS = ("all", "ipv4", "ipv6")
READ_AT_START = ("smtpd_", "append_", "allow_", "swap_bangpath", "resolve_", "message_size_limit", "soft_bounce", "strict_", "delay_warning",
                 "line_length_limit", "header_", "disable_vrfy_command", "helpful_warnings", "biff", "daemon_timeout", "ipc_", "max_idle", "max_use")
_TIME = re.compile(r"^\d+[smhdw]?$", re.IGNORECASE)


def check_startup(configuration, service, rewrite):
    """Check every parameter that is set for *service*, and for the rewrite service.

    :raises ConfigError: for the first value that the daemon dies of
    """
    if service.stray is not None:
        raise ConfigError("unexpected command-line argument: {0}".format(service.stray), configuration.master and configuration.master.path,
                          service.line, hint="Blanks end a value: write -o { name = value }, or separate its items by commas alone.")
    for one in [service] + ([rewrite] if rewrite is not None else []):
        _check_service(configuration, one)


def _check_service(configuration, service):
    settings = configuration.settings(service)
    names = {option.name for option in service.options} | {entry.name for entry in configuration.main.entries}
    for name in sorted(names):
        check = _SPECIAL.get(name, _by_kind)
        reason = check(configuration, settings, name)
        if reason is not None:
            origin = settings.origin(name)
            raise ConfigError(reason, origin.file, origin.line, name, "Give it a value that postconf(5) allows, or take it out.")


def _by_kind(configuration, settings, name):
    """A parameter has the form of its default: yes or no, a number, a time. Only those that these daemons read count."""
    if not name.startswith(READ_AT_START):
        return None
    default = configuration.defaults.get(name, "")
    if default in ("yes", "no") and settings.value(name).lower() not in ("yes", "no"):
        return "bad boolean configuration: {0} = {1}".format(name, settings.value(name))
    if default.isdigit() and not settings.value(name).lstrip("-").isdigit():
        return "bad numerical configuration: {0} = {1}".format(name, settings.value(name))
    if _TIME.match(default) and not _TIME.match(settings.value(name)):
        return "bad time configuration: {0} = {1}".format(name, settings.value(name))
    return None


def _hostname(dummy, settings, name):
    value = settings.value(name)
    return None if valid_hostname(value) else "parameter {0}: bad parameter value: {1}".format(name, value)


def _protocols(dummy, settings, name):
    for word in split_words(settings.value(name)):
        if word.lower() not in PROTOCOLS:
            return "unknown {0} value \"{1}\"".format(name, word)
    return None


_SPECIAL = {"myhostname": _hostname, "mydomain": _hostname, "inet_protocols": _protocols}
