# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which destinations are one's own (src/trivial-rewrite/resolve.c, ADDRESS_CLASS_README)."""

from .form import BROKEN, NO, YES, ask, case, main

DEEP = {"recipient": "user@a.elsewhere.example"}
LITERAL = {"recipient": "user@[192.0.2.25]"}


def owns(name, *asked, **rest):
    """A case with these parameters of destinations."""
    fields = {key: rest.pop(key) for key in list(rest) if key in PARAMETERS}
    return case("destination/" + name, main(**fields), *asked, **rest)


PARAMETERS = ("mydestination", "relay_domains", "virtual_alias_domains", "virtual_mailbox_domains", "virtual_alias_maps", "inet_interfaces",
              "proxy_interfaces", "parent_domain_matches_subdomains", "virtual_mailbox_maps", "relay_recipient_maps", "transport_maps",
              "relayhost", "myhostname", "compatibility_level", "resolve_numeric_domain", "myorigin", "mydomain", "append_at_myorigin",
              "recipient_canonical_maps", "canonical_maps", "default_transport", "resolve_null_domain", "fallback_transport_maps",
              "local_transport", "relay_transport", "sender_dependent_default_transport_maps")

CASES = [
    owns("mydestination", ask(NO, recipient="u@sub.own.example"), ask(NO, recipient="u@xown.example"), ask(YES, recipient="u@OWN.Example"),
         stranger=NO, own=YES),
    owns("mydestination, the world's last name", mydestination="example", stranger=NO, own=NO),
    owns("mydestination, leading dot", ask(NO, **DEEP), mydestination=".elsewhere.example", stranger=NO),
    owns("mydestination, dot at the end", mydestination="elsewhere.example.", stranger=NO),
    owns("mydestination, static", mydestination="static:all", stranger=YES, own=YES),
    owns("mydestination, table", mydestination="inline:{elsewhere.example=x}", stranger=YES, own=NO),
    owns("mydestination, table and sub-domain", ask(NO, **DEEP), mydestination="inline:{elsewhere.example=x}"),
    owns("mydestination, missing table", mydestination="own.example hash:$config_directory/no", stranger=BROKEN, own=YES),
    owns("mydestination, negated", mydestination="!elsewhere.example, static:all", stranger=NO, own=YES),
    owns("mydestination, file", mydestination="$config_directory/t", files={"t": "own.example\nelsewhere.example\n"}, stranger=YES, own=YES),
    owns("mydestination, missing file", mydestination="$config_directory/t", stranger=BROKEN, own=BROKEN),
    owns("mydestination, comment", mydestination="own.example # elsewhere.example", stranger=NO, own=YES),
    owns("mydestination, empty", mydestination="", stranger=NO, own=NO),
    owns("mydestination, regular expression", mydestination="pcre:$config_directory/t", files={"t": "/example$/ x\n"}, stranger=YES, own=YES),
    owns("relay_domains", ask(YES, **DEEP), relay_domains="elsewhere.example", stranger=YES),
    owns("relay_domains, last name", ask(YES, **DEEP), ask(NO, recipient="u@example.org"), relay_domains="example", stranger=YES),
    owns("relay_domains, last name while only dots match", relay_domains="example", parent_domain_matches_subdomains="", stranger=NO),
    owns("relay_domains, leading dot", ask(NO, **DEEP), relay_domains=".elsewhere.example", stranger=NO),
    owns("relay_domains, leading dot while only dots match", ask(YES, **DEEP), relay_domains=".elsewhere.example",
         parent_domain_matches_subdomains="", stranger=NO),
    owns("relay_domains, star", relay_domains="*", stranger=NO),
    owns("relay_domains, star and dot", relay_domains="*.example", stranger=NO),
    owns("relay_domains, dot", relay_domains=".", stranger=NO),
    owns("relay_domains, static", relay_domains="static:x", stranger=YES, own=YES),
    owns("relay_domains, unknown type", relay_domains="nosuch:x", stranger=BROKEN, own=YES),
    owns("relay_domains, fail", relay_domains="fail:x", stranger=BROKEN, own=YES),
    owns("relay_domains, missing table", relay_domains="hash:$config_directory/no", stranger=BROKEN, own=YES),
    owns("relay_domains, table", ask(YES, **DEEP), relay_domains="inline:{elsewhere.example=x}", stranger=YES),
    owns("relay_domains, table while only dots match", ask(NO, **DEEP), relay_domains="inline:{elsewhere.example=x}",
         parent_domain_matches_subdomains="", stranger=YES),
    owns("relay_domains, wide expression", relay_domains="pcre:$config_directory/t", files={"t": "/./ x\n"}, stranger=YES),
    owns("relay_domains, negated expression within", relay_domains="pcre:$config_directory/t", files={"t": "!/^own/ x\n"}, stranger=YES),
    owns("relay_domains, narrow expression", ask(NO, **DEEP), relay_domains="regexp:$config_directory/t",
         files={"t": "/^elsewhere\\.example$/ x\n"}, stranger=YES),
    owns("relay_domains, negated name first", relay_domains="!elsewhere.example, example", stranger=NO, own=YES),
    owns("relay_domains, negated name last", relay_domains="example, !elsewhere.example", stranger=YES),
    owns("relay_domains, capitals", relay_domains="ELSEWHERE.Example", stranger=YES),
    owns("relay_domains, an address", ask(NO, recipient="u@[203.0.113.90]"), relay_domains="203.0.113.90"),
    owns("relay_domains, an address literal", ask(YES, recipient="u@[203.0.113.90]"), relay_domains="[203.0.113.90]"),
    owns("relay_domains, wide expression and an address literal", ask(YES, recipient="u@[203.0.113.90]"),
         relay_domains="pcre:$config_directory/t", files={"t": "/./ x\n"}),
    owns("relay_domains, $mydestination", ask(YES, recipient="u@sub.own.example"), relay_domains="$mydestination", stranger=NO, own=YES),
    owns("virtual_alias_domains", virtual_alias_domains="elsewhere.example", virtual_alias_maps="inline:{user@elsewhere.example=x}",
         stranger=YES),
    owns("virtual_alias_domains, unknown user", virtual_alias_domains="elsewhere.example", virtual_alias_maps="", stranger=NO),
    owns("virtual_alias_domains, static", virtual_alias_domains="static:all", virtual_alias_maps="static:u@own.example", stranger=YES),
    owns("virtual_alias_domains default to the maps", virtual_alias_maps="inline:{elsewhere.example=x, user@elsewhere.example=y}", stranger=YES),
    owns("virtual_alias_maps static", virtual_alias_maps="static:u@own.example", stranger=YES),
    owns("virtual_alias_maps, a user and no domain", virtual_alias_maps="inline:{user@elsewhere.example=y}", stranger=NO),
    owns("virtual_alias_maps, missing", virtual_alias_maps="hash:$config_directory/no", stranger=BROKEN, own=BROKEN),
    owns("virtual_mailbox_domains", virtual_mailbox_domains="elsewhere.example", stranger=YES),
    owns("virtual_mailbox_domains, unknown user", virtual_mailbox_domains="elsewhere.example", virtual_mailbox_maps="inline:{x@y=z}",
         stranger=NO),
    owns("virtual_mailbox_domains, parents do not match", ask(NO, **DEEP), virtual_mailbox_domains="elsewhere.example"),
    owns("virtual_mailbox_domains, wide expression", virtual_mailbox_domains="regexp:$config_directory/t", files={"t": "/./ x\n"}, stranger=YES),
    owns("relay_recipient_maps", ask(NO, recipient="other@elsewhere.example"), relay_domains="elsewhere.example",
         relay_recipient_maps="inline:{user@elsewhere.example=x}", stranger=YES),
    owns("transport_maps make no destination one's own", transport_maps="inline:{elsewhere.example=smtp:[127.0.0.1]}", stranger=NO),
    owns("transport_maps that reject", transport_maps="inline:{own.example=error:gone}", own=NO),
    owns("transport_maps, missing", transport_maps="hash:$config_directory/no", stranger=BROKEN, own=BROKEN),
    owns("relayhost", relayhost="[mail.example.net]", stranger=NO, own=YES),
    owns("default_transport error refuses one's own clients too", default_transport="error:no", stranger=NO, local=NO, own=YES),
    owns("canonical maps do not move a recipient", recipient_canonical_maps="inline:{user@elsewhere.example=user@own.example}", stranger=NO),
    owns("canonical maps do not move one's own away", recipient_canonical_maps="inline:{user@own.example=user@elsewhere.example}", own=YES),
    owns("an interface's address", ask(YES, **LITERAL), ask(NO, recipient="user@[192.0.2.26]"), isolated=True),
    owns("an interface's IPv6 address", ask(YES, recipient="user@[IPv6:2001:db8:25::25]"), isolated=True),
    owns("loopback's address", ask(YES, recipient="user@[127.0.0.1]"), isolated=True),
    owns("an interface that Postfix does not use", ask(NO, **LITERAL), inet_interfaces="127.0.0.1", isolated=True),
    owns("a proxy's address", ask(YES, recipient="user@[198.51.100.7]"), proxy_interfaces="198.51.100.7", isolated=True),
    owns("an address without brackets", ask(NO, recipient="user@192.0.2.25"), isolated=True),
    owns("an address without brackets, resolved", ask(YES, recipient="user@192.0.2.25"), resolve_numeric_domain="yes", isolated=True),
    owns("no domain", ask(NO, recipient="user"), stranger=NO),
    owns("no domain, origin is one's own", ask(YES, recipient="user"), myorigin="own.example"),
    owns("no domain, origin is one's host", ask(YES, recipient="user"), mydestination="own.example, $myhostname"),
]
