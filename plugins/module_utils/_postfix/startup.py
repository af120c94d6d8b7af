# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What smtpd(8) and trivial-rewrite(8) die of at their start, beyond what a list's parser finds (mail_params.c, inet_proto.c)."""

import re

from . import tls
from .addresses import families
from .catalogue import LISTS, OTHER_LISTS
from .errors import ConfigError
from .match_lists import ListFatal, MatchList
from .networks import parse_address
from .parameter_kinds import check_attribute, check_value, has_kind, readers
from .reading_order import reads
from .tables import Maps, TableFatal
from .text import LIST_SEPARATORS, split_words, unbrace, words

# Lists of patterns, and parameters of tables, that smtpd opens when it starts, whatever uses them (smtpd.c, smtpd_check.c, debug_peer.c).
PATTERN_LISTS = ("permit_mx_backup_networks", "smtpd_authorized_verp_clients", "smtpd_authorized_xclient_hosts",
                 "smtpd_authorized_xforward_hosts", "smtpd_client_event_limit_exceptions", "smtpd_noop_commands", "smtpd_forbidden_commands",
                 "smtpd_sasl_exceptions_networks", "smtpd_forbid_bare_newline_exclusions", "debug_peer_list", "fast_flush_domains",
                 "smtpd_log_access_permit_actions")
TABLES = ("rbl_reply_maps", "smtpd_sender_login_maps", "relay_clientcerts", "smtpd_discard_ehlo_keyword_address_maps", "smtpd_milter_maps",
          "smtpd_reject_filter_maps", "smtpd_reject_footer_maps", "smtpd_dns_reply_filter")
HEADER_REWRITING = "local_header_rewrite_clients"  # a list of its own, of which smtpd opens the tables too
COMMAND_FILTER = "smtpd_command_filter"
# The same of trivial-rewrite (trivial-rewrite.c).
REWRITE_TABLES = ("sender_dependent_relayhost_maps", "sender_dependent_default_transport_maps", "address_verify_transport_maps",
                  "address_verify_sender_dependent_relayhost_maps", "address_verify_sender_dependent_default_transport_maps")
INHERITED = "reject_tempfail_action"  # is the default of these, and what they die of
HEIRS = ("unknown_address_tempfail_action", "unknown_helo_hostname_tempfail_action", "unverified_recipient_tempfail_action",
         "unverified_sender_tempfail_action")
BY_HOST = ("myhostname", "mydomain", "mynetworks")  # whose defaults hang on the host
SASL_TYPES = ("cyrus", "dovecot")
SASL_OPTIONS = ("noplaintext", "noactive", "nodictionary", "noanonymous", "forward_secrecy", "mutual_auth")
STYLES = ("class", "subnet", "host")
_NO_NAME = re.compile(r"[^][A-Za-z0-9._:%-]")
WHOLE = ("all", "loopback-only")  # of inet_interfaces


def check_startup(configuration, service, rewrite):
    """Check every parameter that is set for *service*, and for the rewrite service.

    :raises ConfigError: for the first value that the daemon dies of
    """
    if service.error is not None:
        raise service.error
    _check_settings(configuration.settings(service), {"postfix", "smtpd"})
    if rewrite is not None and rewrite.error is not None:
        raise rewrite.error
    # Without a service of its own, main.cf alone says what trivial-rewrite gets.
    resolving = configuration.settings(rewrite, "trivial-rewrite")
    _check_settings(resolving, {"postfix", "trivial-rewrite"})
    _open_all(resolving, REWRITE_TABLES, resolving.tables)


def _check_settings(settings, programs):
    configuration, service = settings.configuration, settings.service
    style = settings.value("mynetworks_style")
    if settings.origin("mynetworks") is None and style not in STYLES:
        raise _error(settings, "mynetworks_style", "unknown mynetworks_style value \"{0}\"".format(style), "Expected is class, subnet or host.")
    names = {entry.name for entry in configuration.main.entries} | {option.name for option in (service.options if service is not None else ())}
    if INHERITED in names:
        names.update(HEIRS)
    for name in sorted(names):
        if (name in configuration.defaults or name in BY_HOST) and _is_read(name, configuration.version, programs):
            settings.value(name)  # a macro that cannot be expanded is fatal in whatever is read
        reason = _death(configuration, settings, name, programs)
        if reason is not None:
            raise _error(settings, name if settings.origin(name) is not None else INHERITED, reason, "Give it a value that postconf(5) allows, or take it out.")
    _check_sense(settings)


def _is_read(name, version, programs):
    """A parameter of a kind is read by those that die of a bad value; smtpd reads header_from_format from 3.7 on."""
    return bool(readers(name, version) & programs) if has_kind(name) else any(reads(program, name) for program in programs)


def _check_sense(settings):
    """Check what every program looks at when it has read its parameters (mail_params_init in mail_params.c). :raises ConfigError:"""
    if settings.value("relayhost").lower() == settings.value("myhostname").lower():
        raise _error(settings, "relayhost", "is the same as myhostname", "Name another host, or leave it empty.")
    if any(char in LIST_SEPARATORS for char in settings.value("myorigin")):
        raise _error(settings, "myorigin", "holds more than one word, or blanks: \"{0}\"".format(settings.value("myorigin")), "Name one domain.")
    delimiters, allowed = settings.value("default_verp_delimiters"), settings.value("verp_delimiter_filter")
    if len(delimiters) != 2 or any(char not in allowed for char in delimiters):
        raise _error(settings, "default_verp_delimiters", "must be two characters of verp_delimiter_filter, which is {0}".format(allowed),
                     "Take it out, for the default.")


def _check_logins(settings):
    """Check what smtpd looks at when it gets ready for logins (smtpd_sasl_glue.c). :raises ConfigError:"""
    if not tls.is_on(settings, "smtpd_sasl_auth_enable"):
        return
    kind = settings.value("smtpd_sasl_type")
    if kind not in SASL_TYPES:
        raise _error(settings, "smtpd_sasl_type", "unsupported SASL server implementation: {0}".format(kind), "Expected is cyrus or dovecot.")
    if tls.is_on(settings, "smtpd_tls_auth_only") and not tls.demanded(settings):
        return  # whoever does without TLS finds it alive
    name = "smtpd_sasl_tls_security_options" if tls.demanded(settings) else "smtpd_sasl_security_options"
    for word in split_words(settings.value(name)):
        if (word.lower() if kind == "dovecot" else word) not in SASL_OPTIONS:
            raise _error(settings, name, "unknown SASL security option: {0}".format(word), "Expected are {0}.".format(", ".join(SASL_OPTIONS)))


def _error(settings, name, reason, hint):
    origin = settings.origin(name)
    return ConfigError(reason, origin and origin.file, origin and origin.line, name, hint)


def check_lists(settings, tables):
    """Check what smtpd opens for its lists and classes when it starts: tables and policy services (smtpd_check_parse).

    :raises ConfigError: for the first that it dies of
    """
    _check_logins(settings)
    for name in [name for name, dummy in LISTS] + list(OTHER_LISTS + (HEADER_REWRITING,)) + split_words(settings.value("smtpd_restriction_classes")):
        last = ""
        for word in words(settings.value(name)):
            reason = _policy(word.text, settings.configuration.version) if last == "check_policy_service" else _table(word.text, tables)
            if reason is not None:
                raise _error(settings, name, reason, "See postconf(5) for what may stand there.")
            last = word.text.lower()
    _open_all(settings, PATTERN_LISTS + TABLES + (COMMAND_FILTER,), tables)


def _open_all(settings, names, tables):
    for name in names:
        if settings.origin(name) is not None and name in settings.configuration.defaults:
            _open(settings, name, tables)


def _open(settings, name, tables):
    try:
        if name in PATTERN_LISTS:
            MatchList(settings.value(name), tables)
        elif name == COMMAND_FILTER and settings.value(name):
            tables.open(settings.value(name))  # one table, whatever commas there are
        else:
            Maps(settings.value(name), tables)
    except (ListFatal, TableFatal) as exc:
        raise _error(settings, name, str(exc), "See postconf(5) for what may stand there.")


def _table(word, tables):
    try:
        if ":" in word:
            tables.open(word)
    except TableFatal as exc:
        return str(exc)
    return None


def _policy(word, version):
    """Return what is wrong with the argument of check_policy_service, or None (policy_client_register in smtpd_check.c)."""
    inside = unbrace(word) if word.startswith("{") else word
    parts = split_words(inside or "")
    if not parts or ":" not in parts[0]:
        return "check_policy_service needs unix:path or inet:host:port, found \"{0}\"".format(parts[0] if parts else word)
    for part in parts[1:]:
        pair = unbrace(part) if part.startswith("{") else part
        name, equals, value = (pair or "").partition("=")
        reason = check_attribute(name.strip(), value.strip(), version) if equals else "no name=value"
        if reason is not None:
            return "policy service {0}: {1}: {2}".format(parts[0], name.strip(), reason)
    return None


def _death(configuration, settings, name, programs):
    if name == "inet_interfaces":
        return _interfaces(settings, name)
    if name == "inet_protocols" and not split_words(settings.value(name)):
        return "all network protocols are disabled"
    if name == "smtpd_tls_security_level" and settings.value("smtpd_tls_wrappermode").lower() == "yes":
        return None  # it is not looked at (pre_jail_init in smtpd.c)
    if not readers(name, configuration.version) & programs:
        return None
    problem = check_value(name, settings.value(name), configuration.version)
    if name == "compatibility_level" and configuration.version < (3, 6) and "$" in settings.raw(name) and "." in settings.value(name):
        problem = "'{0}' is no whole number".format(settings.value(name))  # such a version cuts at the dot before it expands macros
    return problem and "bad value of {0}: {1}".format(name, problem)


def _interfaces(settings, name):
    """Return what is wrong with the addresses of inet_interfaces, or None. Of host names only the resolver knows (own_inet_addr.c)."""
    value = settings.value(name)
    for word in split_words(value):
        if word.lower() in WHOLE and value not in WHOLE:
            return "{0}: host not found: {1}, which is a word of its own only where it stands alone and in lower case".format(name, word)
        try:
            family = parse_address(word.strip("[]"))[0]
        except ValueError:
            if _NO_NAME.search(word):
                return "{0}: host not found: {1}".format(name, word)
            continue
        if family not in families(settings):
            return "{0}: host not found: {1}, for inet_protocols = {2} leaves out its kind".format(name, word, settings.value("inet_protocols"))
    return None
