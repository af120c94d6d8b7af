# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host's own public addresses, from its own interfaces. Nobody else is asked."""

import ipaddress
import re
import subprocess

FIB_TRIE = "/proc/net/fib_trie"  # Linux: the routing table, local addresses among it
IF_INET6 = "/proc/net/if_inet6"
# Where there is no such /proc.
COMMANDS = (("ip", "-o", "address", "show"), ("ifconfig", "-a"))
SECONDS = 10

_LOCAL = re.compile(r"\|-- ([0-9.]+)\n\s*/32 host LOCAL")
_INET = re.compile(r"\binet6? (?:addr:)?\s*([0-9a-fA-F:.]+)")


def own_addresses():
    """Return the public addresses of the host's interfaces, IPv4 first, as a list of ipaddress objects."""
    found = local_addresses(_text(FIB_TRIE)) + inet6_addresses(_text(IF_INET6))
    for command in COMMANDS:
        if not found:
            found = shown_addresses(_output(command))
    return public(found)


def local_addresses(text):
    """Return the IPv4 addresses (texts) that a fib_trie of Linux calls local."""
    return _LOCAL.findall(text)


def inet6_addresses(text):
    """Return the IPv6 addresses (texts) in an if_inet6 of Linux."""
    words = (line.split(" ", 1)[0] for line in text.splitlines())
    return [":".join(re.findall("....", word)) for word in words if re.match(r"[0-9a-fA-F]{32}\Z", word)]


def shown_addresses(text):
    """Return the addresses (texts) that ip(8) or ifconfig(8) shows; of a point to point link, its near end."""
    return _INET.findall(text)


def public(texts):
    """Return those that are public, each once, IPv4 first, as ipaddress objects."""
    found = set()
    for text in texts:
        try:
            found.add(ipaddress.ip_address(text))
        except ValueError:
            continue  # half an address, where a command says something else than we know
    return sorted((one for one in found if one.is_global and not one.is_multicast), key=lambda one: (one.version, int(one)))


def _text(path):
    try:
        with open(path, "rb") as handle:
            return handle.read().decode("ascii", "replace")
    except (IOError, OSError):
        return ""


def _output(command):
    try:
        # There is no module here whose run_command could be called.
        # pylint: disable-next=ansible-bad-function
        found = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.decode("ascii", "replace")
