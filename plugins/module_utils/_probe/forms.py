# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a probe says: pairs of MAIL FROM and RCPT TO, those of nmap's script smtp-open-relay, and ours."""

from collections import namedtuple

# kind: "foreign", the mail is for a domain that is not the server's: a 250 is a relay; "routed", a server may take the form for a mailbox of
# its own; "own", a domain of the server's own; "nonsense", what nobody takes who reads addresses.
Form = namedtuple("Form", "kind sender recipient")

# {user} at {domain}, which is not the server's; {name} and {literal}, the server's name and address; {own}, a domain of its own; {top}, a
# top-level domain.
SENDERS = {
    "null": "",
    "foreign": "{user}@{domain}",
    "server": "{user}@{name}",
    "literal": "{user}@{literal}",
    "owner": "postmaster@{own}",
}
# Numbers 1 to 16 are nmap's. A sender in an address literal is one that some servers refuse; these forms do without it.
NMAP = (
    ("foreign", "null", "{user}@{domain}"),
    ("foreign", "foreign", "{user}@{domain}"),
    ("foreign", "server", "{user}@{domain}"),
    ("foreign", "literal", "{user}@{domain}"),
    ("routed", "foreign", "{user}%{domain}@{literal}"),
    ("routed", "foreign", "{user}%{domain}@{name}"),
    ("foreign", "foreign", '"{user}@{domain}"'),
    ("routed", "foreign", '"{user}%{domain}"'),
    ("routed", "foreign", "{user}@{domain}@{literal}"),
    ("routed", "foreign", '"{user}@{domain}"@{literal}'),
    ("routed", "foreign", "{user}@{domain}@{name}"),
    ("foreign", "foreign", "@{literal}:{user}@{domain}"),
    ("foreign", "foreign", "@{name}:{user}@{domain}"),
    ("routed", "foreign", "{domain}!{user}"),
    ("routed", "foreign", "{domain}!{user}@{literal}"),
    ("routed", "foreign", "{domain}!{user}@{name}"),
)
# Where a domain of the server's own is known: forged senders, and ways by that domain.
BY_OWN = (
    ("foreign", "owner", "{user}@{domain}"),
    ("routed", "foreign", "{user}%{domain}@{own}"),
    ("routed", "foreign", '"{user}@{domain}"@{own}'),
    ("foreign", "foreign", "@{own}:{user}@{domain}"),
    ("routed", "foreign", "{domain}!{user}@{own}"),
)
# relay_domains = com, and mail for all of .com is relayed. These are the top-level domains that hold most of what there is; that of the
# server's own name is added. In nearly all of them, nic is the registry's own.
TOP = ("com", "net", "org", "info", "edu", "gov", "eu", "de", "uk", "fr", "ru", "cn")
BY_TOP = ("foreign", "foreign", "{user}@nic.{top}")
# A bare postmaster is no control: servers accept it that put off or refuse all else (RFC 5321, section 4.5.1).
CONTROLS = (("own", "foreign", "postmaster@{own}"),)
NONSENSE = ("nonsense", "foreign", "<{user}>@@<{domain}>")


def forms(words, own_domains=(), witnesses=()):
    """Return the Forms to try, controls first, each once.

    :param dict words: user, domain, name, literal
    :param own_domains: domains of the server's own
    :param witnesses: dicts with sender and recipient, such as relay_info returns
    """
    found = [_form(row, words, own=own) for own in own_domains for row in CONTROLS]
    found += [Form("foreign", one.get("sender") or "", one["recipient"]) for one in witnesses]
    found += [_form(row, words) for row in NMAP]
    found += [_form(row, words, own=own) for own in own_domains for row in BY_OWN]
    own = set(domain.lower() for domain in own_domains)
    found += [one for one in (_form(BY_TOP, words, top=top) for top in _tops([words["name"], *own_domains]))
              if one.recipient.rpartition("@")[2] not in own]
    found = list(dict((one, None) for one in found))
    # One MAIL FROM serves all forms of a sender that follow each other.
    senders = list(dict((one.sender, None) for one in found))
    return sorted(found, key=lambda one: senders.index(one.sender))


def nonsense(words):
    """Return the Forms for who has accepted a foreign recipient: does it accept everything?"""
    return [_form(NONSENSE, words)]


def _tops(names):
    """Return the top-level domains that are asked for: TOP, and those of these names."""
    more = set(name.rstrip(".").rpartition(".")[2].lower() for name in names) - set(TOP)
    return TOP + tuple(sorted(top for top in more if top.replace("-", "").isalnum() and not top.isdigit()))


def sayable(form):
    """Tell whether a form can be said: commands are printable ASCII, and a line (RFC 5321, section 4.1.2)."""
    return all(" " <= char <= "~" for char in form.sender + form.recipient) and len(form.sender) < 450 and len(form.recipient) < 450


def _form(row, words, **more):
    kind, sender, recipient = row
    known = dict(words, **more)
    return Form(kind, SENDERS[sender].format(**known), recipient.format(**known))


def literal(address):
    """Return an address literal (RFC 5321, section 4.1.3)."""
    return "[IPv6:{0}]".format(address) if ":" in address else "[{0}]".format(address)
