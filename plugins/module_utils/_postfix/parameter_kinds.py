# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters whose malformed value is fatal, and which program it kills.

smtpd(8) and trivial-rewrite(8) convert them when they start and die of the first bad one: the port answers no one, while
`postfix check` and `postconf -n` say nothing. What all of Postfix reads (src/global/mail_params.c) also kills postmap(1).
Not judged here: values that name an account of the host (default_privs, mail_owner, setgid_group), which an installation fills in.
"""

import re
from functools import lru_cache

from .text import split_words

# `reader kind least..most: names`, continued as in main.cf. The name's `@3.6` is the first version that reads it so,
# `@-3.6` the last. Bounds are absent where any value goes; for a text they bound its length in bytes; of words they are all that there are.
_TABLE = """
postfix boolean: address_verify_negative_cache backwards_bounce_logfile_compatibility daemon_table_open_error_is_fatal disable_dns_lookups
 disable_mime_input_processing disable_mime_output_conversion dns_ncache_ttl_fix_enable enable_idna2003_compatibility
 enable_long_queue_ids enable_original_recipient helpful_warnings multi_instance_enable non_bdb_migration_log_redirect@3.11
 owner_request_special requiretls_enable@3.11 respectful_logging@3.6 send_cyrus_sasl_authzid smtputf8_enable soft_bounce
 strict_7bit_headers strict_8bitmime strict_8bitmime_body strict_mime_encoding_domain strict_smtputf8 tls_required_enable@3.10
postfix level: compatibility_level
postfix hostname: mydomain myhostname
postfix integer: dont_remove fault_injection_code tcp_windowsize
postfix integer ..6: delay_logging_resolution_limit
postfix integer 1..: berkeley_db_create_buffer_size berkeley_db_read_buffer_size debug_peer_level default_process_limit
 deliver_lock_attempts fork_attempts hash_queue_depth header_address_token_limit header_size_limit max_use mime_boundary_length_limit
 mime_nesting_limit socketmap_max_query_size@3.12 socketmap_max_reply_size@3.10
postfix integer 512..: line_length_limit
postfix long: message_size_limit
postfix long 1..: lmdb_map_size
postfix time ..10: in_flow_delay
postfix time 1..: application_event_drain_time daemon_timeout deliver_lock_delay fork_delay ipc_idle ipc_timeout ipc_ttl max_idle
 stale_lock_time trigger_timeout
postfix text 1..: address_verify_service_name bounce_service_name cleanup_service_name command_directory daemon_directory data_directory
 default_cache_db_type@3.11 default_database_type defer_service_name double_bounce_sender error_service_name
 flush_service_name hash_queue_names mail_name
 maillog_file_compressor maillog_file_permissions@3.9 maillog_file_prefixes maillog_file_rotate_suffix meta_directory mynetworks_style
 myorigin pickup_service_name postlog_service_name process_id_directory proxymap_service_name
 proxywrite_service_name queue_directory queue_service_name rewrite_service_name shlib_directory showq_service_name
 smtputf8_autodetect_classes syslog_name trace_service_name verp_delimiter_filter
postfix text 2..2: default_verp_delimiters
postfix code disable,enable-redirect,enable-reindex: non_bdb_migration_level@3.11
postfix mask all,ipv4,ipv6: inet_protocols
postfix word auth,authpriv,cron,daemon,ftp,kern,lpr,mail,news,syslog,user,uucp,local0,local1,local2,local3,local4,local5,local6,local7: syslog_facility
smtpd boolean: allow_untrusted_routing broken_sasl_auth_clients disable_vrfy_command requiretls_esmtp_header@3.11
 show_user_unknown_table_name smtpd_client_port_logging smtpd_delay_open_until_valid_rcpt smtpd_delay_reject smtpd_enforce_tls
 smtpd_forbid_unauth_pipelining@3.5 smtpd_helo_required smtpd_hide_client_session@3.10 smtpd_peername_lookup
 smtpd_per_record_deadline@-3.6 smtpd_per_request_deadline@3.7 smtpd_reject_unlisted_recipient smtpd_reject_unlisted_sender
 smtpd_relay_before_recipient_restrictions@3.6 smtpd_sasl_auth_enable smtpd_sasl_authenticated_header smtpd_tls_always_issue_session_ids
 smtpd_tls_ask_ccert smtpd_tls_auth_only smtpd_tls_enable_rpk@3.9 smtpd_tls_received_header smtpd_tls_req_ccert smtpd_tls_wrappermode
 smtpd_use_tls strict_rfc821_envelopes
smtpd integer: access_map_defer_code access_map_reject_code defer_code invalid_hostname_reject_code maps_rbl_reject_code
 multi_recipient_bounce_reject_code non_fqdn_reject_code plaintext_reject_code reject_code relay_domains_reject_code
 smtpd_client_auth_rate_limit smtpd_client_connection_count_limit smtpd_client_connection_rate_limit smtpd_client_message_rate_limit
 smtpd_client_new_tls_session_rate_limit smtpd_client_recipient_rate_limit smtpd_policy_service_request_limit
 smtpd_tls_ccert_verifydepth smtpd_tls_trace_size_limit@3.12 unknown_address_reject_code unknown_client_reject_code
 unknown_hostname_reject_code unknown_local_recipient_reject_code unknown_relay_recipient_reject_code unknown_virtual_alias_reject_code
 unknown_virtual_mailbox_reject_code
smtpd integer ..32: smtpd_client_ipv4_prefix_length@3.8
smtpd integer ..128: smtpd_client_ipv6_prefix_length@3.8
smtpd integer 1..: address_verify_poll_count smtpd_hard_error_limit smtpd_history_flush_threshold smtpd_junk_command_limit
 smtpd_min_data_rate@3.7 smtpd_policy_service_try_limit smtpd_recipient_limit smtpd_recipient_overshoot_limit smtpd_soft_error_limit
smtpd integer 200..499: unverified_recipient_defer_code unverified_sender_defer_code
smtpd integer 200..599: unverified_recipient_reject_code unverified_sender_reject_code
smtpd integer 500..599: smtpd_forbid_bare_newline_reject_code@3.5
smtpd integer 12288..: smtpd_sasl_response_limit
smtpd long: queue_minfree
smtpd time: address_verify_sender_ttl smtpd_error_sleep_time
smtpd time 1..: address_verify_poll_delay milter_command_timeout milter_connect_timeout milter_content_timeout
 smtpd_policy_service_max_idle smtpd_policy_service_max_ttl smtpd_policy_service_retry_delay smtpd_policy_service_timeout
 smtpd_proxy_timeout smtpd_starttls_timeout smtpd_timeout smtpd_upstream_proxy_timeout
smtpd text 1..: bounce_notice_recipient default_rbl_reply error_notice_recipient milter_default_action milter_macro_daemon_name
 milter_macro_v milter_protocol reject_tempfail_action smtpd_banner smtpd_expansion_filter smtpd_policy_service_default_action
 smtpd_sasl_path smtpd_sasl_service smtpd_sasl_type smtpd_tls_ciphers smtpd_tls_eecdh_grade smtpd_tls_fingerprint_digest
 smtpd_tls_mandatory_ciphers
smtpd code external,internal: info_log_address_format@3.5
smtpd code defer,defer_if_permit: unknown_address_tempfail_action unknown_helo_hostname_tempfail_action
 unverified_recipient_tempfail_action unverified_sender_tempfail_action
smtpd code obsolete,standard: header_from_format@3.7
smtpd code no,normalize,note,reject,yes: smtpd_forbid_bare_newline@3.5
smtpd mask 2bounce,bounce,data,delay,policy,protocol,resource,software: notify_classes
smtpd mask no_address_mappings,no_header_body_checks,no_milters,no_unknown_recipient_checks: receive_override_options
smtpd code ,encrypt,fingerprint,may,none,secure,verify: smtpd_tls_security_level
smtpd word ,haproxy: smtpd_upstream_proxy_protocol
trivial-rewrite boolean: allow_min_user allow_percent_hack append_at_myorigin append_dot_mydomain relocated_prefix_enable@3.11
 resolve_dequoted_address resolve_null_domain resolve_numeric_domain show_user_unknown_table_name swap_bangpath
trivial-rewrite text 1..: address_verify_default_transport address_verify_local_transport address_verify_relay_transport
 address_verify_virtual_transport default_transport empty_address_default_transport_maps_lookup_key empty_address_recipient
 empty_address_relayhost_maps_lookup_key local_transport relay_transport virtual_transport
"""

# Attribute of a policy service in braces: the parameter that it overrides.
POLICY_ATTRIBUTES = {
    "timeout": "smtpd_policy_service_timeout", "max_idle": "smtpd_policy_service_max_idle", "max_ttl": "smtpd_policy_service_max_ttl",
    "request_limit": "smtpd_policy_service_request_limit", "retry_delay": "smtpd_policy_service_retry_delay",
    "try_limit": "smtpd_policy_service_try_limit", "default_action": "smtpd_policy_service_default_action",
    "policy_context": "smtpd_policy_service_policy_context",
}
_NUMBER = re.compile(r"[ \t\n\v\f\r]*[+-]?[0-9]+")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_INT_MAX = 2 ** 31 - 1
_LONG_MAX = 2 ** 63 - 1
_MAJOR_MAX = 2 ** 43 - 1  # of a compatibility level (compat_level.c)
_rules = {}  # type: dict[str, list[tuple]]


@lru_cache(maxsize=4096)
def check_value(name, value, version):
    """Does Postfix take this value, or does it die of it?

    :arg name: str, a parameter.
    :arg value: str, its value with macros expanded, without blanks at its ends.
    :arg version: (major, minor), tuple of int.
    :returns: str, what is wrong with it; None where nothing is, or where Postfix of this version converts no such parameter.
    Source: postconf(5); src/global/mail_conf_bool.c, mail_conf_int.c, mail_conf_time.c, mail_conf_str.c, conv_time.c,
    src/util/name_code.c, name_mask.c, compat_level.c and src/util/valid_hostname.c.
    """
    for dummy, kind, bounds, dummy in _rules_in(name, version):
        problem = _CHECKS[kind](value, bounds, version)
        if problem is not None:
            return problem
    return None


def check_attribute(name, value, version):
    """Return what is wrong with an attribute of check_policy_service { ... }, or None (SMTPD_POLICY_README)."""
    parameter = POLICY_ATTRIBUTES.get(name)
    return "unknown attribute" if parameter is None else check_value(parameter, value, version)


def readers(name, version):
    """Who dies of a bad value: set of "postfix" (every program), "smtpd" and "trivial-rewrite"; empty where nobody does."""
    return _readers(name, version)


def has_kind(name):
    """Does any version of Postfix convert the parameter *name*? (str) -> bool"""
    return bool(_rules_of(name))


@lru_cache(maxsize=1024)
def _readers(name, version):
    return frozenset(rule[0] for rule in _rules_in(name, version))


@lru_cache(maxsize=1024)
def _rules_in(name, version):
    return [rule for rule in _rules_of(name) if rule[3](version)]


def _rules_of(name):
    if not _rules:
        for line in _TABLE.strip().replace("\n ", " ").split("\n"):
            head, _colon, names = line.partition(": ")
            reader, kind, bounds = (head.split() + [".."])[:3]
            for word in names.split():
                parameter, _at, span = word.partition("@")
                _rules.setdefault(parameter, []).append((reader, kind, _bounds(bounds), _known(span)))
    return _rules.get(name, [])


def _bounds(text):
    if "." not in text:
        return text.split(",")
    return [int(bound) if bound else None for bound in text.split("..")]


def _known(span):
    first, _dash, last = span.partition("-")
    return lambda version: _version(first or "0.0") <= version <= _version(last or "99.0")


def _version(text):
    return tuple(int(part) for part in text.split("."))


def _boolean(value, _bounds_unused, _version_unused):
    return None if value.lower() in ("yes", "no") else "'%s' is neither yes nor no" % value


def _integer(value, bounds, _version_unused, largest=_INT_MAX):
    if not _NUMBER.fullmatch(value) or not -largest - 1 <= int(value) <= largest:
        return "'%s' is no whole number in range" % value
    return _outside(int(value), bounds)


def _long(value, bounds, version):
    # A whole number of 32 bits before 3.5, of the machine's word since.
    return _integer(value, bounds, version, _LONG_MAX if version >= (3, 5) else _INT_MAX)


def _time(value, bounds, _version_unused):
    match = _NUMBER.match(value)
    number, unit = (int(match.group()), value[match.end():]) if match else (0, value)
    seconds = _SECONDS.get(unit[:1] or "s") if value else None
    # Postfix looks at the first letter of the unit alone, and takes a unit without a number as 0.
    if seconds is None or not 0 <= number < _INT_MAX // seconds + (seconds == 1):
        return "'%s' is no time: a whole number and s, m, h, d or w" % value
    return _outside(number * seconds, bounds)


def _text(value, bounds, _version_unused):
    problem = _outside(len(value.encode("utf-8", "surrogateescape")), bounds)
    return problem and ("it is empty" if not value else "its length %s" % problem)


def _code(value, names, _version_unused):
    return None if value.lower() in names else _none_of(value, names)


def _mask(value, names, _version_unused):
    return next((_none_of(word, names) for word in split_words(value) if word not in names), None)


def _word(value, names, _version_unused):
    return None if value in names else _none_of(value, names)


def _none_of(value, names):
    return "'%s' is none of %s" % (value, ", ".join(filter(None, names)))


def _outside(number, bounds):
    least, most = bounds
    if least is not None and number < least:
        return "%d is less than %d" % (number, least)
    if most is not None and number > most:
        return "%d is more than %d" % (number, most)
    return None


def _level(value, bounds, version):
    if version < (3, 6):
        # From a value with a dot the last releases before 3.6 take what comes ahead of it, whatever follows.
        return None if value[:1].isdigit() and "." in value else _integer(value, bounds, version)
    parts = value.split(".")
    if len(parts) > 3 or _integer(parts[0], (0, None), version, _MAJOR_MAX) or any(_integer(part, (0, 1023), version) for part in parts[1:]):
        return "'%s' is no compatibility level: one to three numbers joined by dots" % value
    return None


def _hostname(value, _bounds_unused, _version_unused):
    labels = value.split(".")
    if len(value) > 255 or not all(re.match(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)\Z", label) for label in labels):
        return "'%s' is no host name" % value
    return "'%s' is a number, no host name" % value if re.match(r"[0-9.]+\Z", value) else None


_CHECKS = {"boolean": _boolean, "integer": _integer, "long": _long, "time": _time, "text": _text, "code": _code, "mask": _mask, "word": _word,
           "level": _level, "hostname": _hostname}
