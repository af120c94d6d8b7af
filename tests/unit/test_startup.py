# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of a value that a daemon dies of: the parameter, its place, what is wrong. That it does, tests/oracle/battery shows (start, words)."""

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.configuration import Configuration
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.errors import ConfigError
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.master_cf import MasterCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.startup import check_lists, check_startup

MAIN = "# of a host\nmyhostname = mx.example.com\n"
SERVICES = "smtp inet n - n - - smtpd\nrewrite unix - - n - - trivial-rewrite\n"


def error_of(main, services=SERVICES, version=(3, 7)):
    """Return the ConfigError of the first service, or None."""
    subject = Configuration(MainCf((MAIN + main).encode(), "/m"), MasterCf(services.encode(), "/s"), version, Files())
    smtpd, rewrite = (subject.services(name)[:1] or [None] for name in ("smtpd", "trivial-rewrite"))
    try:
        check_startup(subject, smtpd[0], rewrite[0])
        check_lists(subject.settings(smtpd[0]), subject.tables)
    except ConfigError as exc:
        return exc
    return None


@pytest.mark.parametrize("main, parameter, words", [
    ("mynetworks_style = nets\n", "mynetworks_style", ['"nets"', "class, subnet or host"]),
    ("soft_bounce = maybe\n", "soft_bounce", ["maybe", "postconf(5)"]),
    ("smtpd_timeout = x\n", "smtpd_timeout", ["bad value of smtpd_timeout"]), ("swap_bangpath = x\n", "swap_bangpath", ["neither yes nor no"]),
    ("relayhost = MX.example.com\n", "relayhost", ["same as myhostname"]), ("myorigin = a b\n", "myorigin", ['"a b"', "one domain"]),
    ("myorigin = a,\n", "myorigin", ["more than one word"]),
    ("default_verp_delimiters = +!\n", "default_verp_delimiters", ["verp_delimiter_filter, which is -=+"]),
    ("default_verp_delimiters = !+\n", "default_verp_delimiters", ["two characters"]), ("inet_protocols = ,\n", "inet_protocols", ["disabled"]),
    ("inet_protocols = ipv5\n", "inet_protocols", ["'ipv5' is none of"]),
    ("inet_interfaces = all, 192.0.2.1\n", "inet_interfaces", ["host not found: all", "alone"]),
    ("inet_interfaces = Loopback-Only\n", "inet_interfaces", ["Loopback-Only"]),
    ("inet_protocols = ipv4\ninet_interfaces = 192.0.2.1 [::1]\n", "inet_interfaces", ["not found: [::1]", "inet_protocols = ipv4"]),
    ("smtpd_client_restrictions = check_client_access hash:\n", "smtpd_client_restrictions", ["type:name"]),
    ("smtpd_etrn_restrictions = hash:\n", "smtpd_etrn_restrictions", ["type:name"]),
    ("smtpd_command_filter = hash:\n", "smtpd_command_filter", ["type:name"]),
    ("smtpd_sender_login_maps = inline:{a=b} hash:\n", "smtpd_sender_login_maps", ["type:name"]),
    ("debug_peer_list = cidr:/\n", "debug_peer_list", ["directory"]),
    ("sender_dependent_relayhost_maps = hash:\n", "sender_dependent_relayhost_maps", ["type:name"]),
    ("smtpd_restriction_classes = mine\nmine = check_client_access hash:\n", "mine", ["type:name"]),
    ("smtpd_data_restrictions = check_policy_service x\n", "smtpd_data_restrictions", ["unix:path or inet:host:port", '"x"']),
    ("smtpd_data_restrictions = check_policy_service {}\n", "smtpd_data_restrictions", ['"{}"']),
    ("smtpd_data_restrictions = check_policy_service { unix:p, {timeout = 0} }\n", "smtpd_data_restrictions", ["unix:p: timeout: 0 is less"]),
    ("smtpd_data_restrictions = check_policy_service { unix:p, timeout }\n", "smtpd_data_restrictions", ["timeout: no name=value"]),
    ("smtpd_data_restrictions = check_policy_service { unix:p, {x}y }\n", "smtpd_data_restrictions", ["no name=value"]),
    ("reject_tempfail_action = no\n", "reject_tempfail_action", ["bad value of unknown_address_tempfail_action", "'no' is none of"]),
    ("a = ${b\nmyorigin = $a\n", "myorigin", []), ("mydestination = ${b\n", "mydestination", []), ("mynetworks = ${b\n", "mynetworks", []),
    ("smtpd_data_restrictions = check_policy_service { x y }\n", "smtpd_data_restrictions", ['"x"']),
    ("smtpd_tls_security_level = dane\n", "smtpd_tls_security_level", ["'dane' is none of"]),
    ("smtpd_tls_wrappermode = yes\nsmtpd_timeout = x\n", "smtpd_timeout", []),
    ("inet_protocols = ipv4\ninet_interfaces = mx.example.com ::1\n", "inet_interfaces", ["not found: ::1"]),
])
def test_a_value_that_a_daemon_dies_of_is_named_with_its_place(main, parameter, words):
    found = error_of(main)
    assert (found.parameter, found.file) == (parameter, "/m")
    assert found.line == 2 + main.count("\n")
    assert all(word in str(found) for word in words), str(found)


@pytest.mark.parametrize("main", [
    "smtp_helo_timeout = maybe\n", "smtp_helo_name = ${b\n", "mynetworks = 192.0.2.1\nmynetworks_style = nets\n", "relayhost = [mx.example.com]\n",
    "default_verp_delimiters = -+\n", "inet_interfaces = all\n", "inet_interfaces = loopback-only\n", "inet_interfaces = mx.example.com\n",
    "inet_protocols = ipv4\ninet_interfaces = 192.0.2.1, [192.0.2.2]\n", "smtpd_tls_wrappermode = yes\nsmtpd_tls_security_level = dane\n",
    "smtpd_data_restrictions = check_policy_service { unix:p, {timeout = 10 }, try_limit=2 }\n", "smtpd_command_filter =\n",
    "smtpd_command_filter = pcre:/a,hash:\n",
    "smtpd_sender_login_maps =\n", "smtpd_noop_commands = a b\n", "address_verify_sender_dependent_relayhost_maps = hash:/none\n",
])
def test_a_value_that_nothing_dies_of(main):
    assert error_of(main) is None


@pytest.mark.parametrize("services, parameter", [
    ("smtp inet n - n - - smtpd\n -o soft_bounce=maybe\n", "soft_bounce"),
    ("smtp inet n - n - - smtpd\n -o smtpd_command_filter=hash:\n", "smtpd_command_filter"),
    ("smtp inet n - n - - smtpd\nrewrite unix - - n - - trivial-rewrite\n -o swap_bangpath=no,\n", "swap_bangpath"),
    ("smtp inet n - n - - smtpd\n -o {myorigin=a b}\n", "myorigin"), ("smtp inet n - n - - smtpd\n x\n", None),
    ("smtp inet n - n - - smtpd\nrewrite unix - - n - - trivial-rewrite\n x\n", None),
])
def test_so_are_overrides(services, parameter):
    found = error_of("", services)
    assert (found.parameter, found.file, found.line) == (parameter, "/s", services.count("\n"))


def test_an_override_for_another_daemon_kills_neither():
    assert error_of("", "smtp inet n - n - - smtpd\n -o swap_bangpath=maybe\nrewrite unix - - n - - trivial-rewrite\n -o smtpd_timeout=x\n") is None


def test_what_a_daemon_does_not_read_may_hold_anything():
    assert error_of("nobody_reads_this = ${b\n") is None
    assert error_of("", "smtp inet n - n - - smtpd\nrewrite unix - - n - - trivial-rewrite\n -o smtpd_timeout=${b\n -o smtpd_banner=${b\n") is None


@pytest.mark.parametrize("version, dies", [((3, 10), False), ((3, 11), True)])
def test_a_table_is_opened_by_versions_that_know_it(version, dies):
    assert (error_of("smtpd_reject_filter_maps = hash:\n", version=version) is not None) == dies


@pytest.mark.parametrize("version, dies", [((3, 5), True), ((3, 6), False), ((3, 7), False)])
def test_before_3_6_a_level_is_cut_at_the_dot_before_macros_are_expanded(version, dies):
    assert (error_of("l = 3.6\ncompatibility_level = $l\n", version=version) is not None) == dies
    assert error_of("compatibility_level = 3.6\n", version=version) is None
    assert error_of("l = 3\ncompatibility_level = $l\n", version=version) is None
