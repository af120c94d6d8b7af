# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of main.cf parameters: networks, domain lists, switches, and the macros that hide them."""

from hypothesis import strategies as st

from .choices import once_in, several, some, weighted, words
from .lists import FREE, GUARDED, RELAY
from .tables import TABLES, file
from .vocabulary import DOMAINS, NARROW, ODD, WIDE


@st.composite
def _networks(draw):
    found = draw(some(weighted((18, NARROW), (7, WIDE), (1, ODD), (4, TABLES)), 4))
    if once_in(draw, 6) and found:
        found[0] = "!" + found[0]
    if once_in(draw, 8):
        found = ["127.0.0.0/8"] + found
    if once_in(draw, 8):
        return draw(words("2* ", "!", "127.0.0.0/8 ")) + file("\n".join(found) + "\n")
    return draw(words("4* , ", " ", ",")).join(found)


@st.composite
def _domains(draw):
    """mydestination and its kin: mostly names of one's own."""
    own = words("3* own.example", "3* relayed.example", "mx.own.example", "sub.own.example", "virtual.example")
    odd = words("*", ".", "*.example", "#", "[203.0.113.1]", ".own.example", ".elsewhere.example", "example", "nosuch:x", "fail:x", "$mydestination",
                "static:x", "!elsewhere.example", "!own.example", "{", "[192.0.2.25]")
    found = draw(some(weighted((16, own), (3, DOMAINS), (1, odd), (2, TABLES)), 3))
    return draw(words("4* , ", " ")).join(found)


NETWORKS, OWN = _networks(), _domains()
BOOLEAN = words("24* yes", "24* no", "YES", "maybe", "")
CODE = words("6* 450", "6* 550", "3* 554", "250", "5.7.1", "")
NOT_UNLISTED = words("3* static:x", "2* inline:{user@own.example=x, user=x}", "inline:{user@relayed.example=x}", "", "hash:$config_directory/missing", "fail:x")
# Every parameter but the lists and the head, with what it may hold.
VALUES = {
    "smtpd_relay_before_recipient_restrictions": BOOLEAN,
    "allow_untrusted_routing": BOOLEAN,
    "swap_bangpath": BOOLEAN,
    "allow_percent_hack": BOOLEAN,
    "resolve_dequoted_address": BOOLEAN,
    "resolve_numeric_domain": BOOLEAN,
    "resolve_null_domain": BOOLEAN,
    "append_at_myorigin": BOOLEAN,
    "append_dot_mydomain": BOOLEAN,
    "smtpd_delay_reject": BOOLEAN,
    "smtpd_helo_required": BOOLEAN,
    "smtpd_sasl_auth_enable": BOOLEAN,
    "smtpd_reject_unlisted_recipient": BOOLEAN,
    "smtpd_reject_unlisted_sender": BOOLEAN,
    "soft_bounce": BOOLEAN,
    "strict_rfc821_envelopes": BOOLEAN,
    "smtpd_client_restrictions": FREE,
    "smtpd_helo_restrictions": FREE,
    "smtpd_sender_restrictions": FREE,
    "virtual_alias_domains": OWN,
    "virtual_mailbox_domains": OWN,
    "relay_domains": OWN,
    "virtual_alias_maps": weighted((3, TABLES), (1, words("", "static:user@own.example", "inline:{own.example=x, user@own.example=y}"))),
    "virtual_mailbox_maps": NOT_UNLISTED,
    "relay_recipient_maps": NOT_UNLISTED,
    "local_recipient_maps": NOT_UNLISTED,
    "alias_maps": words("", "hash:$config_directory/missing"),
    "recipient_delimiter": words("3* +", "-", "+-", "", "@"),
    "parent_domain_matches_subdomains": words("", "relay_domains", "smtpd_access_maps", "mynetworks", "debug_peer_list, relay_domains, smtpd_access_maps",
                                              "static:x", "all", "!relay_domains, static:x"),
    "smtpd_null_access_lookup_key": words("nobody", "friend@example.org", "", "<>"),
    "myorigin": words("own.example", "elsewhere.example", "$myhostname", "$mydomain", ""),
    "mydomain": words("3* own.example", "2* elsewhere.example", "2* example", "-bad-"),
    "myhostname": words("3* mx.own.example", "2* mx.relayed.example", "2* mx", "-bad-.example", "2* elsewhere.example"),
    "access_map_reject_code": CODE,
    "reject_code": CODE,
    "relay_domains_reject_code": CODE,
    "maps_rbl_reject_code": CODE,
    "inet_protocols": words("5* all", "4* ipv4", "2* ipv6", "ipv5", ""),
    "inet_interfaces": words("all", "loopback-only", "127.0.0.1", "192.0.2.25"),
    "proxy_interfaces": words("", "198.51.100.7"),
    "relayhost": words("", "[mail.example.net]"),
    "transport_maps": words("", "inline:{own.example=smtp:[127.0.0.1]}", "inline:{elsewhere.example=smtp:[127.0.0.1]}", "inline:{elsewhere.example=local:}",
                            "inline:{own.example=error:gone}", "hash:$config_directory/missing"),
    "permit_mx_backup_networks": NETWORKS,
    "smtpd_sender_login_maps": words("", "static:x", "inline:{boss@own.example=boss}"),
    "smtpd_sasl_exceptions_networks": NETWORKS,
    "mynetworks_style": words("3* host", "3* subnet", "class", "nonsense"),
    "biff": words("maybe"),
    "message_size_limit": words("5* 0", "many"),
    "smtpd_data_restrictions": FREE,
    "smtpd_end_of_data_restrictions": FREE,
    "smtpd_etrn_restrictions": FREE,
    "local_header_rewrite_clients": words("", "permit_mynetworks", "static:all", "fail:x"),
    "smtputf8_enable": BOOLEAN,
    "disable_vrfy_command": BOOLEAN,
    "show_user_unknown_table_name": BOOLEAN,
    "unknown_local_recipient_reject_code": CODE,
}
# What decides more is drawn oftener.
DECIDING = ("smtpd_delay_reject", "allow_untrusted_routing", "smtpd_sasl_auth_enable", "smtpd_client_restrictions", "smtpd_helo_restrictions",
            "smtpd_sender_restrictions", "relay_domains", "parent_domain_matches_subdomains")
TIMES = {name: 4 if name in DECIDING else 2 if value is OWN or value is BOOLEAN else 1 for name, value in VALUES.items()}
NAMES = words(*("%d* %s" % (times, name) for name, times in TIMES.items()))
MACROS = words("6* $%s", "4* ${%s}", "3* $(%s)", "${%s?{$%s}:{127.0.0.0/8}}", "${nothing?{x}:{$%s}}", "${{a} == {a}?{$%s}:{x}}", "${nothing:$%s}",
               "$nothing $%s",
               "${x?$%s}", "${empty:{$%s}}", "${{$x} == {y} ?{reject} : {$%s}}", "${empty?x}$%s", "${%s", "$%s$", "${{1} < {10}?{$%s}}",
               "${{$compatibility_level} <level {3.6}?{permit}:{$%s}}")


@st.composite
def _setting(draw):
    name = draw(NAMES)
    return name, draw(VALUES[name])


def hidden(draw, settings):
    """Now and then one value stands behind a macro."""
    name = draw(st.sampled_from([one for one, _value in settings]))
    form = draw(MACROS)
    found = [(one, form.replace("%s", "secret") if one == name else value) for one, value in settings]
    return found + [("secret", next(value for one, value in settings if one == name)), ("x", "y"), ("empty", "")]


SETTINGS = several(_setting(), 3)
LEVELS = words("12* 3.6", "6* 2", "6* 1", "0", "6* 3.9", "x", "")


@st.composite
def _lists(draw):
    """The relay and the recipient list in their combinations."""
    kind = draw(words("12* relay", "9* recipient", "4* both", "relay with", "default"))
    if kind == "relay":
        return [("smtpd_relay_restrictions", draw(RELAY))]
    if kind == "recipient":
        return [("smtpd_relay_restrictions", ""), ("smtpd_recipient_restrictions", draw(RELAY))]
    if kind == "both":
        return [("smtpd_relay_restrictions", draw(RELAY)), ("smtpd_recipient_restrictions", draw(weighted((1, GUARDED), (2, FREE))))]
    if kind == "relay with":
        return [("smtpd_relay_restrictions", draw(FREE)), ("smtpd_recipient_restrictions", draw(GUARDED))]
    return []


@st.composite
def _classes(draw):
    """Definitions of the restriction classes that the lists name: most of them whole, some circular, empty or undeclared."""
    if once_in(draw, 40):
        return []
    found = [("smtpd_restriction_classes", draw(words("12* mine, other, third", "4* mine other third", "mine", "3* $names"))), ("names", "mine other third")]
    bodies = weighted((4, words("permit_mynetworks", "reject", "permit", "reject_unauth_destination", "permit_mynetworks, reject_unauth_destination",
                                "permit, reject", "check_sender_access inline:{friend@example.org=OK}", "reject_unauth_destination, permit")), (3, FREE))
    found.append(("mine", draw(bodies)))
    found.append(("other", draw(words("6* permit_mynetworks", "5* reject", "2* third", "mine", "3* permit"))))
    found.append(("third", draw(words("16* sleep 0", "6* permit", "other", ""))))
    return found


LISTS, DEFINITIONS = _lists(), _classes()
