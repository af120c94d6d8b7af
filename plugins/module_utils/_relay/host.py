# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only the host knows: its Postfix, its names and networks; and the two files, read from a directory."""

import os
import re
import socket
import subprocess

from .._postfix.configuration import UNKNOWN_HOST, Configuration, Host
from .._postfix.defaults import NEWEST
from .._postfix.errors import ConfigError
from .._postfix.files import Files
from .._postfix.main_cf import MainCf
from .._postfix.master_cf import MasterCf

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
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        out = process.communicate()[0]
    except OSError:
        return None
    return out.decode("utf-8", "surrogateescape") if process.returncode == 0 else None


def parse_version(text):
    """Return (major, minor) of a Postfix version such as ``3.7.11``. :raises ConfigError: where it is none"""
    match = re.match(r"(\d+)\.(\d+)", text.strip())
    if not match:
        raise ConfigError("postfix_version is \"{0}\"".format(text), hint="Expected is major.minor, such as 3.7.")
    return int(match.group(1)), int(match.group(2))


def default_directory():
    """Return the configuration directory that the installed Postfix uses, else /etc/postfix."""
    postconf = find_command("postconf")
    out = run([postconf, "-dh", "config_directory"]) if postconf else None
    return (out or "/etc/postfix").strip()


def read_configuration(directory, version=None):
    """Read the configuration in *directory*.

    :param str version: as ``3.7``, or None for the host's own, else the newest known
    :returns: (Configuration, version text)
    :raises ConfigError: where the directory or main.cf is missing or cannot be read
    """
    main_path, master_path = os.path.join(directory, "main.cf"), os.path.join(directory, "master.cf")
    main = MainCf(_bytes(main_path, directory), main_path)
    master = MasterCf(_bytes(master_path, directory), master_path) if os.path.lexists(master_path) else None
    postconf, postmap = find_command("postconf"), find_command("postmap")
    installed = run([postconf, "-dh", "mail_version"]) if postconf else None
    text = version or (installed or "").strip() or "{0}.{1}".format(*NEWEST)
    number = parse_version(text)
    own = installed is not None and parse_version(installed) == number
    host = _host(postconf, directory, main) if own else UNKNOWN_HOST
    files = Files(postmap if own else None, own)
    return Configuration(main, master, number, files, host), text


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


def _host(postconf, directory, main):
    defaults = {}
    for line in (run([postconf, "-d"]) or "").split("\n"):
        name, equals, value = line.partition(" =")
        if equals:
            defaults[name] = value.strip()
    for name in ("myhostname", "mydomain", "mynetworks"):
        defaults.pop(name, None)
    networks = {}
    if main.entry("mynetworks") is None and main.error is None:
        out = run([postconf, "-c", directory, "-xh", "mynetworks"])
        networks = dict.fromkeys(("host", "subnet", "class"), (out or "").strip())
    if "compatibility_level" in defaults and "<level" not in defaults.get("mynetworks_style", ""):
        # Before 3.6 what depends on the level is decided in code: our own table says it as macros.
        for name in ("smtpd_relay_restrictions", "append_dot_mydomain", "relay_domains", "mynetworks_style", "smtputf8_enable"):
            defaults.pop(name, None)
    return Host(socket.gethostname(), networks or UNKNOWN_HOST.mynetworks, (), defaults)
