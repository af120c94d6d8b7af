# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The defaults by version, against the installed postconf(1) and against the manual."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.defaults import KNOWN_VERSIONS, NEWEST, defaults_for

ROOT = pathlib.Path(__file__).resolve().parents[2]
GENERATOR = ROOT / "tests/tools/make_defaults.py"

PER_HOST = {"mail_release_date", "mail_version", "mydomain", "myhostname", "mynetworks", "process_id", "process_name", "service_name"}
PER_BUILD = {"alias_database", "alias_maps", "daemon_directory", "default_cache_db_type", "default_database_type", "html_directory",
             "manpage_directory", "meta_directory", "readme_directory", "sample_directory", "shlib_directory",
             "tls_eecdh_auto_curves", "tls_ffdhe_auto_groups"}
# Debian 12 has 3.7.11; the table has 3.7.22.
CHANGED_LATE_IN_3_7 = {"milter_default_action", "smtp_tls_dane_insecure_mx_policy", "tlsproxy_client_policy_maps",
                       "tlsproxy_client_security_level"}


def postconf_defaults(folder):
    postconf = shutil.which("postconf", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if postconf is None:
        pytest.skip("NO POSTFIX HERE: the table of defaults was not compared with the real postconf -d")
    (folder / "main.cf").write_text("")
    printed = subprocess.check_output([postconf, "-c", str(folder), "-d"], stderr=subprocess.DEVNULL, universal_newlines=True)
    pairs = (line.partition(" =") for line in printed.splitlines())
    return {name: value.strip(" ") for name, _equals, value in pairs}


def test_installed_postfix_prints_the_same(tmp_path):
    real = postconf_defaults(tmp_path)
    version = tuple(int(part) for part in real["mail_version"].split("-")[0].split(".")[:2])
    if version not in KNOWN_VERSIONS:
        pytest.skip("POSTFIX %s IS NOT IN THE TABLE: add it with tests/tools/make_defaults.py" % real["mail_version"])
    ours = defaults_for(version)
    assert set(real) - PER_HOST == set(ours)
    allowed = PER_BUILD | (CHANGED_LATE_IN_3_7 if version == (3, 7) else set())
    assert {name for name in ours if ours[name] != real[name]} <= allowed


# postconf(5): "default: ..." and "This feature is available in Postfix ... and later"; COMPATIBILITY_README.
@pytest.mark.parametrize("version, name, value", [
    ((3, 4), "mydestination", "$myhostname, localhost.$mydomain, localhost"),
    ((3, 4), "smtpd_recipient_restrictions", ""),
    ((3, 5), "smtpd_relay_restrictions",
     "${{$compatibility_level} < {1} ? {} : {permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination}}"),
    ((3, 6), "smtpd_relay_restrictions",
     "${{$compatibility_level} <level {1} ? {} : {permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination}}"),
    ((3, 5), "relay_domains", "${{$compatibility_level} < {2} ? {$mydestination} : {}}"),
    ((3, 5), "mynetworks_style", "${{$compatibility_level} < {2} ? {subnet} : {host}}"),
    ((3, 7), "append_dot_mydomain", "${{$compatibility_level} <level {1} ? {yes} : {no}}"),
    ((3, 7), "smtputf8_enable", "${{$compatibility_level} <level {1} ? {no} : {yes}}"),
    ((3, 4), "milter_connect_macros", "j {daemon_name} {daemon_addr} v"),
    ((3, 5), "milter_connect_macros", "j {daemon_name} {daemon_addr} v _"),
    ((3, 6), "smtpd_sasl_mechanism_filter", "!external, static:rest"),
    ((3, 8), "smtpd_forbid_unauth_pipelining", "no"),
    ((3, 9), "smtpd_forbid_unauth_pipelining", "yes"),
    ((3, 9), "smtpd_forbid_bare_newline", "normalize"),
    ((3, 11), "smtp_tls_security_level", "${{$compatibility_level} <level {3.11} ? {} : {may}}"),
    ((3, 11), "smtpd_expansion_filter",
     r"""\t\40!"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"""),
])
def test_defaults_of_the_manual(version, name, value):
    assert defaults_for(version)[name] == value


@pytest.mark.parametrize("name, first", [
    ("smtpd_relay_before_recipient_restrictions", (3, 6)), ("smtpd_client_ipv4_prefix_length", (3, 8)),
    ("smtpd_hide_client_session", (3, 10)),
    ("smtpd_reject_filter_maps", (3, 11)), ("postscreen_tls_CAfile", (3, 12)),
])
def test_parameters_appear_with_their_version(name, first):
    for version in KNOWN_VERSIONS:
        assert (name in defaults_for(version)) == (version >= first)


def test_parameters_go_with_their_version():
    assert "tls_legacy_public_key_fingerprints" in defaults_for((3, 10))
    assert "tls_legacy_public_key_fingerprints" not in defaults_for((3, 11))


def test_versions_beyond_the_table():
    assert KNOWN_VERSIONS[0] == (3, 4) and KNOWN_VERSIONS[-1] == NEWEST
    assert defaults_for((3, 3)) == defaults_for((2, 11, 1)) == defaults_for((3, 4))
    assert defaults_for((4, 0)) == defaults_for(NEWEST)
    assert defaults_for((3, 7, 11)) == defaults_for((3, 7))


def test_every_caller_has_a_dict_of_its_own():
    defaults_for(NEWEST)["mydestination"] = "changed"
    assert defaults_for(NEWEST)["mydestination"] != "changed"


def test_the_generator_prints_the_table_that_is_there():
    """The table as it stands, read back and printed anew, is the same text: nobody edited it by hand."""
    printed = subprocess.check_output([sys.executable, str(GENERATOR), "--known"], universal_newlines=True)
    assert printed in (ROOT / "plugins/module_utils/_postfix/defaults.py").read_text()
