# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""master.cf as a lossless document: its services with their ``-o`` overrides (master(5))."""

import re
from collections import OrderedDict

from .errors import ConfigError
from .text import MASTER_SEPARATORS, Logical, Word, decode, encode, logical_lines, name_and_value, split_lines, unbrace, words

FIELDS = ("service name", "transport type", "private", "unprivileged", "chroot", "wakeup time", "process limit", "command")
# What stands in the fields from "private" to "process limit" (master_ent.c); of a number, all that follows its first digit is ignored.
_FORMS = [re.compile(form) for form in (r"[-yn]\Z", r"[-yn]\Z", r"[-yn]\Z", r"-\Z|[0-9]", r"-\Z|[0-9]")]
_WITH_ARGUMENT = re.compile(r"-[DcdluvVz]*[imnorst]")  # alone, or behind flags that take no argument (single_server.c)
_FLAGS = re.compile(r"-[DcdluvVz]*([imnorst].*)?\Z", re.DOTALL)
_HINT = "Expected is -o name=value or -o { name = value }."
_STRAY = "Blanks end a value: write -o { name = value }, or separate its items by commas alone."
TYPES = ("inet", "unix", "unix-dgram", "fifo", "pass")


class Option(object):
    """One ``-o name=value`` of a service.

    name: str; value: Logical, macros unexpanded; line: of the name, counted from 1; first, last: the Words (of the
    service's logical line) that make it up: ``-o`` and its argument, or one word ``-oname=value``; braced: whether
    blanks may stand in the value.
    """

    __slots__ = ("name", "value", "line", "first", "last", "braced")

    def __init__(self, name: str, value: Logical, line: int, first: Word, last: Word, braced: bool) -> None:
        self.name = name
        self.value = value
        self.line = line
        self.first = first
        self.last = last
        self.braced = braced

    @property
    def text(self) -> str:
        """The raw value as one str."""
        return self.value.text


class Service(object):
    """One service of master.cf: its eight fields, its options, and the logical line that they stand on."""

    __slots__ = ("fields", "logical", "line", "options", "error")

    def __init__(self, fields: "list[str]", logical: Logical, line: int, options: "list[Option]", error: "ConfigError | None" = None) -> None:
        self.fields = fields
        self.logical = logical
        self.line = line
        self.options = options
        self.error = error  # the ConfigError for arguments that a daemon such as smtpd(8) dies of, or None

    name = property(lambda self: self.fields[0])
    type = property(lambda self: self.fields[1])
    command = property(lambda self: self.fields[7])

    def option(self, name: str) -> "Option | None":
        """Return the Option in force for parameter *name* (the last one), or None."""
        for option in reversed(self.options):
            if option.name == name:
                return option
        return None


class MasterCf(object):
    """A master.cf. Documents are never changed: each edit gives a new one.

    :param bytes data: the file's bytes
    :param str path: where it stands, for messages
    """

    def __init__(self, data: bytes, path: str = "master.cf") -> None:
        self.path = path
        self.lines = split_lines(decode(data))
        self.services = []  # type: list[Service]
        self.error = None  # type: ConfigError | None
        for logical in logical_lines(self.lines):
            try:
                self.services.append(self._service(logical))
            except ConfigError as exc:
                # master(8) stops at the first bad entry, and with it the whole mail system.
                self.error = self.error or exc
        self.services = _last_of_each(self.services)

    def _service(self, logical: Logical) -> Service:
        line = logical.pieces[0].line + 1
        found = words(logical.text, MASTER_SEPARATORS)
        if len(found) < len(FIELDS):
            raise ConfigError("missing \"{0}\" field".format(FIELDS[len(found)]), self.path, line,
                              hint="A service has eight fields: {0}.".format(", ".join(FIELDS)))
        fields = [word.text for word in found[:len(FIELDS)]]
        if fields[1] not in TYPES:
            raise ConfigError("bad transport type: {0}".format(fields[1]), self.path, line,
                              hint="One of {0} is expected.".format(", ".join(TYPES)))
        for name, text, form in zip(FIELDS[2:], fields[2:], _FORMS):
            if form.match(text) is None:
                raise ConfigError("field \"{0}\": bad value: \"{1}\"".format(name, text), self.path, line,
                                  hint="Expected is y, n or - for the first three after the type, then two numbers or -.")
        if fields[1] == "inet" and fields[2] != "n":
            raise ConfigError("an inet service cannot be private", self.path, line, hint="Expected is n in the third field.")
        options, error = self._options(logical, found[len(FIELDS):])
        return Service(fields, logical, line, options, error)

    def _options(self, logical: Logical, arguments: "list[Word]") -> "tuple[list[Option], ConfigError | None]":
        """Return (the Options, the ConfigError for what ends them or None). :raises ConfigError: for what master(8) itself dies of"""
        for argument in arguments:
            if argument.text.startswith("{") and unbrace(argument.text) is None:
                raise ConfigError("syntax error after '}}' or missing '}}' in \"{0}\"".format(argument.text[:60]), self.path,
                                  logical.place(argument.start)[0] + 1, hint=_HINT)
        options, index = [], 0  # type: list[Option], int
        while index < len(arguments):
            first = last = arguments[index]
            flag = _unbraced(first)
            index += 1
            if flag.text == "--" and index == len(arguments):
                break
            reason = _refused(flag.text)
            if reason is not None:
                return options, ConfigError("{0}: {1}".format(reason, first.text), self.path, logical.place(first.start)[0] + 1, hint=_STRAY)
            letters = _WITH_ARGUMENT.match(flag.text)
            if letters is None:
                continue
            if flag.text == letters.group():
                if index == len(arguments):
                    return options, ConfigError("option {0} without an argument".format(flag.text), self.path, logical.place(first.start)[0] + 1, hint=_HINT)
                last = arguments[index]
                index += 1
                argument = _unbraced(last)
            else:
                # Braces that follow -o without a blank are a part of the name.
                argument = Word(flag.text[letters.end():], flag.start + letters.end(), flag.end)
            if not letters.group().endswith("o"):
                continue
            option, error = self._option(logical, first, last, argument)
            if option is None:
                return options, error
            options.append(option)
        return options, None

    def _option(self, logical: Logical, first: Word, last: Word, argument: Word) -> "tuple[Option | None, ConfigError | None]":
        line = logical.place(argument.start)[0] + 1
        pair, reason = name_and_value(logical.cut(argument.start, argument.end))
        if pair is None:
            return None, ConfigError("{0}: \"{1}\"".format(reason, argument.text[:60]), self.path, line, hint=_HINT)
        return Option(pair[0].text, pair[1], line, first, last, last is not first and last.text.startswith("{")), None

    def to_bytes(self) -> bytes:
        """Return the file's bytes."""
        return encode("".join(self.lines))

    def with_lines(self, lines: "list[str]") -> "MasterCf":
        """Return the document that consists of *lines*."""
        return MasterCf(encode("".join(lines)), self.path)


def _last_of_each(services: "list[Service]") -> "list[Service]":
    """Return the Services that master(8) runs: of two with the same socket the last entry counts (master_config in master_conf.c)."""
    found = OrderedDict()  # type: OrderedDict
    for one in services:
        # Of a UNIX-domain socket the folder, private or public, is a part of the name.
        found.pop((one.name, one.type, one.fields[2] == "n"), None)
        found[one.name, one.type, one.fields[2] == "n"] = one
    return list(found.values())


def _refused(text: str) -> "str | None":
    """Return why a daemon dies of the argument *text* where an option is expected (getopt(3)), or None."""
    if not text.startswith("-") or text in ("-", "--"):
        return "unexpected command-line argument"  # it ends the options: what follows is the command's own
    return None if _FLAGS.match(text) else "option that no service may have"


def _unbraced(word: Word) -> Word:
    """Return the Word as the service gets it: master(8) takes the braces off an argument that begins with them (get_master_ent in master_ent.c)."""
    inside = unbrace(word.text) if word.text.startswith("{") else None
    if inside is None:
        return word
    start = word.start + word.text.index(inside, 1)
    return Word(inside, start, start + len(inside))
