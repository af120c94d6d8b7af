# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only the host knows: its Postfix, its names and networks; and the two files, read from a directory."""

import os
import re
import socket
from collections import namedtuple

from .._postfix import commands
from .._postfix.configuration import LEVELS, UNKNOWN_HOST, Configuration, Host
from .._postfix.defaults import NEWEST
from .._postfix.errors import ConfigError
from .._postfix.files import Files
from .._postfix.main_cf import MainCf
from .._postfix.master_cf import MasterCf

# Where Postfix looks, and we, unless it says otherwise.
DIRECTORY = "/etc/postfix"

PLACES = ("/usr/sbin", "/usr/local/sbin", "/sbin", "/opt/postfix/sbin", "/usr/bin", "/usr/local/bin", "/usr/pkg/sbin")


def find_command(name):
    """Return the path of a Postfix command, or None."""
    folders = list(PLACES) + os.environ.get("PATH", "").split(os.pathsep)
    for folder in folders:
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK) and not os.path.isdir(path):
            return path
    return None


def run(arguments):
    """Return the standard output of a command (str), or None where it failed."""
    try:
        process = commands.run(arguments)
    except OSError:
        return None
    return process.stdout.decode("utf-8", "surrogateescape") if process.returncode == 0 else None


def parse_version(text):
    """Return (major, minor) of a Postfix version such as ``3.7.11``. :raises ConfigError: where it is none"""
    match = re.match(r"(\d+)\.(\d+)", text.strip())
    if not match:
        raise ConfigError("postfix_version is \"{0}\"".format(text), hint="Expected is major.minor, such as 3.7.")
    return int(match.group(1)), int(match.group(2))


class Installed(namedtuple("Installed", "postconf postmap values computed")):
    """The Postfix that is installed here.

    - postconf, postmap: paths of the commands, or None
    - values: {parameter: raw value}, what it takes where main.cf says nothing among them; {} where nothing is installed
    - computed: whether the values are those of the main.cf in question, so that mynetworks is what mynetworks_style makes of it
    """

    @property
    def version(self):
        """The text of its version, or None."""
        return self.values.get("mail_version")

    @property
    def directory(self):
        """The configuration directory that it uses by itself."""
        return self.values.get("config_directory") or DIRECTORY


def installed(directory=None):
    """Return the Installed of this host, with one call of postconf where no surprise waits in main.cf.

    :param str directory: the configuration directory that matters, or None for Postfix's own
    """
    postconf = find_command("postconf")
    if postconf is None:
        return Installed(None, None, {}, False)
    likely = directory or os.environ.get("MAIL_CONFIG") or DIRECTORY
    # Only where main.cf leaves mynetworks to mynetworks_style must postconf read it, and it waits where the file is a second old.
    asked = [[postconf, "-d"]] if _sets_mynetworks(likely) else [[postconf] + (["-c", directory] if directory else []), [postconf, "-d"]]
    for command in asked:
        out = run(command)
        if out is not None:
            found = Installed(postconf, find_command("postmap"), _values(out), "-d" not in command)
            # Built for another directory than most, and mynetworks is left open there.
            elsewhere = directory is None and not found.computed and not _sets_mynetworks(found.directory)
            return installed(found.directory) if elsewhere else found
    return Installed(postconf, None, {}, False)


def _sets_mynetworks(directory):
    """Tell whether main.cf in *directory* says what mynetworks is; also where there is none that postconf could read."""
    try:
        with open(os.path.join(directory, "main.cf"), "rb") as handle:
            return re.search(br"(?m)^mynetworks\s*=", handle.read()) is not None
    except (IOError, OSError):
        return True


def _values(text):
    found = {}
    for line in text.split("\n"):
        name, equals, value = line.partition(" =")
        if equals:
            found[name] = value.strip()
    return found


def read_configuration(directory, version=None, here=None):
    """Read the configuration in *directory*.

    :param str version: as ``3.7``, or None for the host's own, else the newest known
    :param Installed here: the host's Postfix, where it was asked already
    :returns: (Configuration, version text)
    :raises ConfigError: where the directory or main.cf is missing or cannot be read
    """
    here = here or installed(directory)
    main_path, master_path = os.path.join(directory, "main.cf"), os.path.join(directory, "master.cf")
    main = MainCf(_bytes(main_path, directory), main_path)
    master = MasterCf(_bytes(master_path, directory), master_path) if os.path.lexists(master_path) else None
    if here.computed and main.entry("mail_version") is not None:
        # A main.cf may claim to be of another version; the command knows better.
        here = here._replace(values=_values(run([here.postconf, "-d"]) or ""), computed=False)
    text = version or here.version or "{0}.{1}".format(*NEWEST)
    number = parse_version(text)
    own = here.version is not None and parse_version(here.version) == number
    files = Files(here.postmap if own else None, own)
    return Configuration(main, master, number, files, _host(here, main) if own else UNKNOWN_HOST), text


def _bytes(path, directory):
    if not os.path.isdir(directory):
        raise ConfigError("there is no such directory", directory, parameter="config_directory",
                          hint="Name the folder that holds main.cf in config_directory.")
    try:
        with open(path, "rb") as handle:
            return handle.read()
    except IOError as exc:
        raise ConfigError("cannot be read: {0}".format(exc.strerror), path,
                          hint="Run as a user who may read it, or name another config_directory.")


def _host(here, main):
    """Return the Host: of the values, those that this main.cf does not set are what this Postfix takes by default."""
    defaults = dict((name, value) for name, value in here.values.items() if main.entry(name) is None)
    added = defaults.get("mynetworks") if here.computed else None
    for name in ("myhostname", "mydomain", "mynetworks"):
        defaults.pop(name, None)
    if parse_version(here.version) < LEVELS:
        # Before 3.6 what depends on the level is decided in code: our own table says it as macros.
        for name in ("smtpd_relay_restrictions", "append_dot_mydomain", "relay_domains", "mynetworks_style", "smtputf8_enable"):
            defaults.pop(name, None)
    networks = UNKNOWN_HOST.mynetworks if added is None else dict.fromkeys(("host", "subnet", "class"), added)
    return Host(socket.gethostname(), networks, (), defaults)
