# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words of a stranger's choice of which no table of a configuration tells: what holds for them holds for all others."""

# Domains of a stranger's; the first that tables do not name stands for all such domains, and if they name each, one that nobody thought of.
STRANGER_DOMAINS = ("stranger.example", "stranger.test", "stranger.example.org", "stranger.example.net", "stranger.example.com")
FOREIGN_USER = "somebody"
OTHER = "kzq7"  # what nobody thought of


def stranger_domain(keys):
    """Return the first of STRANGER_DOMAINS of which *keys* name neither the domain nor a parent, else one below a domain of its own."""
    found = unnamed(STRANGER_DOMAINS, keys)
    return found[0] if found else "stranger." + OTHER


def unnamed(domains, keys):
    """Return those of *domains* of which *keys* of access tables name neither the domain nor a parent."""
    known = set(key.strip(".").rpartition("@")[2] for key in keys)
    return [domain for domain in domains if not any(domain == name or domain.endswith("." + name) for name in known if name)]


def user(likely, keys):
    """Return a local part of which no key of access tables tells."""
    return OTHER if any(key.startswith(likely + "@") for key in keys) else likely


def below(key, keys):
    """Return a name below the domain of a key such as ``.example.com`` that no key names itself."""
    return (OTHER if "mail" + key in keys else "mail") + key


def under(name, likely, said):
    """Return a domain under a whole top-level domain that is not itself said to be anything."""
    likely += "." + name
    return likely if likely not in said and "." + likely not in said else OTHER + "." + name


def address(key, domain, keys):
    """Return a mail address that an access(5) key matches, and none other of *keys* as far as that can be."""
    if key.endswith("@"):
        return key + domain
    if "@" in key:
        return key
    return "{0}@{1}".format(user(FOREIGN_USER, keys), below(key, keys) if key.startswith(".") else key)
