# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What smtpd(8) and trivial-rewrite(8) die of at their start, beyond what a list's parser finds (mail_params.c, inet_proto.c)."""

from .errors import ConfigError
from .parameter_kinds import check_value, readers
from .text import split_words

PROTOCOLS = ("all", "ipv4", "ipv6")


def check_startup(configuration, service, rewrite):
    """Check every parameter that is set for *service*, and for the rewrite service.

    :raises ConfigError: for the first value that the daemon dies of
    """
    if service.stray is not None:
        raise ConfigError("unexpected command-line argument: {0}".format(service.stray), configuration.master and configuration.master.path,
                          service.line, hint="Blanks end a value: write -o { name = value }, or separate its items by commas alone.")
    # Without a master.cf to read, main.cf alone says what the rewrite service gets.
    _check_service(configuration, service, {"postfix", "smtpd"} if rewrite is not None else {"postfix", "smtpd", "trivial-rewrite"})
    if rewrite is not None:
        _check_service(configuration, rewrite, {"postfix", "trivial-rewrite"})


def _check_service(configuration, service, programs):
    settings = configuration.settings(service)
    names = {option.name for option in service.options} | {entry.name for entry in configuration.main.entries}
    for name in sorted(names):
        reason = _death(configuration, settings, name, programs)
        if reason is not None:
            origin = settings.origin(name)
            raise ConfigError(reason, origin.file, origin.line, name, "Give it a value that postconf(5) allows, or take it out.")


def _death(configuration, settings, name, programs):
    if name == "inet_protocols":
        return _protocols(settings, name)
    if not readers(name, configuration.version) & programs:
        return None
    problem = check_value(name, settings.value(name), configuration.version)
    return problem and "bad value of {0}: {1}".format(name, problem)


def _protocols(settings, name):
    for word in split_words(settings.value(name)):
        if word.lower() not in PROTOCOLS:
            return "unknown {0} value \"{1}\"".format(name, word)
    return None
