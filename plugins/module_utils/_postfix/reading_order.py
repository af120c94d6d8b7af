# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In what order smtpd(8) and trivial-rewrite(8) read their parameters, which decides what ``$name`` is worth to them.

A daemon looks a macro up among what main.cf and its own -o options set, wherever that stands. A parameter that neither sets
has a value only once the daemon has read it itself: it then puts the default, macros expanded, where macros are looked up.
So ``mynetworks = $smtpd_banner`` is empty (smtpd reads its own parameters after those of all of Postfix), ``mydestination =
$myorigin`` is too (myorigin comes next), and a parameter of another program alone, as smtp_helo_name, is always empty unless
it is set. postconf -x knows every default and shows another value.

Source: get_mail_conf_str and its kin (src/global/mail_conf_str.c), mail_params_init (mail_params.c), the tables that main()
of smtpd.c and trivial-rewrite.c hand over, single_server.c and multi_server.c. The order has been the same since 3.4 but for
alias_database, on which nothing here hangs. A restriction class is looked up when all of smtpd's tables have been read.
"""

# What a daemon sets itself before it reads anything.
ALWAYS = frozenset(("config_directory", "process_name", "service_name"))
# What smtpd takes as it is written, macros and all: it expands these texts for each reply (get_mail_conf_raw_table in mail_conf_raw.c).
RAW = frozenset(("smtpd_expansion_filter", "default_rbl_reply", "smtpd_reject_footer"))

# `program: names` in the order of reading, continued as in main.cf; "postfix" is what every program reads first.
_TABLE = """
postfix: compatibility_level mail_version syslog_facility inet_protocols multi_instance_directories multi_instance_group
 multi_instance_name maillog_file maillog_file_prefixes maillog_file_compressor maillog_file_rotate_suffix maillog_file_permissions
 postlog_service_name dnssec_probe known_tcp_ports daemon_table_open_error_is_fatal dns_ncache_ttl_fix_enable smtputf8_enable
 enable_idna2003_compatibility respectful_logging requiretls_enable tls_required_enable non_bdb_migration_log_redirect myhostname
 mydomain mail_name syslog_name mail_owner setgid_group mydestination myorigin relayhost daemon_directory data_directory
 command_directory meta_directory queue_directory shlib_directory process_id_directory inet_interfaces proxy_interfaces
 double_bounce_sender default_privs mail_release_date default_database_type default_cache_db_type alias_database hash_queue_names
 recipient_delimiter relay_domains fast_flush_domains export_environment import_environment mynetworks_style debug_peer_list
 default_verp_delimiters verp_delimiter_filter parent_domain_matches_subdomains alternate_config_directories bounce_service_name
 cleanup_service_name defer_service_name pickup_service_name queue_service_name rewrite_service_name showq_service_name
 error_service_name flush_service_name address_verify_service_name trace_service_name proxymap_service_name proxywrite_service_name
 internal_mail_filter_classes multi_instance_wrapper default_delivery_status_filter smtputf8_autodetect_classes message_drop_headers
 info_log_address_format non_bdb_migration_level non_bdb_migration_service_name non_bdb_custom_mapping default_process_limit max_use
 dont_remove line_length_limit hash_queue_depth fork_attempts deliver_lock_attempts debug_peer_level fault_injection_code
 berkeley_db_create_buffer_size berkeley_db_read_buffer_size header_size_limit header_address_token_limit mime_nesting_limit
 mime_boundary_length_limit delay_logging_resolution_limit tcp_windowsize socketmap_max_reply_size socketmap_max_query_size
 message_size_limit lmdb_map_size disable_dns_lookups soft_bounce owner_request_special strict_8bitmime strict_7bit_headers
 strict_8bitmime_body strict_mime_encoding_domain disable_mime_input_processing disable_mime_output_conversion
 address_verify_negative_cache backwards_bounce_logfile_compatibility helpful_warnings send_cyrus_sasl_authzid multi_instance_enable
 enable_long_queue_ids strict_smtputf8 enable_original_recipient application_event_drain_time max_idle ipc_timeout ipc_idle ipc_ttl
 trigger_timeout fork_delay deliver_lock_delay stale_lock_time daemon_timeout in_flow_delay mynetworks
smtpd: smtpd_soft_error_limit smtpd_hard_error_limit smtpd_junk_command_limit address_verify_poll_count smtpd_recipient_limit
 unknown_client_reject_code invalid_hostname_reject_code unknown_hostname_reject_code unknown_address_reject_code
 relay_domains_reject_code maps_rbl_reject_code access_map_reject_code access_map_defer_code reject_code defer_code non_fqdn_reject_code
 smtpd_recipient_overshoot_limit smtpd_history_flush_threshold unverified_sender_reject_code unverified_recipient_reject_code
 unverified_sender_defer_code unverified_recipient_defer_code multi_recipient_bounce_reject_code unknown_local_recipient_reject_code
 unknown_virtual_alias_reject_code unknown_virtual_mailbox_reject_code unknown_relay_recipient_reject_code plaintext_reject_code
 smtpd_forbid_bare_newline_reject_code smtpd_client_connection_rate_limit smtpd_client_connection_count_limit
 smtpd_client_message_rate_limit smtpd_client_recipient_rate_limit smtpd_client_new_tls_session_rate_limit smtpd_client_auth_rate_limit
 smtpd_client_ipv4_prefix_length smtpd_client_ipv6_prefix_length smtpd_tls_ccert_verifydepth smtpd_tls_trace_size_limit
 smtpd_sasl_response_limit smtpd_policy_service_request_limit smtpd_policy_service_try_limit smtpd_min_data_rate queue_minfree
 smtpd_banner notify_classes smtpd_client_restrictions smtpd_helo_restrictions smtpd_sender_restrictions smtpd_relay_restrictions
 smtpd_recipient_restrictions smtpd_etrn_restrictions smtpd_data_restrictions smtpd_end_of_data_restrictions maps_rbl_domains
 rbl_reply_maps bounce_notice_recipient error_notice_recipient smtpd_restriction_classes canonical_maps sender_canonical_maps
 recipient_canonical_maps virtual_alias_maps virtual_mailbox_maps alias_maps local_recipient_maps smtpd_sasl_security_options
 smtpd_sasl_path smtpd_sasl_service cyrus_sasl_config_path smtpd_sasl_local_domain smtpd_sasl_exceptions_networks content_filter
 permit_mx_backup_networks smtpd_sender_login_maps smtpd_noop_commands smtpd_forbidden_commands smtpd_null_access_lookup_key
 relay_recipient_maps address_verify_sender smtpd_authorized_verp_clients smtpd_proxy_filter smtpd_proxy_ehlo smtpd_proxy_options
 receive_override_options smtpd_authorized_xclient_hosts smtpd_authorized_xforward_hosts smtpd_client_event_limit_exceptions
 local_header_rewrite_clients smtpd_discard_ehlo_keywords smtpd_discard_ehlo_keyword_address_maps relay_clientcerts
 smtpd_sasl_tls_security_options smtpd_tls_chain_files smtpd_tls_cert_file smtpd_tls_key_file smtpd_tls_dcert_file smtpd_tls_dkey_file
 smtpd_tls_eccert_file smtpd_tls_eckey_file smtpd_tls_CAfile smtpd_tls_CApath smtpd_tls_ciphers smtpd_tls_mandatory_ciphers
 smtpd_tls_exclude_ciphers smtpd_tls_mandatory_exclude_ciphers smtpd_tls_protocols smtpd_tls_mandatory_protocols
 smtpd_tls_dh512_param_file smtpd_tls_dh1024_param_file smtpd_tls_eecdh_grade smtpd_tls_fingerprint_digest smtpd_tls_loglevel
 smtpd_tls_loglevel_maps smtpd_tls_security_level smtpd_sasl_type smtpd_sasl_mechanism_filter smtpd_milters milter_connect_macros
 milter_helo_macros milter_mail_macros milter_rcpt_macros milter_data_macros milter_end_of_header_macros milter_end_of_data_macros
 milter_unknown_command_macros milter_protocol milter_default_action milter_macro_daemon_name milter_macro_v milter_macro_defaults
 smtpd_milter_maps stress unverified_sender_reject_reason unverified_recipient_reject_reason reject_tempfail_action
 unknown_helo_hostname_tempfail_action unknown_address_tempfail_action unverified_recipient_tempfail_action
 unverified_sender_tempfail_action smtpd_command_filter smtpd_log_access_permit_actions
 smtpd_upstream_proxy_protocol smtpd_policy_service_default_action smtpd_policy_service_policy_context smtpd_dns_reply_filter
 smtpd_reject_footer_maps smtpd_reject_filter_maps header_from_format smtpd_forbid_bare_newline_exclusions smtpd_forbid_bare_newline
 smtpd_expansion_filter default_rbl_reply smtpd_reject_footer smtpd_helo_required smtpd_delay_reject strict_rfc821_envelopes
 disable_vrfy_command allow_untrusted_routing smtpd_sasl_auth_enable smtpd_sasl_authenticated_header broken_sasl_auth_clients
 show_user_unknown_table_name smtpd_reject_unlisted_sender smtpd_reject_unlisted_recipient smtpd_use_tls smtpd_enforce_tls
 smtpd_tls_wrappermode smtpd_tls_auth_only smtpd_tls_ask_ccert smtpd_tls_req_ccert smtpd_tls_enable_rpk smtpd_tls_received_header
 smtpd_tls_always_issue_session_ids smtpd_peername_lookup smtpd_delay_open_until_valid_rcpt smtpd_client_port_logging
 smtpd_forbid_unauth_pipelining smtpd_relay_before_recipient_restrictions smtpd_per_record_deadline smtpd_per_request_deadline
 smtpd_hide_client_session requiretls_esmtp_header smtpd_timeout smtpd_error_sleep_time smtpd_proxy_timeout address_verify_poll_delay
 smtpd_policy_service_timeout smtpd_policy_service_max_idle smtpd_policy_service_max_ttl smtpd_starttls_timeout milter_connect_timeout
 milter_command_timeout milter_content_timeout address_verify_sender_ttl smtpd_upstream_proxy_timeout smtpd_policy_service_retry_delay
trivial-rewrite: transport_maps local_transport virtual_transport relay_transport default_transport virtual_alias_maps
 virtual_alias_domains virtual_mailbox_maps virtual_mailbox_domains relocated_maps empty_address_recipient address_verify_transport_maps
 address_verify_local_transport address_verify_virtual_transport address_verify_relay_transport address_verify_default_transport
 address_verify_relayhost remote_header_rewrite_domain sender_dependent_relayhost_maps empty_address_relayhost_maps_lookup_key
 address_verify_sender_dependent_relayhost_maps sender_dependent_ empty_address_ address_verify_ swap_bangpath append_at_myorigin
 allow_percent_hack resolve_dequoted_address show_user_unknown_table_name resolve_null_domain resolve_numeric_domain allow_min_user
 append_dot_mydomain relocated_prefix_enable
"""

_positions = {}  # type: dict[str, dict[str, int]]


def program_of(command):
    """Which of the programs in the table *command* of master.cf runs: str, or None for any other."""
    name = command.rpartition("/")[2]
    return name if name != "postfix" and name in _orders() else None


def visible(program, name, reader):
    """Does *program* know the default of *name* when it reads *reader*? (str, str, str) -> bool

    A *reader* that is in no table, as a restriction class, is read last.
    """
    order = _orders()[program]
    return name in ALWAYS or (name in order and order[name] < order.get(reader, len(order)))


def reads(program, name):
    """Does *program* read the parameter *name* when it starts? (str, str) -> bool"""
    return name in _orders()[program]


def _orders():
    if not _positions:
        lists = {}
        for line in _TABLE.strip().replace("\n ", " ").split("\n"):
            head, dummy, listed = line.partition(": ")
            lists[head] = listed.split()
        for program in lists:
            names = lists["postfix"] + (lists[program] if program != "postfix" else [])
            _positions[program] = dict((name, index) for index, name in enumerate(names))
    return _positions
