# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be wrong with a configuration, as one exception with everything a person needs to mend it."""


class ConfigError(Exception):
    """A configuration that Postfix itself refuses, or that cannot be read.

    :param str message: what was found and what was expected
    :param str file: path of the file, or None
    :param int line: line number, counted from 1, or None
    :param str parameter: name of the parameter, or None
    :param str hint: what to do about it, or None
    """

    def __init__(self, message: str, file: "str | None" = None, line: "int | None" = None, parameter: "str | None" = None, hint: "str | None" = None) -> None:
        super(ConfigError, self).__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.parameter = parameter
        self.hint = hint

    def __str__(self) -> str:
        place = self.file or ""
        if self.line:
            place += ", line {0}".format(self.line)
        text = "{0}: {1}".format(place, self.message) if place else self.message
        if self.parameter and self.parameter not in self.message:
            text += " (parameter {0})".format(self.parameter)
        return "{0}. {1}".format(text.rstrip("."), self.hint) if self.hint else text


class Opaque(Exception):
    """An answer that hangs on something that cannot be read; the text names it."""
