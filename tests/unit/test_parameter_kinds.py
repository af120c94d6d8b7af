# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that kill Postfix: the table against its own defaults, and against the real postmap(1), which reads what all of Postfix reads."""

import concurrent.futures
import os
import re
import shutil
import subprocess

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix import parameter_kinds
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.defaults import KNOWN_VERSIONS, defaults_for
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.parameter_kinds import check_attribute, check_value, has_kind, readers

PATH = os.environ.get("PATH", "") + ":/usr/sbin"
parameter_kinds._rules_of("")
PARAMETERS = sorted(parameter_kinds._rules)

ASKED = {
    "soft_bounce": ["yes", "NO", "Yes", "", "true", "1", "yes no", "ye"],
    "smtputf8_enable": ["no", "YES", "off", ""],
    "max_use": ["1", "100", "+5", "0", "-1", "1.5", "", "ten", "1 2", "0x10", "2147483647", "2147483648", "99999999999999999999"],
    "line_length_limit": ["511", "512"],
    "delay_logging_resolution_limit": ["0", "6", "7", "-1"],
    "message_size_limit": ["0", "99999999999", "9223372036854775807", "9223372036854775808", "10M", ""],
    "lmdb_map_size": ["0", "1"],
    "max_idle": ["1", "10s", "5m", "2h", "1d", "1w", "0", "0s", "s", "", "-1s", "+3s", "1 s", "5min", "5x", "5S", "1.5h", "2147483647",
                 "2147483648", "3550w", "3551w", "35791393m", "35791394m", "596522h", "596523h", "24854d", "24855d", "2147483646"],
    "in_flow_delay": ["0s", "10s", "11s", "1m"],
    "mail_name": ["", "x"],
    "default_verp_delimiters": ["+=", "+", "+=-"],
    "compatibility_level": ["0", "2", "3.6", "3.10.2", "", "x", "3.", "1.2.3.4", "-1", "9999", "3.9999"],
    "myhostname": ["mx.example.org", "mx", "mx.example.org.", "-mx", "mx-.example.org", "a..b", "", "mx_1", "192.0.2.1", "1-2", "m x",
                   "a" * 63, "a" * 64, "[192.0.2.1]", ".".join(["a" * 49] * 5), ".".join(["a" * 51] * 5)],
    "mydomain": ["example.org", "*.example.org", "b\u00fccher.example"],
}


WRONG_FOR_SOME = ("maybe", "", "0", "7", "511", "9" * 20)
VERSION_HERE = re.compile(r"(\d+)\.(\d+)")


def program(name):
    path = shutil.which(name, path=PATH)
    if path is None:
        pytest.skip("NO POSTFIX HERE: the values were not tried on the real postmap")
    return path


def version_here():
    version = subprocess.check_output([program("postconf"), "-dh", "mail_version"], universal_newlines=True)
    return tuple(int(part) for part in VERSION_HERE.match(version).groups())


def deaths(folder, settings):
    """dict: each (name, value) to what postmap says when it dies of it, None where it lives. A death takes a second: many at a time."""
    def death(setting):
        place = folder / str(settings.index(setting))
        place.mkdir()
        (place / "main.cf").write_text("myhostname = mx.example.org\n%s = %s\n" % setting, encoding="utf-8")
        run = subprocess.run([program("postmap"), "-c", str(place), "-q", "x", "static:y"],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
        assert run.returncode == 0 or "fatal:" in run.stderr
        return run.stderr if run.returncode else None

    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        return dict(zip(settings, pool.map(death, settings)))


def disagreements(folder, settings):
    version = version_here()
    return {setting: died for setting, died in deaths(folder, settings).items() if bool(check_value(setting[0], setting[1], version)) != bool(died)}


def test_the_real_postmap_agrees(tmp_path):
    assert not disagreements(tmp_path, [(name, value) for name, values in ASKED.items() for value in values])


def test_everything_that_all_of_postfix_reads(tmp_path):
    """Each such parameter with a value that we refuse: were the parameter's name or kind wrong here, the real one would live."""
    version = version_here()
    names = [name for name in PARAMETERS if "postfix" in readers(name, version)]
    refused = [[(name, value) for value in WRONG_FOR_SOME if check_value(name, value, version)] for name in names]
    assert all(refused)
    assert not disagreements(tmp_path, [settings[0] for settings in refused])


@pytest.mark.parametrize("version", KNOWN_VERSIONS)
def test_no_default_is_an_error(version):
    plain = {name: value for name, value in defaults_for(version).items() if "$" not in value}
    assert not {name: check_value(name, value, version) for name, value in plain.items() if check_value(name, value, version)}


@pytest.mark.parametrize("version", KNOWN_VERSIONS)
def test_what_a_version_reads_it_knows(version):
    known = set(defaults_for(version)) | {"mydomain", "myhostname"}
    assert {name for name in PARAMETERS if readers(name, version)} <= known


# postconf(5), and the tables at the end of src/smtpd/smtpd.c and src/trivial-rewrite/trivial-rewrite.c.
@pytest.mark.parametrize("name, value, version, fine", [
    ("smtpd_delay_reject", "maybe", (3, 7), False),
    ("smtpd_tls_auth_only", "Yes", (3, 7), True),
    ("smtpd_recipient_limit", "0", (3, 7), False),
    ("smtpd_sasl_response_limit", "12287", (3, 7), False),
    ("unverified_recipient_reject_code", "450", (3, 7), True),
    ("unverified_recipient_reject_code", "600", (3, 7), False),
    ("smtpd_client_ipv4_prefix_length", "33", (3, 7), True),
    ("smtpd_client_ipv4_prefix_length", "33", (3, 8), False),
    ("smtpd_per_record_deadline", "maybe", (3, 6), False),
    ("smtpd_per_record_deadline", "maybe", (3, 7), True),
    ("queue_minfree", "3000000000", (3, 4), False),
    ("queue_minfree", "3000000000", (3, 5), True),
    ("compatibility_level", "3.6x", (3, 5), True),
    ("compatibility_level", "3.6x", (3, 6), False),
    ("compatibility_level", "x", (3, 5), False),
    ("compatibility_level", "3x", (3, 5), False),
    ("compatibility_level", "x.3", (3, 5), False),
    ("compatibility_level", "3.6", (3, 6), True),
    ("append_dot_mydomain", "", (3, 7), False),
    ("local_transport", "", (3, 7), False),
    ("mydestination", "", (3, 7), True),
    ("no_such_parameter", "?", (3, 7), True),
    ("inet_protocols", "ipv4, ipv6", (3, 7), True),
    ("inet_protocols", "ipv4 IPV6", (3, 7), False),
    ("syslog_facility", "local7", (3, 7), True),
    ("syslog_facility", "local8", (3, 7), False),
    ("syslog_facility", "MAIL", (3, 7), False),
    ("smtpd_upstream_proxy_protocol", "", (3, 7), True),
    ("smtpd_upstream_proxy_protocol", "haproxy", (3, 7), True),
    ("smtpd_upstream_proxy_protocol", "HAPROXY", (3, 7), False),
    ("info_log_address_format", "Internal", (3, 7), True),
    ("info_log_address_format", "internal external", (3, 7), False),
    ("header_from_format", "new", (3, 6), True),
    ("header_from_format", "new", (3, 7), False),
    ("smtpd_client_ipv6_prefix_length", "128", (3, 8), True),
    ("smtpd_client_ipv6_prefix_length", "129", (3, 8), False),
    ("smtpd_recipient_limit", "1", (3, 7), True),
    ("smtpd_recipient_limit", "2147483647", (3, 7), True),
    ("smtpd_recipient_limit", "2147483648", (3, 7), False),
    ("defer_code", "-2147483648", (3, 7), True),
    ("defer_code", "-2147483649", (3, 7), False),
    ("unverified_recipient_reject_code", "200", (3, 7), True),
    ("unverified_recipient_reject_code", "199", (3, 7), False),
    ("unverified_recipient_reject_code", "599", (3, 7), True),
    ("queue_minfree", "9223372036854775807", (3, 5), True),
    ("queue_minfree", "9223372036854775808", (3, 5), False),
    ("queue_minfree", "2147483647", (3, 4), True),
    ("queue_minfree", "2147483648", (3, 4), False),
    ("smtpd_timeout", "1", (3, 7), True),
    ("smtpd_timeout", "0", (3, 7), False),
    ("smtpd_error_sleep_time", "0", (3, 7), True),
    ("smtpd_error_sleep_time", "s", (3, 7), True),
    ("smtpd_timeout", "s", (3, 7), False),
    ("smtpd_error_sleep_time", "5min", (3, 7), True),
    ("smtpd_error_sleep_time", "-1", (3, 7), False),
    ("smtpd_error_sleep_time", "x", (3, 7), False),
    ("smtpd_error_sleep_time", "1 s", (3, 7), False),
    ("smtpd_error_sleep_time", "", (3, 7), False),
    ("in_flow_delay", "10", (3, 7), True),
    ("in_flow_delay", "11", (3, 7), False),
    ("default_verp_delimiters", "+=", (3, 7), True),
    ("default_verp_delimiters", "\u00e9", (3, 7), True),
    ("default_verp_delimiters", "+\u00e9", (3, 7), False),
    ("smtpd_min_data_rate", "0", (3, 6), True),
    ("smtpd_min_data_rate", "0", (3, 7), False),
])
def test_values_of_the_manual(name, value, version, fine):
    assert (check_value(name, value, version) is None) == fine


@pytest.mark.parametrize("name, value, words", [
    ("smtpd_delay_reject", "maybe", "neither yes nor no"), ("smtpd_recipient_limit", "0", "0 is less than 1"), ("in_flow_delay", "1m", "60 is more than 10"),
    ("mail_name", "", "it is empty"), ("default_verp_delimiters", "+", "its length 1 is less than 2"), ("smtpd_timeout", "x", "s, m, h, d or w"),
    ("smtpd_upstream_proxy_protocol", "x", "'x' is none of haproxy"), ("inet_protocols", "ipv4 x", "'x' is none of all, ipv4, ipv6"),
    ("myhostname", "a..b", "no host name"), ("myhostname", "192.0.2.1", "a number"), ("compatibility_level", "x", "no compatibility level"),
])
def test_what_is_wrong_is_said(name, value, words):
    assert words in check_value(name, value, (3, 7))


@pytest.mark.parametrize("name, value, problem", [("timeout", "10s", None), ("timeout", "0", "less than"), ("nosuch", "1", "unknown attribute"),
                                                  ("default_action", "", "empty"), ("policy_context", "", None), ("try_limit", "1", None)])
def test_attributes_of_a_policy_service(name, value, problem):
    found = check_attribute(name, value, (3, 7))
    assert found is None if problem is None else problem in found


def test_what_some_version_converts_has_a_kind():
    assert has_kind("header_from_format") and not has_kind("mydestination")


def test_who_reads_what():
    assert readers("soft_bounce", (3, 7)) == {"postfix"}
    assert readers("show_user_unknown_table_name", (3, 7)) == {"smtpd", "trivial-rewrite"}
    assert readers("respectful_logging", (3, 5)) == readers("mydestination", (3, 7)) == set()
