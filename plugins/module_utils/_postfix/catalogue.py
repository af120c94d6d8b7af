# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The access restrictions of Postfix as data (postconf(5); smtpd_check.c generic_checks()).

Each row: name, argument, effect. Argument: None, ``table``, ``policy``, ``domain`` or ``seconds``. Effect: a key of the
table in effects.py; ``nothing`` is what a stranger can always avoid (a DNS reject: he picks a clean address and a domain
that exists). ``until`` is the version that took a restriction out, None for all others.
"""

from collections import namedtuple

Restriction = namedtuple("Restriction", "name argument effect until")

_ROWS = """
permit - permit
reject - reject
defer - defer
defer_if_permit - defer_if_permit
defer_if_reject - defer_if_reject
warn_if_reject - warn_if_reject
sleep seconds nothing
reject_unauth_pipelining - nothing
reject_plaintext_session - plaintext
check_policy_service policy policy
permit_mynetworks - mynetworks
permit_inet_interfaces - inet_interfaces
permit_sasl_authenticated - sasl
permit_tls_clientcerts - clientcerts
permit_tls_all_clientcerts - all_clientcerts
permit_naked_ip_address - naked_ip
check_client_access table client_access
check_reverse_client_hostname_access table reverse_access
check_client_ns_access table named_client
check_client_mx_access table named_client
check_client_a_access table named_client
check_reverse_client_hostname_ns_access table nothing
check_reverse_client_hostname_mx_access table nothing
check_reverse_client_hostname_a_access table nothing
check_ccert_access table ccert_access
check_sasl_access table sasl_access
reject_unknown_client_hostname - needs_name
reject_unknown_client - needs_name
reject_unknown_reverse_client_hostname - nothing
reject_rbl_client domain dns_reject_address
reject_rbl domain dns_reject_address
reject_maps_rbl - dns_reject_zones
reject_rhsbl_client domain dns_reject_client
reject_rhsbl_reverse_client domain dns_reject_client
permit_dnswl_client domain dns_allow_address
permit_rhswl_client domain dns_allow_client
check_helo_access table helo_access
check_helo_ns_access table dns_helo
check_helo_mx_access table dns_helo
check_helo_a_access table dns_helo
reject_invalid_helo_hostname - valid_helo
reject_invalid_hostname - valid_helo
reject_non_fqdn_helo_hostname - fqdn_helo
reject_non_fqdn_hostname - fqdn_helo
reject_unknown_helo_hostname - dns_helo
reject_unknown_hostname - dns_helo
reject_rhsbl_helo domain dns_reject_helo
check_sender_access table sender_access
check_sender_ns_access table dns_sender
check_sender_mx_access table dns_sender
check_sender_a_access table dns_sender
reject_unknown_sender_domain - dns_sender
reject_unknown_address - dns_sender
reject_unverified_sender - dns_sender
reject_non_fqdn_sender - fqdn_sender
reject_rhsbl_sender domain dns_reject_sender
reject_unlisted_sender - unlisted_sender
reject_authenticated_sender_login_mismatch - auth_login
reject_known_sender_login_mismatch - known_login
reject_unauthenticated_sender_login_mismatch - unauth_login
check_recipient_access table recipient_access
check_recipient_ns_access table nothing
check_recipient_mx_access table nothing
check_recipient_a_access table nothing
permit_auth_destination - auth_destination
permit_mx_backup - mx_backup
reject_unauth_destination - reject_unauth_destination
defer_unauth_destination - defer_unauth_destination
check_relay_domains - relay_domains
reject_unknown_recipient_domain - dns_recipient
reject_non_fqdn_recipient - fqdn_recipient
reject_rhsbl_recipient domain dns_reject_recipient
reject_unlisted_recipient - unlisted_recipient
check_recipient_maps - unlisted_recipient
reject_multi_recipient_bounce - nothing
reject_unverified_recipient - dns_recipient
check_etrn_access table nothing
"""

REMOVED = (3, 9)
# What answers 451 from then on, and with which effect: one of the two does so only where there is a recipient.
GONE = {"permit_naked_ip_address": "error", "reject_maps_rbl": "error", "check_relay_domains": "relay_domains_gone"}

RESTRICTIONS = {}
for _row in _ROWS.split("\n"):
    if _row:
        _name, _argument, _effect = _row.split()
        RESTRICTIONS[_name] = Restriction(_name, None if _argument == "-" else _argument, _effect,
                                          REMOVED if _name in GONE else None)

PREDEFINED_CLASSES = {
    "reject_sender_login_mismatch": "reject_authenticated_sender_login_mismatch reject_unauthenticated_sender_login_mismatch",
}

# The start-up check of smtpd: one of these, ahead of any permit, in the relay or the recipient list.
REQUIRED = ("reject_unauth_destination", "defer_unauth_destination", "reject", "defer", "defer_if_permit", "check_relay_domains")

# The lists in the order of a dialogue, with the restriction that a bare type:table stands for in them.
LISTS = (
    ("smtpd_client_restrictions", "check_client_access"),
    ("smtpd_helo_restrictions", "check_helo_access"),
    ("smtpd_sender_restrictions", "check_sender_access"),
    ("smtpd_relay_restrictions", "check_recipient_access"),
    ("smtpd_recipient_restrictions", "check_recipient_access"),
)
SHORTHAND = dict(LISTS)
# Lists that come after RCPT, or have nothing to do with mail: no relay hangs on them, but smtpd reads them when it starts.
OTHER_LISTS = ("smtpd_data_restrictions", "smtpd_end_of_data_restrictions", "smtpd_etrn_restrictions")
