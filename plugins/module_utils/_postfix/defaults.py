# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Postfix takes for a parameter that main.cf does not set, by version: data, as `postconf -d` prints it, macros kept.

Values are those of the source as it is shipped, in the last release of each series that was out in August 2026 (3.12: its
snapshot 20260821), printed by that release's own postconf(1) for an empty configuration directory. They differ
- from a distribution's build in paths, in lookup table types and in what its OpenSSL offers (Debian: alias_maps,
  daemon_directory, html_directory, manpage_directory, meta_directory, readme_directory, shlib_directory; with 3.11 also
  default_cache_db_type, default_database_type, tls_eecdh_auto_curves, tls_ffdhe_auto_groups);
- from an early release of the same series in what later ones changed: 3.7.11 still has `milter_default_action = tempfail`.
Not in here: the parameters that master.cf adds for its services (`uucp_destination_recipient_limit`), and those that have no
fixed value: mail_release_date, mail_version, mydomain, myhostname, mynetworks, process_id, process_name, service_name.

The tables are made by tests/tools/make_defaults.py. An entry is `name name ... = value`, continued as in main.cf; the parameters
named share the value. They stay text until asked for: a dict of this size costs every managed node its compilation on each run.
"""

from functools import lru_cache


def defaults_for(version):
    """Defaults of one Postfix version.

    :arg version: tuple of int, (3, 7) or (3, 7, 11). Newer than NEWEST counts as NEWEST, older than 3.4 as 3.4.
    :returns: dict of str to str, the caller's own. Values are raw, to be expanded with macros.py.
    """
    return dict(shared_defaults(tuple(version[:2])))


@lru_cache(maxsize=4)
def shared_defaults(version):
    """As defaults_for(), read once for each version and shared by all who ask: not to be changed."""
    values = dict(_entries(_NEWEST_DEFAULTS))
    for older, changes in _OLDER:
        if version > older:
            break
        for name, value in _entries(changes):
            if value is None:
                del values[name]
            else:
                values[name] = value
    return values


def _entries(text):
    """Pairs of name and default; the default is None for the names after `-`, which the older version lacks."""
    for line in text.strip().replace("\n ", " ").split("\n"):
        names, equals, value = line.partition(" =")
        for name in names.lstrip("- ").split():
            yield name, value.strip() if equals else None


NEWEST = (3, 12)

_NEWEST_DEFAULTS = r"""
2bounce_notice_recipient bounce_notice_recipient delay_notice_recipient error_notice_recipient = postmaster
access_map_defer_code defer_code plaintext_reject_code unknown_address_reject_code unknown_client_reject_code unknown_hostname_reject_code
 unverified_recipient_defer_code unverified_recipient_reject_code unverified_sender_defer_code unverified_sender_reject_code = 450
access_map_reject_code maps_rbl_reject_code reject_code relay_domains_reject_code = 554
address_verify_cache_cleanup_interval fast_flush_refresh_time postscreen_cache_cleanup_interval = 12h
address_verify_default_transport = $default_transport
address_verify_local_transport = $local_transport
address_verify_map = $default_cache_db_type:$data_directory/verify_cache
address_verify_negative_cache allow_percent_hack append_at_myorigin backwards_bounce_logfile_compatibility biff cleanup_replace_stray_cr_lf
 detect_8bit_encoding_header enable_original_recipient frozen_delivered_to helpful_warnings lmtp_balance_inet_protocols
 lmtp_connection_cache_on_demand lmtp_log_tls_feature_status lmtp_quote_rfc821_envelope lmtp_randomize_addresses lmtp_sasl_auth_soft_bounce
 lmtp_skip_5xx_greeting lmtp_tls_enforce_peername lmtp_tls_enforce_sts_mx_patterns non_bdb_migration_log_redirect owner_request_special
 relocated_prefix_enable requiretls_enable requiretls_esmtp_header requiretls_redact_dsn resolve_dequoted_address
 show_user_unknown_table_name smtp_always_send_ehlo smtp_balance_inet_protocols smtp_connection_cache_on_demand smtp_log_tls_feature_status
 smtp_quote_rfc821_envelope smtp_randomize_addresses smtp_sasl_auth_soft_bounce smtp_skip_5xx_greeting smtp_skip_quit_response
 smtp_tls_enforce_peername smtp_tls_enforce_sts_mx_patterns smtpd_delay_open_until_valid_rcpt smtpd_delay_reject
 smtpd_forbid_unauth_pipelining smtpd_peername_lookup smtpd_reject_unlisted_recipient smtpd_tls_always_issue_session_ids
 strict_mailbox_ownership swap_bangpath tls_fast_shutdown_enable tls_required_enable tls_wildcard_matches_multiple_labels = yes
address_verify_negative_expire_time = 3d
address_verify_negative_refresh_time = 3h
address_verify_pending_request_limit = 5000
address_verify_poll_count = ${stress?{1}:{3}}
address_verify_poll_delay = 3s
address_verify_positive_expire_time = 31d
address_verify_positive_refresh_time fast_flush_purge_time postscreen_cache_retention_time = 7d
address_verify_relay_transport = $relay_transport
address_verify_relayhost = $relayhost
address_verify_sender = $double_bounce_sender
address_verify_sender_dependent_default_transport_maps = $sender_dependent_default_transport_maps
address_verify_sender_dependent_relayhost_maps = $sender_dependent_relayhost_maps
address_verify_sender_ttl default_destination_rate_delay default_transport_rate_delay dnsblog_reply_delay lmtp_connect_timeout = 0s
address_verify_service_name = verify
address_verify_transport_maps = $transport_maps
address_verify_virtual_transport = $virtual_transport
alias_database alias_maps = $default_database_type:/etc/aliases
allow_mail_to_commands allow_mail_to_files = alias, forward
allow_min_user allow_srv_lookup_fallback allow_untrusted_routing always_add_missing_headers broken_sasl_auth_clients confirm_delay_cleared
 daemon_table_open_error_is_fatal destination_concurrency_feedback_debug disable_dns_lookups disable_mime_input_processing
 disable_mime_output_conversion disable_verp_bounces disable_vrfy_command dns_ncache_ttl_fix_enable enable_idna2003_compatibility
 enable_long_queue_ids enable_threaded_bounces expand_owner_alias force_mime_input_conversion html_directory ignore_mx_lookup_error
 ignore_srv_lookup_error lmtp_assume_final lmtp_bind_address_enforce lmtp_cname_overrides_servername lmtp_defer_if_no_mx_address_found
 lmtp_enforce_tls lmtp_sasl_auth_enable lmtp_send_dummy_mail_auth lmtp_send_xforward_command lmtp_sender_dependent_authentication
 lmtp_skip_quit_response lmtp_tls_block_early_mail_reply lmtp_tls_connection_reuse lmtp_tls_enable_rpk
 lmtp_tls_force_insecure_host_tlsa_lookup lmtp_tls_note_starttls_offer lmtp_tls_wrappermode lmtp_tlsrpt_enable
 lmtp_tlsrpt_skip_reused_handshakes lmtp_use_tls multi_instance_enable postscreen_bare_newline_enable postscreen_non_smtp_command_enable
 postscreen_pipelining_enable qmqpd_client_port_logging readme_directory require_home_directory reset_owner_alias resolve_null_domain
 resolve_numeric_domain send_cyrus_sasl_authzid shlib_directory smtp_bind_address_enforce smtp_cname_overrides_servername
 smtp_defer_if_no_mx_address_found smtp_enforce_tls smtp_never_send_ehlo smtp_sasl_auth_enable smtp_send_dummy_mail_auth
 smtp_send_xforward_command smtp_sender_dependent_authentication smtp_tls_block_early_mail_reply smtp_tls_connection_reuse
 smtp_tls_enable_rpk smtp_tls_force_insecure_host_tlsa_lookup smtp_tls_note_starttls_offer smtp_tls_wrappermode smtp_tlsrpt_enable
 smtp_tlsrpt_skip_reused_handshakes smtp_use_tls smtpd_client_port_logging smtpd_enforce_tls smtpd_helo_required smtpd_hide_client_session
 smtpd_reject_unlisted_sender smtpd_sasl_auth_enable smtpd_sasl_authenticated_header smtpd_tls_ask_ccert smtpd_tls_auth_only
 smtpd_tls_enable_rpk smtpd_tls_received_header smtpd_tls_req_ccert smtpd_tls_wrappermode smtpd_use_tls soft_bounce strict_7bit_headers
 strict_8bitmime strict_8bitmime_body strict_mime_encoding_domain strict_rfc821_envelopes strict_smtputf8 sun_mailtool_compatibility
 tls_append_default_CA tls_preempt_cipherlist tls_trust_server_ccerts = no
alternate_config_directories always_bcc best_mx_transport body_checks bounce_template_file canonical_maps command_execution_directory
 content_filter cyrus_sasl_config_path debug_peer_list debugger_command default_delivery_status_filter default_filter_nexthop
 defer_transports fallback_transport fallback_transport_maps header_checks home_mailbox internal_mail_filter_classes lmtp_bind_address
 lmtp_bind_address6 lmtp_body_checks lmtp_connection_cache_destinations lmtp_discard_lhlo_keyword_address_maps lmtp_discard_lhlo_keywords
 lmtp_dns_reply_filter lmtp_dns_resolver_options lmtp_dns_support_level lmtp_fallback_relay lmtp_generic_maps lmtp_header_checks
 lmtp_mime_header_checks lmtp_nested_header_checks lmtp_pix_workaround_maps lmtp_reply_filter lmtp_sasl_auth_cache_name
 lmtp_sasl_mechanism_filter lmtp_sasl_password_maps lmtp_sasl_path lmtp_tls_CAfile lmtp_tls_CApath lmtp_tls_cert_file lmtp_tls_chain_files
 lmtp_tls_dcert_file lmtp_tls_eccert_file lmtp_tls_exclude_ciphers lmtp_tls_fingerprint_cert_match lmtp_tls_loglevel_maps
 lmtp_tls_mandatory_exclude_ciphers lmtp_tls_per_site lmtp_tls_policy_maps lmtp_tls_security_level lmtp_tls_servername
 lmtp_tls_session_cache_database lmtp_tls_trust_anchor_file lmtp_tlsrpt_socket_name local_command_shell luser_relay mailbox_command
 mailbox_command_maps mailbox_transport mailbox_transport_maps maillog_file maps_rbl_domains masquerade_domains masquerade_exceptions
 master_service_disable message_reject_characters message_strip_characters milter_header_checks milter_macro_defaults
 milter_unknown_command_macros multi_instance_directories multi_instance_group multi_instance_name multi_instance_wrapper
 non_bdb_custom_mapping non_smtpd_milters permit_mx_backup_networks postscreen_command_filter postscreen_dnsbl_reply_map
 postscreen_dnsbl_sites postscreen_upstream_proxy_protocol proxy_interfaces qmqpd_authorized_clients rbl_reply_maps receive_override_options
 recipient_bcc_maps recipient_canonical_maps recipient_delimiter relay_clientcerts relay_recipient_maps relayhost relocated_maps
 remote_header_rewrite_domain sender_bcc_maps sender_canonical_maps sender_dependent_default_transport_maps sender_dependent_relayhost_maps
 smtp_bind_address smtp_bind_address6 smtp_body_checks smtp_connection_cache_destinations smtp_discard_ehlo_keyword_address_maps
 smtp_discard_ehlo_keywords smtp_dns_reply_filter smtp_dns_resolver_options smtp_dns_support_level smtp_generic_maps smtp_header_checks
 smtp_mime_header_checks smtp_nested_header_checks smtp_pix_workaround_maps smtp_reply_filter smtp_sasl_auth_cache_name
 smtp_sasl_mechanism_filter smtp_sasl_password_maps smtp_sasl_path smtp_tls_CAfile smtp_tls_CApath smtp_tls_cert_file smtp_tls_chain_files
 smtp_tls_dcert_file smtp_tls_eccert_file smtp_tls_exclude_ciphers smtp_tls_fingerprint_cert_match smtp_tls_loglevel_maps
 smtp_tls_mandatory_exclude_ciphers smtp_tls_per_site smtp_tls_policy_maps smtp_tls_servername smtp_tls_session_cache_database
 smtp_tls_trust_anchor_file smtp_tlsrpt_socket_name smtpd_authorized_xclient_hosts smtpd_authorized_xforward_hosts smtpd_client_restrictions
 smtpd_command_filter smtpd_data_restrictions smtpd_discard_ehlo_keyword_address_maps smtpd_discard_ehlo_keywords smtpd_dns_reply_filter
 smtpd_end_of_data_restrictions smtpd_etrn_restrictions smtpd_helo_restrictions smtpd_log_access_permit_actions smtpd_milter_maps
 smtpd_milters smtpd_noop_commands smtpd_policy_service_policy_context smtpd_proxy_filter smtpd_proxy_options smtpd_recipient_restrictions
 smtpd_reject_filter_maps smtpd_reject_footer smtpd_reject_footer_maps smtpd_restriction_classes smtpd_sasl_exceptions_networks
 smtpd_sasl_local_domain smtpd_sender_login_maps smtpd_sender_restrictions smtpd_tls_CAfile smtpd_tls_CApath smtpd_tls_cert_file
 smtpd_tls_chain_files smtpd_tls_dcert_file smtpd_tls_dh1024_param_file smtpd_tls_dh512_param_file smtpd_tls_eccert_file
 smtpd_tls_exclude_ciphers smtpd_tls_loglevel_maps smtpd_tls_mandatory_exclude_ciphers smtpd_tls_security_level
 smtpd_tls_session_cache_database smtpd_upstream_proxy_protocol stress tls_config_name tls_disable_workarounds tls_export_cipherlist
 tls_low_cipherlist tls_server_sni_maps tls_ssl_options transport_maps undisclosed_recipients_header unverified_recipient_reject_reason
 unverified_sender_reject_reason use_srv_lookup virtual_gid_maps virtual_mailbox_base virtual_mailbox_maps virtual_uid_maps =
anvil_rate_time_unit postscreen_dnsbl_min_ttl qmgr_ipc_timeout service_throttle_time transport_retry_time = 60s
anvil_status_update_time connection_cache_status_update_time lmtp_data_done_timeout smtp_data_done_timeout = 600s
append_dot_mydomain = ${{$compatibility_level} <level {1} ? {yes} : {no}}
application_event_drain_time max_idle smtpd_policy_service_timeout smtpd_proxy_timeout = 100s
authorized_flush_users authorized_mailq_users authorized_submit_users = static:anyone
berkeley_db_create_buffer_size lmdb_map_size = 16777216
berkeley_db_read_buffer_size = 131072
body_checks_size_limit = 51200
bounce_queue_lifetime maximal_queue_lifetime = 5d
bounce_service_name = bounce
bounce_size_limit = 50000
canonical_classes = envelope_sender, envelope_recipient, header_sender, header_recipient
cleanup_service_name = cleanup
command_directory = /usr/sbin
command_expansion_filter execution_directory_expansion_filter forward_expansion_filter =
 1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ
command_time_limit ipc_ttl qmgr_daemon_timeout smtpd_policy_service_max_ttl = 1000s
compatibility_level dont_remove fault_injection_code lmtp_connection_reuse_count_limit lmtp_tls_loglevel queue_minfree
 smtp_connection_reuse_count_limit smtp_tls_loglevel smtpd_client_auth_rate_limit smtpd_client_connection_rate_limit
 smtpd_client_message_rate_limit smtpd_client_new_tls_session_rate_limit smtpd_client_recipient_rate_limit
 smtpd_policy_service_request_limit smtpd_tls_loglevel tcp_windowsize = 0
config_directory meta_directory sample_directory = /etc/postfix
connection_cache_protocol_timeout default_recipient_refill_delay ipc_idle postscreen_upstream_proxy_timeout smtpd_upstream_proxy_timeout =
 5s
connection_cache_service_name = scache
connection_cache_ttl_limit lmtp_connection_cache_time_limit smtp_connection_cache_time_limit = 2s
daemon_directory = /usr/libexec/postfix
daemon_timeout = 18000s
data_directory = /var/lib/postfix
debug_peer_level delay_logging_resolution_limit lmtp_mx_session_limit local_destination_concurrency_limit smtp_mx_session_limit
 smtpd_policy_service_try_limit = 2
default_cache_db_type = btree
default_database_type = hash
default_delivery_slot_cost fork_attempts initial_destination_concurrency lmtp_mx_address_limit smtp_mx_address_limit = 5
default_delivery_slot_discount default_destination_recipient_limit hopcount_limit smtpd_client_connection_count_limit = 50
default_delivery_slot_loan default_minimum_delivery_slots = 3
default_destination_concurrency_failed_cohort_limit default_destination_concurrency_negative_feedback
 default_destination_concurrency_positive_feedback hash_queue_depth local_destination_recipient_limit postscreen_dnsbl_threshold
 tls_trace_rate_limit = 1
default_destination_concurrency_limit deliver_lock_attempts postscreen_command_count_limit = 20
default_extra_recipient_limit duplicate_filter_limit smtpd_recipient_limit smtpd_recipient_overshoot_limit
 virtual_alias_address_length_limit virtual_alias_expansion_limit virtual_alias_recursion_limit = 1000
default_privs = nobody
default_process_limit default_recipient_refill_limit max_use mime_nesting_limit qmgr_fudge_factor queue_file_attribute_count_limit
 smtpd_history_flush_threshold virtual_minimum_uid = 100
default_rbl_reply = $rbl_code Service unavailable; $rbl_class [$rbl_what] blocked using $rbl_domain${rbl_reason?; $rbl_reason}
default_recipient_limit qmgr_message_active_limit qmgr_message_recipient_limit = 20000
default_transport smtp_tcp_port smtpd_sasl_service = smtp
default_verp_delimiters = +=
defer_service_name = defer
delay_warning_time = 0h
deliver_lock_delay fork_delay in_flow_delay qmqpd_error_delay smtpd_error_sleep_time smtpd_policy_service_retry_delay = 1s
dnsblog_service_name = dnsblog
dnssec_probe = ns:.
double_bounce_sender = double-bounce
empty_address_default_transport_maps_lookup_key empty_address_local_login_sender_maps_lookup_key empty_address_relayhost_maps_lookup_key
 smtpd_null_access_lookup_key = <>
empty_address_recipient = MAILER-DAEMON
error_service_name = error
export_environment = TZ MAIL_CONFIG LANG
fast_flush_domains = $relay_domains
flush_service_name = flush
forward_path = $home/.forward${recipient_delimiter}${extension}, $home/.forward
full_name_encoding_charset = utf-8
hash_queue_names = deferred, defer
header_address_token_limit = 10240
header_from_format = standard
header_size_limit lmtp_tls_trace_size_limit smtp_tls_trace_size_limit smtpd_tls_trace_size_limit = 102400
import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ XAUTHORITY DISPLAY LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME XDG_RUNTIME_DIR
inet_interfaces inet_protocols = all
info_log_address_format = external
invalid_hostname_reject_code = 501
ipc_timeout lmtp_tls_session_cache_timeout smtp_tls_session_cache_timeout smtpd_tls_session_cache_timeout tls_random_prng_update_period
 tls_random_reseed_period = 3600s
known_tcp_ports = lmtp=24, smtp=25, smtps=submissions=465, submission=587
line_length_limit mime_boundary_length_limit = 2048
lmtp_address_preference smtp_address_preference = any
lmtp_address_verify_target smtp_address_verify_target = rcpt
lmtp_connection_reuse_time_limit lmtp_lhlo_timeout lmtp_mail_timeout lmtp_quit_timeout lmtp_rcpt_timeout lmtp_starttls_timeout
 lmtp_xforward_timeout milter_content_timeout minimal_backoff_time qmgr_clog_warn_time qmqpd_timeout queue_run_delay
 smtp_connection_reuse_time_limit smtp_helo_timeout smtp_mail_timeout smtp_quit_timeout smtp_rcpt_timeout smtp_starttls_timeout
 smtp_xforward_timeout smtpd_policy_service_max_idle = 300s
lmtp_data_init_timeout smtp_data_init_timeout = 120s
lmtp_data_xfer_timeout smtp_data_xfer_timeout = 180s
lmtp_delivery_status_filter local_delivery_status_filter pipe_delivery_status_filter smtp_delivery_status_filter
 virtual_delivery_status_filter = $default_delivery_status_filter
lmtp_host_lookup smtp_host_lookup = dns
lmtp_lhlo_name milter_macro_daemon_name myorigin smtp_helo_name smtpd_proxy_ehlo = $myhostname
lmtp_line_length_limit smtp_line_length_limit = 998
lmtp_min_data_rate smtp_min_data_rate smtpd_min_data_rate = 500
lmtp_per_request_deadline = ${lmtp_per_record_deadline?{$lmtp_per_record_deadline}:{no}}
lmtp_pix_workaround_delay_time postlogd_watchdog_timeout postscreen_dnsbl_timeout postscreen_watchdog_timeout smtp_pix_workaround_delay_time
 tlsproxy_watchdog_timeout trigger_timeout = 10s
lmtp_pix_workaround_threshold_time smtp_pix_workaround_threshold_time stale_lock_time = 500s
lmtp_pix_workarounds smtp_pix_workarounds = disable_esmtp,delay_dotcrlf
lmtp_requiretls_policy = opportunistic
lmtp_rset_timeout smtp_rset_timeout = 20s
lmtp_sasl_auth_cache_time smtp_sasl_auth_cache_time = 90d
lmtp_sasl_password_result_delimiter smtp_sasl_password_result_delimiter = :
lmtp_sasl_security_options smtp_sasl_security_options = noplaintext, noanonymous
lmtp_sasl_tls_security_options = $lmtp_sasl_security_options
lmtp_sasl_tls_verified_security_options = $lmtp_sasl_tls_security_options
lmtp_sasl_type smtp_sasl_type smtpd_sasl_type = cyrus
lmtp_tcp_port = 24
lmtp_tls_ciphers lmtp_tls_mandatory_ciphers smtp_tls_ciphers smtp_tls_mandatory_ciphers smtpd_tls_ciphers smtpd_tls_mandatory_ciphers =
 medium
lmtp_tls_dkey_file = $lmtp_tls_dcert_file
lmtp_tls_eckey_file = $lmtp_tls_eccert_file
lmtp_tls_fingerprint_digest smtp_tls_fingerprint_digest smtpd_tls_fingerprint_digest = ${{$compatibility_level} <level {3.6} ? {md5} :
 {sha256}}
lmtp_tls_key_file = $lmtp_tls_cert_file
lmtp_tls_mandatory_protocols lmtp_tls_protocols smtp_tls_mandatory_protocols smtp_tls_protocols smtpd_tls_mandatory_protocols
 smtpd_tls_protocols = >=TLSv1
lmtp_tls_scert_verifydepth smtp_tls_scert_verifydepth smtpd_tls_ccert_verifydepth = 9
lmtp_tls_secure_cert_match = nexthop
lmtp_tls_verify_cert_match smtp_tls_verify_cert_match = hostname
local_header_rewrite_clients = permit_inet_interfaces
local_login_sender_maps = static:*
local_recipient_maps = proxy:unix:passwd.byname $alias_maps
local_transport = local:$myhostname
mail_name = Postfix
mail_owner = postfix
mail_spool_directory = /var/mail
mailbox_delivery_lock virtual_mailbox_lock = fcntl, dotlock
mailbox_size_limit virtual_mailbox_limit = 51200000
maillog_file_compressor = gzip
maillog_file_permissions = 0600
maillog_file_prefixes = /var, /dev/stdout
maillog_file_rotate_suffix = %Y%m%d-%H%M%S
mailq_path = /usr/bin/mailq
manpage_directory = /usr/local/man
masquerade_classes = envelope_sender, header_sender, header_recipient
maximal_backoff_time = 4000s
message_drop_headers = bcc, content-length, resent-bcc, return-path
message_size_limit = 10240000
milter_command_timeout milter_connect_timeout smtp_connect_timeout = 30s
milter_connect_macros = j {daemon_name} {daemon_addr} v _
milter_data_macros milter_end_of_data_macros milter_end_of_header_macros = i
milter_default_action = shutdown
milter_helo_macros = {tls_version} {cipher} {cipher_bits} {cert_subject} {cert_issuer}
milter_macro_v = $mail_name $mail_version
milter_mail_macros = i {auth_type} {auth_authen} {auth_author} {mail_addr} {mail_host} {mail_mailer}
milter_protocol = 6
milter_rcpt_macros = i {rcpt_addr} {rcpt_host} {rcpt_mailer}
mime_header_checks nested_header_checks = $header_checks
multi_recipient_bounce_reject_code smtpd_forbid_bare_newline_reject_code unknown_local_recipient_reject_code
 unknown_relay_recipient_reject_code unknown_virtual_alias_reject_code unknown_virtual_mailbox_reject_code = 550
mydestination = $myhostname, localhost.$mydomain, localhost
mynetworks_style = ${{$compatibility_level} <level {2} ? {subnet} : {host}}
newaliases_path = /usr/bin/newaliases
non_bdb_migration_allow_root_prefixes = /etc /usr/local/etc
non_bdb_migration_allow_user_prefixes = $data_directory /var/lib/mailman /var/lib/mailman3
non_bdb_migration_level = disable
non_bdb_migration_service_name = nbdb_reindex
non_empty_end_of_header_action = fix_quietly
non_fqdn_reject_code = 504
notify_classes = resource, software
openssl_path = openssl
parent_domain_matches_subdomains =
 debug_peer_list,fast_flush_domains,mynetworks,permit_mx_backup_networks,qmqpd_authorized_clients,relay_domains,smtpd_access_maps
pickup_service_name = pickup
postlog_service_name = postlog
postmulti_control_commands = reload flush
postmulti_start_commands = start
postmulti_stop_commands = stop abort drain quick-stop
postscreen_access_list = permit_mynetworks
postscreen_allowlist_interfaces = ${postscreen_whitelist_interfaces?{$postscreen_whitelist_interfaces}:{static:all}}
postscreen_bare_newline_action postscreen_dnsbl_action postscreen_greet_action = ignore
postscreen_bare_newline_ttl postscreen_non_smtp_command_ttl postscreen_pipelining_ttl = 30d
postscreen_cache_map = $default_cache_db_type:$data_directory/postscreen_cache
postscreen_client_connection_count_limit = $smtpd_client_connection_count_limit
postscreen_command_time_limit smtpd_starttls_timeout smtpd_timeout = ${stress?{10}:{300}}s
postscreen_denylist_action = ${postscreen_blacklist_action?{$postscreen_blacklist_action}:{ignore}}
postscreen_disable_vrfy_command = $disable_vrfy_command
postscreen_discard_ehlo_keyword_address_maps = $smtpd_discard_ehlo_keyword_address_maps
postscreen_discard_ehlo_keywords = $smtpd_discard_ehlo_keywords
postscreen_dnsbl_allowlist_threshold = ${postscreen_dnsbl_whitelist_threshold?{$postscreen_dnsbl_whitelist_threshold}:{0}}
postscreen_dnsbl_max_ttl = ${postscreen_dnsbl_ttl?{$postscreen_dnsbl_ttl}:{1}}h
postscreen_enforce_tls tlsproxy_enforce_tls = $smtpd_enforce_tls
postscreen_expansion_filter = $smtpd_expansion_filter
postscreen_forbidden_commands = $smtpd_forbidden_commands
postscreen_greet_banner = $smtpd_banner
postscreen_greet_ttl = 1d
postscreen_greet_wait = ${stress?{2}:{6}}s
postscreen_helo_required = $smtpd_helo_required
postscreen_non_smtp_command_action = drop
postscreen_pipelining_action = enforce
postscreen_post_queue_limit postscreen_pre_queue_limit = $default_process_limit
postscreen_reject_footer = $smtpd_reject_footer
postscreen_reject_footer_maps = $smtpd_reject_footer_maps
postscreen_starttls_timeout = $smtpd_starttls_timeout
postscreen_tls_CAfile tlsproxy_tls_CAfile = $smtpd_tls_CAfile
postscreen_tls_CApath tlsproxy_tls_CApath = $smtpd_tls_CApath
postscreen_tls_always_issue_session_ids tlsproxy_tls_always_issue_session_ids = $smtpd_tls_always_issue_session_ids
postscreen_tls_ask_ccert tlsproxy_tls_ask_ccert = $smtpd_tls_ask_ccert
postscreen_tls_ccert_verifydepth tlsproxy_tls_ccert_verifydepth = $smtpd_tls_ccert_verifydepth
postscreen_tls_cert_file smtpd_tls_key_file tlsproxy_tls_cert_file = $smtpd_tls_cert_file
postscreen_tls_chain_files tlsproxy_tls_chain_files = $smtpd_tls_chain_files
postscreen_tls_ciphers tlsproxy_tls_ciphers = $smtpd_tls_ciphers
postscreen_tls_dcert_file smtpd_tls_dkey_file tlsproxy_tls_dcert_file = $smtpd_tls_dcert_file
postscreen_tls_dh1024_param_file tlsproxy_tls_dh1024_param_file = $smtpd_tls_dh1024_param_file
postscreen_tls_dh512_param_file tlsproxy_tls_dh512_param_file = $smtpd_tls_dh512_param_file
postscreen_tls_dkey_file tlsproxy_tls_dkey_file = $smtpd_tls_dkey_file
postscreen_tls_eccert_file smtpd_tls_eckey_file tlsproxy_tls_eccert_file = $smtpd_tls_eccert_file
postscreen_tls_eckey_file tlsproxy_tls_eckey_file = $smtpd_tls_eckey_file
postscreen_tls_eecdh_grade tlsproxy_tls_eecdh_grade = $smtpd_tls_eecdh_grade
postscreen_tls_enable_rpk tlsproxy_tls_enable_rpk = $smtpd_tls_enable_rpk
postscreen_tls_exclude_ciphers tlsproxy_tls_exclude_ciphers = $smtpd_tls_exclude_ciphers
postscreen_tls_fingerprint_digest tlsproxy_tls_fingerprint_digest = $smtpd_tls_fingerprint_digest
postscreen_tls_key_file tlsproxy_tls_key_file = $smtpd_tls_key_file
postscreen_tls_loglevel tlsproxy_tls_loglevel = $smtpd_tls_loglevel
postscreen_tls_loglevel_maps = $smtpd_tls_loglevel_maps
postscreen_tls_mandatory_ciphers tlsproxy_tls_mandatory_ciphers = $smtpd_tls_mandatory_ciphers
postscreen_tls_mandatory_exclude_ciphers tlsproxy_tls_mandatory_exclude_ciphers = $smtpd_tls_mandatory_exclude_ciphers
postscreen_tls_mandatory_protocols tlsproxy_tls_mandatory_protocols = $smtpd_tls_mandatory_protocols
postscreen_tls_protocols tlsproxy_tls_protocols = $smtpd_tls_protocols
postscreen_tls_req_ccert tlsproxy_tls_req_ccert = $smtpd_tls_req_ccert
postscreen_tls_security_level tlsproxy_tls_security_level = $smtpd_tls_security_level
postscreen_tls_trace_size_limit = $smtpd_tls_trace_size_limit
postscreen_use_tls tlsproxy_use_tls = $smtpd_use_tls
prepend_delivered_header = command, file, forward
process_id_directory = pid
propagate_unmatched_extensions = canonical, virtual
proxy_read_maps = $local_recipient_maps $mydestination $virtual_alias_maps $virtual_alias_domains $virtual_mailbox_maps
 $virtual_mailbox_domains $relay_recipient_maps $relay_domains $canonical_maps $sender_canonical_maps $recipient_canonical_maps
 $relocated_maps $transport_maps $mynetworks $smtpd_sender_login_maps $sender_bcc_maps $recipient_bcc_maps $smtp_generic_maps
 $lmtp_generic_maps $alias_maps $smtpd_client_restrictions $smtpd_helo_restrictions $smtpd_sender_restrictions $smtpd_relay_restrictions
 $smtpd_recipient_restrictions $address_verify_sender_dependent_default_transport_maps $address_verify_sender_dependent_relayhost_maps
 $address_verify_transport_maps $fallback_transport_maps $lmtp_discard_lhlo_keyword_address_maps $lmtp_pix_workaround_maps
 $lmtp_sasl_password_maps $lmtp_tls_policy_maps $mailbox_command_maps $mailbox_transport_maps $postscreen_discard_ehlo_keyword_address_maps
 $rbl_reply_maps $sender_dependent_default_transport_maps $sender_dependent_relayhost_maps $smtp_discard_ehlo_keyword_address_maps
 $smtp_pix_workaround_maps $smtp_sasl_password_maps $smtp_tls_policy_maps $smtpd_discard_ehlo_keyword_address_maps $smtpd_milter_maps
 $virtual_gid_maps $virtual_uid_maps $local_login_sender_maps $postscreen_reject_footer_maps $smtpd_reject_footer_maps $tls_server_sni_maps
 $tlsproxy_client_policy_maps $default_delivery_status_filter $lmtp_delivery_status_filter $lmtp_dns_reply_filter $lmtp_reply_filter
 $local_delivery_status_filter $pipe_delivery_status_filter $postscreen_command_filter $smtp_delivery_status_filter $smtp_dns_reply_filter
 $smtp_reply_filter $smtpd_command_filter $smtpd_dns_reply_filter $virtual_delivery_status_filter $body_checks $header_checks
 $lmtp_body_checks $lmtp_header_checks $lmtp_mime_header_checks $lmtp_nested_header_checks $milter_header_checks $mime_header_checks
 $nested_header_checks $smtp_body_checks $smtp_header_checks $smtp_mime_header_checks $smtp_nested_header_checks $smtpd_reject_filter_maps
 $debug_peer_list $smtpd_etrn_restrictions $fast_flush_domains $authorized_flush_users $lmtp_connection_cache_destinations
 $local_header_rewrite_clients $masquerade_exceptions $postscreen_access_list $postscreen_allowlist_interfaces
 $postscreen_forbidden_commands $qmqpd_authorized_clients $authorized_mailq_users $smtp_connection_cache_destinations
 $smtpd_log_access_permit_actions $smtpd_forbidden_commands $smtpd_client_event_limit_exceptions $smtpd_sasl_exceptions_networks
 $smtpd_sasl_mechanism_filter $smtp_requiretls_policy $smtp_sasl_mechanism_filter $authorized_submit_users $smtpd_authorized_verp_clients
 $smtpd_authorized_xclient_hosts $smtpd_authorized_xforward_hosts $lmtp_tls_loglevel_maps $postscreen_tls_loglevel_maps
 $smtp_tls_loglevel_maps $smtpd_tls_loglevel_maps
proxy_write_maps = $smtp_sasl_auth_cache_name $lmtp_sasl_auth_cache_name $address_verify_map $postscreen_cache_map
proxymap_service_name = proxymap
proxywrite_service_name = proxywrite
qmgr_message_recipient_minimum smtpd_soft_error_limit = 10
queue_directory = /var/spool/postfix
queue_service_name = qmgr
recipient_canonical_classes = envelope_recipient, header_recipient
reject_tempfail_action = defer_if_permit
relay_domains = ${{$compatibility_level} <level {2} ? {$mydestination} : {}}
relay_transport = relay
respectful_logging smtpd_relay_before_recipient_restrictions = ${{$compatibility_level} <level {3.6} ? {no} : {yes}}
rewrite_service_name = rewrite
sender_canonical_classes = envelope_sender, header_sender
sendmail_fix_line_endings = always
sendmail_path = /usr/sbin/sendmail
setgid_group = postdrop
showq_service_name = showq
smtp_fallback_relay = $fallback_relay
smtp_per_request_deadline = ${smtp_per_record_deadline?{$smtp_per_record_deadline}:{no}}
smtp_requiretls_policy = inline:{{${domain_to_ascii{$mydomain}}=opportunistic}, {.${domain_to_ascii{$mydomain}}=opportunistic},
 {localhost=opportunistic}}, cidr:{{0.0.0.0/0 opportunistic}, {::/0 opportunistic}}, enforce
smtp_sasl_tls_security_options = $smtp_sasl_security_options
smtp_sasl_tls_verified_security_options = $smtp_sasl_tls_security_options
smtp_tls_dane_insecure_mx_policy = dane
smtp_tls_dkey_file tlsproxy_client_dcert_file = $smtp_tls_dcert_file
smtp_tls_eckey_file tlsproxy_client_eccert_file = $smtp_tls_eccert_file
smtp_tls_key_file tlsproxy_client_cert_file = $smtp_tls_cert_file
smtp_tls_secure_cert_match = nexthop, dot-nexthop
smtp_tls_security_level = ${{$compatibility_level} <level {3.11} ? {} : {may}}
smtpd_authorized_verp_clients = $authorized_verp_clients
smtpd_banner = $myhostname ESMTP $mail_name
smtpd_client_event_limit_exceptions = ${smtpd_client_connection_limit_exceptions:$mynetworks}
smtpd_client_ipv4_prefix_length tls_daemon_random_bytes tls_random_bytes = 32
smtpd_client_ipv6_prefix_length = 84
smtpd_expansion_filter = \t\40!"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~
smtpd_forbid_bare_newline = normalize
smtpd_forbid_bare_newline_exclusions = $mynetworks
smtpd_forbidden_commands = CONNECT GET POST regexp:{{/^[^A-Z]/ Bogus}}
smtpd_hard_error_limit = ${stress?{1}:{20}}
smtpd_junk_command_limit = ${stress?{1}:{100}}
smtpd_per_request_deadline = ${smtpd_per_record_deadline?{$smtpd_per_record_deadline}:{${stress?{yes}:{no}}}}
smtpd_policy_service_default_action = 451 4.3.5 Server configuration problem
smtpd_relay_restrictions = ${{$compatibility_level} <level {1} ? {} : {permit_mynetworks, permit_sasl_authenticated,
 defer_unauth_destination}}
smtpd_sasl_mechanism_filter = !external, static:rest
smtpd_sasl_path smtpd_service_name = smtpd
smtpd_sasl_response_limit = 12288
smtpd_sasl_security_options = noanonymous
smtpd_sasl_tls_security_options = $smtpd_sasl_security_options
smtpd_tls_eecdh_grade = auto
smtputf8_autodetect_classes = sendmail, verify
smtputf8_enable = ${{$compatibility_level} <level {1} ? {no} : {yes}}
socketmap_max_query_size = 10000
socketmap_max_reply_size = 100000
syslog_facility = mail
syslog_name = ${multi_instance_name?{$multi_instance_name}:{postfix}}
tls_config_file = default
tls_dane_digests = sha512 sha256
tls_eecdh_auto_curves = X25519 X448 prime256v1 secp384r1 secp521r1
tls_eecdh_strong_curve = prime256v1
tls_eecdh_ultra_curve = secp384r1
tls_ffdhe_auto_groups = ffdhe2048 ffdhe3072
tls_high_cipherlist = aNULL:-aNULL:HIGH:!SEED:!IDEA:!3DES:!RC2:!RC4:!RC5:!kDH:!kECDH:!aDSS:!MD5:@STRENGTH
tls_medium_cipherlist = aNULL:-aNULL:HIGH:MEDIUM:!SEED:!IDEA:!3DES:!RC2:!RC4:!RC5:!kDH:!kECDH:!aDSS:!MD5:+RC4:@STRENGTH
tls_null_cipherlist = eNULL:!kDH:!kECDH:!aDSS:!MD5:!aNULL
tls_random_exchange_name = ${data_directory}/prng_exch
tls_random_source = dev:/dev/urandom
tls_session_ticket_cipher = aes-256-cbc
tlsmgr_service_name = tlsmgr
tlsproxy_client_CAfile = $smtp_tls_CAfile
tlsproxy_client_CApath = $smtp_tls_CApath
tlsproxy_client_chain_files = $smtp_tls_chain_files
tlsproxy_client_dkey_file = $smtp_tls_dkey_file
tlsproxy_client_eckey_file = $smtp_tls_eckey_file
tlsproxy_client_enforce_tls = $smtp_enforce_tls
tlsproxy_client_fingerprint_digest = $smtp_tls_fingerprint_digest
tlsproxy_client_key_file = $smtp_tls_key_file
tlsproxy_client_loglevel = $smtp_tls_loglevel
tlsproxy_client_per_site = $smtp_tls_per_site
tlsproxy_client_policy_maps = ${tlsproxy_client_policy?{$tlsproxy_client_policy}:{$smtp_tls_policy_maps}}
tlsproxy_client_scert_verifydepth = $smtp_tls_scert_verifydepth
tlsproxy_client_security_level = ${tlsproxy_client_level?{$tlsproxy_client_level}:{$smtp_tls_security_level}}
tlsproxy_client_use_tls = $smtp_use_tls
tlsproxy_service_name = tlsproxy
trace_service_name = trace
unknown_address_tempfail_action unknown_helo_hostname_tempfail_action unverified_recipient_tempfail_action unverified_sender_tempfail_action
 = $reject_tempfail_action
verp_delimiter_filter = -=+
virtual_alias_domains = $virtual_alias_maps
virtual_alias_maps = $virtual_maps
virtual_mailbox_domains = $virtual_mailbox_maps
virtual_transport = virtual
"""

_OLDER = (
    ((3, 11), r"""
- lmtp_tls_loglevel_maps lmtp_tls_trace_size_limit postscreen_starttls_timeout postscreen_tls_CAfile postscreen_tls_CApath
 postscreen_tls_always_issue_session_ids postscreen_tls_ask_ccert postscreen_tls_ccert_verifydepth postscreen_tls_cert_file
 postscreen_tls_chain_files postscreen_tls_ciphers postscreen_tls_dcert_file postscreen_tls_dh1024_param_file
 postscreen_tls_dh512_param_file postscreen_tls_dkey_file postscreen_tls_eccert_file postscreen_tls_eckey_file postscreen_tls_eecdh_grade
 postscreen_tls_enable_rpk postscreen_tls_exclude_ciphers postscreen_tls_fingerprint_digest postscreen_tls_key_file postscreen_tls_loglevel
 postscreen_tls_loglevel_maps postscreen_tls_mandatory_ciphers postscreen_tls_mandatory_exclude_ciphers postscreen_tls_mandatory_protocols
 postscreen_tls_protocols postscreen_tls_req_ccert postscreen_tls_trace_size_limit smtp_tls_loglevel_maps smtp_tls_trace_size_limit
 smtpd_tls_loglevel_maps smtpd_tls_trace_size_limit socketmap_max_query_size tls_trace_rate_limit tls_trust_server_ccerts
proxy_read_maps = $local_recipient_maps $mydestination $virtual_alias_maps $virtual_alias_domains $virtual_mailbox_maps
 $virtual_mailbox_domains $relay_recipient_maps $relay_domains $canonical_maps $sender_canonical_maps $recipient_canonical_maps
 $relocated_maps $transport_maps $mynetworks $smtpd_sender_login_maps $sender_bcc_maps $recipient_bcc_maps $smtp_generic_maps
 $lmtp_generic_maps $alias_maps $smtpd_client_restrictions $smtpd_helo_restrictions $smtpd_sender_restrictions $smtpd_relay_restrictions
 $smtpd_recipient_restrictions $address_verify_sender_dependent_default_transport_maps $address_verify_sender_dependent_relayhost_maps
 $address_verify_transport_maps $fallback_transport_maps $lmtp_discard_lhlo_keyword_address_maps $lmtp_pix_workaround_maps
 $lmtp_sasl_password_maps $lmtp_tls_policy_maps $mailbox_command_maps $mailbox_transport_maps $postscreen_discard_ehlo_keyword_address_maps
 $rbl_reply_maps $sender_dependent_default_transport_maps $sender_dependent_relayhost_maps $smtp_discard_ehlo_keyword_address_maps
 $smtp_pix_workaround_maps $smtp_sasl_password_maps $smtp_tls_policy_maps $smtpd_discard_ehlo_keyword_address_maps $smtpd_milter_maps
 $virtual_gid_maps $virtual_uid_maps $local_login_sender_maps $postscreen_reject_footer_maps $smtpd_reject_footer_maps $tls_server_sni_maps
 $tlsproxy_client_policy_maps $default_delivery_status_filter $lmtp_delivery_status_filter $lmtp_dns_reply_filter $lmtp_reply_filter
 $local_delivery_status_filter $pipe_delivery_status_filter $postscreen_command_filter $smtp_delivery_status_filter $smtp_dns_reply_filter
 $smtp_reply_filter $smtpd_command_filter $smtpd_dns_reply_filter $virtual_delivery_status_filter $body_checks $header_checks
 $lmtp_body_checks $lmtp_header_checks $lmtp_mime_header_checks $lmtp_nested_header_checks $milter_header_checks $mime_header_checks
 $nested_header_checks $smtp_body_checks $smtp_header_checks $smtp_mime_header_checks $smtp_nested_header_checks $smtpd_reject_filter_maps
 $debug_peer_list $smtpd_etrn_restrictions $fast_flush_domains $authorized_flush_users $lmtp_connection_cache_destinations
 $local_header_rewrite_clients $masquerade_exceptions $postscreen_access_list $postscreen_allowlist_interfaces
 $postscreen_forbidden_commands $qmqpd_authorized_clients $authorized_mailq_users $smtp_connection_cache_destinations
 $smtpd_log_access_permit_actions $smtpd_forbidden_commands $smtpd_client_event_limit_exceptions $smtpd_sasl_exceptions_networks
 $smtpd_sasl_mechanism_filter $smtp_requiretls_policy $smtp_sasl_mechanism_filter $authorized_submit_users $smtpd_authorized_verp_clients
 $smtpd_authorized_xclient_hosts $smtpd_authorized_xforward_hosts
tlsproxy_client_loglevel_parameter = smtp_tls_loglevel
"""),
    ((3, 10), r"""
- default_cache_db_type lmtp_log_tls_feature_status lmtp_requiretls_policy non_bdb_custom_mapping non_bdb_migration_allow_root_prefixes
 non_bdb_migration_allow_user_prefixes non_bdb_migration_level non_bdb_migration_log_redirect non_bdb_migration_service_name
 non_empty_end_of_header_action relocated_prefix_enable requiretls_enable requiretls_esmtp_header requiretls_redact_dsn
 smtp_log_tls_feature_status smtp_requiretls_policy smtpd_reject_filter_maps
address_verify_map = btree:$data_directory/verify_cache
alias_database alias_maps = hash:/etc/aliases
import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ XAUTHORITY DISPLAY LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME
lmtp_tlsrpt_skip_reused_handshakes smtp_tlsrpt_skip_reused_handshakes = yes
postscreen_cache_map = btree:$data_directory/postscreen_cache
proxy_read_maps = $local_recipient_maps $mydestination $virtual_alias_maps $virtual_alias_domains $virtual_mailbox_maps
 $virtual_mailbox_domains $relay_recipient_maps $relay_domains $canonical_maps $sender_canonical_maps $recipient_canonical_maps
 $relocated_maps $transport_maps $mynetworks $smtpd_sender_login_maps $sender_bcc_maps $recipient_bcc_maps $smtp_generic_maps
 $lmtp_generic_maps $alias_maps $smtpd_client_restrictions $smtpd_helo_restrictions $smtpd_sender_restrictions $smtpd_relay_restrictions
 $smtpd_recipient_restrictions $address_verify_sender_dependent_default_transport_maps $address_verify_sender_dependent_relayhost_maps
 $address_verify_transport_maps $fallback_transport_maps $lmtp_discard_lhlo_keyword_address_maps $lmtp_pix_workaround_maps
 $lmtp_sasl_password_maps $lmtp_tls_policy_maps $mailbox_command_maps $mailbox_transport_maps $postscreen_discard_ehlo_keyword_address_maps
 $rbl_reply_maps $sender_dependent_default_transport_maps $sender_dependent_relayhost_maps $smtp_discard_ehlo_keyword_address_maps
 $smtp_pix_workaround_maps $smtp_sasl_password_maps $smtp_tls_policy_maps $smtpd_discard_ehlo_keyword_address_maps $smtpd_milter_maps
 $virtual_gid_maps $virtual_uid_maps $local_login_sender_maps $postscreen_reject_footer_maps $smtpd_reject_footer_maps $tls_server_sni_maps
 $tlsproxy_client_policy_maps $default_delivery_status_filter $lmtp_delivery_status_filter $lmtp_dns_reply_filter $lmtp_reply_filter
 $local_delivery_status_filter $pipe_delivery_status_filter $postscreen_command_filter $smtp_delivery_status_filter $smtp_dns_reply_filter
 $smtp_reply_filter $smtpd_command_filter $smtpd_dns_reply_filter $virtual_delivery_status_filter $body_checks $header_checks
 $lmtp_body_checks $lmtp_header_checks $lmtp_mime_header_checks $lmtp_nested_header_checks $milter_header_checks $mime_header_checks
 $nested_header_checks $smtp_body_checks $smtp_header_checks $smtp_mime_header_checks $smtp_nested_header_checks
smtp_tls_security_level =
tls_legacy_public_key_fingerprints = no
"""),
    ((3, 9), r"""
- full_name_encoding_charset lmtp_tls_enforce_sts_mx_patterns lmtp_tlsrpt_enable lmtp_tlsrpt_skip_reused_handshakes lmtp_tlsrpt_socket_name
 smtp_tls_enforce_sts_mx_patterns smtp_tlsrpt_enable smtp_tlsrpt_skip_reused_handshakes smtp_tlsrpt_socket_name smtpd_hide_client_session
 socketmap_max_reply_size tls_required_enable
tls_eecdh_auto_curves = X25519 X448 prime256v1 secp521r1 secp384r1
"""),
    ((3, 8), r"""
- force_mime_input_conversion lmtp_sasl_password_result_delimiter lmtp_tls_enable_rpk maillog_file_permissions
 smtp_sasl_password_result_delimiter smtp_tls_enable_rpk smtpd_tls_enable_rpk tlsproxy_tls_enable_rpk
smtpd_forbid_bare_newline smtpd_forbid_unauth_pipelining = no
"""),
    ((3, 7), r"""
- allow_srv_lookup_fallback ignore_srv_lookup_error smtpd_client_ipv4_prefix_length smtpd_client_ipv6_prefix_length tls_ffdhe_auto_groups
 use_srv_lookup
tls_export_cipherlist = aNULL:-aNULL:HIGH:MEDIUM:LOW:EXPORT:+RC4:@STRENGTH
tls_high_cipherlist = aNULL:-aNULL:HIGH:@STRENGTH
tls_low_cipherlist = aNULL:-aNULL:HIGH:MEDIUM:LOW:+RC4:@STRENGTH
tls_medium_cipherlist = aNULL:-aNULL:HIGH:MEDIUM:+RC4:@STRENGTH
tls_null_cipherlist = eNULL:!aNULL
"""),
    ((3, 6), r"""
- lmtp_bind_address_enforce lmtp_min_data_rate lmtp_per_request_deadline smtp_bind_address_enforce smtp_min_data_rate
 smtp_per_request_deadline smtpd_min_data_rate smtpd_per_request_deadline tlsproxy_client_policy_maps tlsproxy_client_security_level
lmtp_per_record_deadline smtp_per_record_deadline = no
milter_default_action = tempfail
proxy_read_maps = $local_recipient_maps $mydestination $virtual_alias_maps $virtual_alias_domains $virtual_mailbox_maps
 $virtual_mailbox_domains $relay_recipient_maps $relay_domains $canonical_maps $sender_canonical_maps $recipient_canonical_maps
 $relocated_maps $transport_maps $mynetworks $smtpd_sender_login_maps $sender_bcc_maps $recipient_bcc_maps $smtp_generic_maps
 $lmtp_generic_maps $alias_maps $smtpd_client_restrictions $smtpd_helo_restrictions $smtpd_sender_restrictions $smtpd_relay_restrictions
 $smtpd_recipient_restrictions $address_verify_sender_dependent_default_transport_maps $address_verify_sender_dependent_relayhost_maps
 $address_verify_transport_maps $fallback_transport_maps $lmtp_discard_lhlo_keyword_address_maps $lmtp_pix_workaround_maps
 $lmtp_sasl_password_maps $lmtp_tls_policy_maps $mailbox_command_maps $mailbox_transport_maps $postscreen_discard_ehlo_keyword_address_maps
 $rbl_reply_maps $sender_dependent_default_transport_maps $sender_dependent_relayhost_maps $smtp_discard_ehlo_keyword_address_maps
 $smtp_pix_workaround_maps $smtp_sasl_password_maps $smtp_tls_policy_maps $smtpd_discard_ehlo_keyword_address_maps $smtpd_milter_maps
 $virtual_gid_maps $virtual_uid_maps $local_login_sender_maps $postscreen_reject_footer_maps $smtpd_reject_footer_maps $tls_server_sni_maps
 $default_delivery_status_filter $lmtp_delivery_status_filter $lmtp_dns_reply_filter $lmtp_reply_filter $local_delivery_status_filter
 $pipe_delivery_status_filter $postscreen_command_filter $smtp_delivery_status_filter $smtp_dns_reply_filter $smtp_reply_filter
 $smtpd_command_filter $smtpd_dns_reply_filter $virtual_delivery_status_filter $body_checks $header_checks $lmtp_body_checks
 $lmtp_header_checks $lmtp_mime_header_checks $lmtp_nested_header_checks $milter_header_checks $mime_header_checks $nested_header_checks
 $smtp_body_checks $smtp_header_checks $smtp_mime_header_checks $smtp_nested_header_checks
smtpd_forbidden_commands = CONNECT GET POST
smtpd_per_record_deadline = ${stress?{yes}:{no}}
tlsproxy_client_level = $smtp_tls_security_level
tlsproxy_client_policy = $smtp_tls_policy_maps
"""),
    ((3, 5), r"""
- empty_address_local_login_sender_maps_lookup_key enable_threaded_bounces known_tcp_ports local_login_sender_maps
 postscreen_allowlist_interfaces postscreen_denylist_action postscreen_dnsbl_allowlist_threshold respectful_logging
 smtpd_relay_before_recipient_restrictions smtpd_sasl_mechanism_filter
append_dot_mydomain = ${{$compatibility_level} < {1} ? {yes} : {no}}
lmtp_tls_fingerprint_digest smtp_tls_fingerprint_digest smtpd_tls_fingerprint_digest = md5
lmtp_tls_mandatory_protocols lmtp_tls_protocols smtp_tls_mandatory_protocols smtp_tls_protocols smtpd_tls_mandatory_protocols
 smtpd_tls_protocols = !SSLv2, !SSLv3
mynetworks_style = ${{$compatibility_level} < {2} ? {subnet} : {host}}
postscreen_blacklist_action = ignore
postscreen_dnsbl_whitelist_threshold = 0
postscreen_whitelist_interfaces = static:all
proxy_read_maps = $local_recipient_maps $mydestination $virtual_alias_maps $virtual_alias_domains $virtual_mailbox_maps
 $virtual_mailbox_domains $relay_recipient_maps $relay_domains $canonical_maps $sender_canonical_maps $recipient_canonical_maps
 $relocated_maps $transport_maps $mynetworks $smtpd_sender_login_maps $sender_bcc_maps $recipient_bcc_maps $smtp_generic_maps
 $lmtp_generic_maps $alias_maps $smtpd_client_restrictions $smtpd_helo_restrictions $smtpd_sender_restrictions $smtpd_relay_restrictions
 $smtpd_recipient_restrictions $address_verify_sender_dependent_default_transport_maps $address_verify_sender_dependent_relayhost_maps
 $address_verify_transport_maps $fallback_transport_maps $lmtp_discard_lhlo_keyword_address_maps $lmtp_pix_workaround_maps
 $lmtp_sasl_password_maps $lmtp_tls_policy_maps $mailbox_command_maps $mailbox_transport_maps $postscreen_discard_ehlo_keyword_address_maps
 $rbl_reply_maps $sender_dependent_default_transport_maps $sender_dependent_relayhost_maps $smtp_discard_ehlo_keyword_address_maps
 $smtp_pix_workaround_maps $smtp_sasl_password_maps $smtp_tls_policy_maps $smtpd_discard_ehlo_keyword_address_maps $smtpd_milter_maps
 $virtual_gid_maps $virtual_uid_maps $postscreen_reject_footer_maps $smtpd_reject_footer_maps $tls_server_sni_maps
 $default_delivery_status_filter $lmtp_delivery_status_filter $lmtp_dns_reply_filter $lmtp_reply_filter $local_delivery_status_filter
 $pipe_delivery_status_filter $postscreen_command_filter $smtp_delivery_status_filter $smtp_dns_reply_filter $smtp_reply_filter
 $smtpd_command_filter $smtpd_dns_reply_filter $virtual_delivery_status_filter $body_checks $header_checks $lmtp_body_checks
 $lmtp_header_checks $lmtp_mime_header_checks $lmtp_nested_header_checks $milter_header_checks $mime_header_checks $nested_header_checks
 $smtp_body_checks $smtp_header_checks $smtp_mime_header_checks $smtp_nested_header_checks
relay_domains = ${{$compatibility_level} < {2} ? {$mydestination} : {}}
smtp_tls_dane_insecure_mx_policy = ${{$smtp_tls_security_level} == {dane} ? {dane} : {may}}
smtpd_relay_restrictions = ${{$compatibility_level} < {1} ? {} : {permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination}}
smtputf8_enable = ${{$compatibility_level} < {1} ? {no} : {yes}}
"""),
    ((3, 4), r"""
- cleanup_replace_stray_cr_lf info_log_address_format smtpd_forbid_bare_newline smtpd_forbid_bare_newline_exclusions
 smtpd_forbid_bare_newline_reject_code smtpd_forbid_unauth_pipelining tls_config_file tls_config_name
milter_connect_macros = j {daemon_name} {daemon_addr} v
"""),
)

KNOWN_VERSIONS = tuple(sorted([version for version, _changes in _OLDER] + [NEWEST]))
