# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipients that a listener tells apart: in domains of a stranger's choice, and in the server's own."""

import re

from .._postfix.lookups import valid_hostname
from .._postfix.networks import valid_address
from .._postfix.pattern_forms import MAIL_FORMS, NAME_FORMS, mail_forms, name_forms
from .._postfix.tables import Opaque
from .._postfix.text import split_words
from .asked import passing_all, tables_of, turns_away, unique
from .unnamed import FOREIGN_USER, under, unnamed, user

# Domains of which no server here knows; the first two that a configuration does not name stand for all such domains.
FOREIGN_DOMAINS = ("elsewhere.example", "nowhere.test", "somewhere-else.invalid", "mail.elsewhere.example.org", "far-away.example.net",
                   "elsewhere.kzq7")
LOCAL_NAMES = ("localhost", "localdomain", "local", "lan", "internal", "home")
SECOND_LEVELS = ("co", "com", "net", "org", "ac", "gov", "edu", "or", "ne", "gob")
OWN_CLASSES = ("local", "alias", "mailbox")
DOMAIN_LISTS = (("mydestination", "local"), ("virtual_alias_domains", "alias"), ("virtual_mailbox_domains", "mailbox"),
                ("relay_domains", "relay"))
# Mail for the server's own domains, and by way of them.
ROUTED = ("@{other}:{user}@{own}", "{user}%{own}@{own}", "{other}!{user}@{own}", "{own}!{user}@{own}", "{own}!{user}", '"{user}@{other}"@{own}',
          "{user}%{other}@{own}")
# Domains that a stranger owns, or that a whole public one holds.
PUBLIC_DOMAIN = r"([a-z0-9-]+\.)?elsewhere\.([a-z]{2,3}\.)?[a-z]{2,12}"


def foreign(listener):
    """Return recipients in domains of a stranger's choice, one for each class that the configuration tells apart."""
    tables = tables_of(listener, ("recipient_access",))
    keys = [key for table in tables for key in table.keys()]
    fresh = _fresh(listener, keys)
    who = user(FOREIGN_USER, keys)
    found = [who + "@" + domain for domain in fresh]
    found.extend(key + fresh[0] for key in keys if key.endswith("@"))
    found.extend(text for table in tables for text in table.samples(recipient_forms(fresh), turns_away))
    found.extend(passing_all(listener, tables, recipient_forms(fresh), "mail"))
    found.extend(who + "@" + text for pattern in listener.resolver.relay.patterns if pattern.table is not None
                 for text in pattern.table.samples(_domain_forms(fresh)))
    relayed = [pattern.text for pattern in listener.resolver.relay.patterns if pattern.table is None and not pattern.negate]
    said = frozenset(keys + [pattern.text for pattern in listener.resolver.relay.patterns])
    found.extend(who + "@" + under(name.strip("."), fresh[0].partition(".")[0], said)
                 for name in [one for one in keys if "@" not in one and is_wide_domain(one)]
                 + [one for one in relayed if opens_domain(listener, one)])
    if listener.untrusted_routing:
        found.extend("{0}%{1}@{2}".format(who, fresh[0], domain) for domain, class_ in own_domains(listener) if class_ == "relay")
    return unique(found)


def own_domains(listener):
    """Return [(domain, class)] that the configuration names as the server's own, a few of each class."""
    found = []  # type: list[tuple[str, str]]
    settings = listener.settings.configuration.settings(listener.resolver_service)
    for parameter, class_ in DOMAIN_LISTS:
        names = [word for word in split_words(settings.value(parameter)) if ":" not in word and not word.startswith(("/", "!", "."))]
        for pattern in getattr(listener.resolver, {"local": "mydestination"}.get(class_, class_)).patterns:
            if pattern.table is not None:
                names.extend(key for key in pattern.table.keys()[:5] if "@" not in key)
        found.extend((name, class_) for name in names[:8] if not is_wide_domain(name) or class_ == "local")
    # The host's own name need not be named: relay_domains holds subdomains too, and is $mydestination by default.
    host = listener.resolver.myhostname
    class_ = listener.resolver.resolve(FOREIGN_USER + "@" + host).class_
    return found + ([(host, class_)] if class_ in dict(DOMAIN_LISTS).values() and host not in dict(found) else [])


def own_recipients(listener, box):
    """Return recipients in the server's own domains: the postmaster, anyone, and those whom its tables of recipients name.

    :param Box box: of strangers, whose recipients show which local parts matter
    """
    domains = [domain for domain, dummy in own_domains(listener)]
    users = ["postmaster", FOREIGN_USER]
    found = [user + "@" + domain for domain in domains for user in users]
    found.extend(text.rpartition("@")[0] + "@" + domain for domain in domains[:1] for text in box.recipients)
    found.extend(allowed_recipients(listener))
    patterns = [one for name in ("mydestination", "alias", "mailbox") for one in getattr(listener.resolver, name).patterns]
    found.extend(user + "@" + text for one in patterns if one.table is not None for text in one.table.samples(NAME_FORMS) for user in users)
    return unique(found)


def allowed_recipients(listener):
    """Return recipients that tables of recipients name: addresses, anyone in a domain that is no whole public one, and those of a pattern for such."""
    tables = tables_of(listener, ("recipient_access",))
    keys = [key for table in tables for key in table.keys()]
    domains = [("mail" if key.startswith(".") else "") + key for key in keys if "@" not in key and not is_wide_domain(key)]
    return [key for key in keys if "@" in key[1:-1]] + [FOREIGN_USER + "@" + one for one in domains if valid_hostname(one) and not valid_address(one)] \
        + [text for table in tables if getattr(table, "rules", None) for text in _named(table, recipient_forms(_fresh(listener, keys)))]


def _named(table, forms):
    """Return a text for each rule of a table of patterns that no text of *forms*, domains of a stranger's choice, reaches."""
    chosen = set(_rule(table, text) for text in table.samples(forms))
    return [text for text in table.samples(MAIL_FORMS[:1]) if _rule(table, text) not in chosen | {None}]


def _rule(table, text):
    try:
        return table.reach(text)[0]
    except Opaque:
        return None


def routed(listener, elsewhere):
    """Return the forms in which mail for the server's own domains, or by way of them, is addressed."""
    domains = [domain for domain, class_ in own_domains(listener) if class_ in OWN_CLASSES][:1]
    foreign_domain = elsewhere.rpartition("@")[2]
    return [form.format(user=FOREIGN_USER, own=domain, other=foreign_domain) for form in ROUTED for domain in domains] + [FOREIGN_USER + "@[127.0.0.1]"]


def is_wide_domain(name):
    """Tell whether *name* is a whole top-level domain, or a second level that registries sell under."""
    labels = name.strip(".").lower().split(".")
    if not valid_hostname(".".join(labels)):
        return False
    if len(labels) == 1:
        return True
    return len(labels) == 2 and len(labels[1]) == 2 and labels[0] in SECOND_LEVELS


def opens_domain(listener, name):
    """Tell whether *name* in relay_domains opens a whole public domain: not a local name, nor one of the host's own."""
    own = [pattern.text for pattern in listener.resolver.mydestination.patterns]
    return is_wide_domain(name) and name.strip(".") not in LOCAL_NAMES and name not in own


def recipient_forms(fresh):
    """Return the forms of recipients that are in the domains *fresh* or a stranger's, see pattern_forms.py."""
    return mail_forms(*([re.escape(domain) for domain in fresh] + [PUBLIC_DOMAIN]))


def _domain_forms(fresh):
    return name_forms(*([re.escape(domain) for domain in fresh] + [PUBLIC_DOMAIN]))


def _fresh(listener, keys):
    """Return two of FOREIGN_DOMAINS, at least one, that are not the server's own, and of which *keys* name neither the domain nor a parent."""
    found = [domain for domain in unnamed(FOREIGN_DOMAINS, keys)
             if listener.resolver.resolve(FOREIGN_USER + "@" + domain).class_ not in OWN_CLASSES]
    return found[:2] or list(FOREIGN_DOMAINS[:1])
