# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the host is asked, and how often: postconf at most once a call, and what a host without Postfix gets."""

import os
import shutil
import subprocess

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._relay import host

POSTCONF = shutil.which("postconf") or next((path for path in ("/usr/sbin/postconf",) if os.path.exists(path)), None)
needs_postconf = pytest.mark.skipif(POSTCONF is None, reason="NOT TESTED: no postconf here")

MAIN = "compatibility_level = 3.6\nmyhostname = mx.example.com\n"


@pytest.fixture
def counted(tmp_path, monkeypatch):
    """Put a postconf ahead of the real one that writes down how it is called; return a function that reads that."""
    tools, log = tmp_path / "tools", tmp_path / "calls"
    tools.mkdir()
    (tools / "postconf").write_text('#!/bin/sh\necho "$@" >>{0}\nexec {1} "$@"\n'.format(log, POSTCONF))
    (tools / "postconf").chmod(0o755)
    monkeypatch.setattr(host, "PLACES", (str(tools),) + host.PLACES)
    return lambda: log.read_text().splitlines() if log.exists() else []


def laid(tmp_path, text):
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "main.cf").write_text(text)
    os.utime(str(folder / "main.cf"), (0, 0))  # Postfix waits where it is new
    return str(folder)


@needs_postconf
@pytest.mark.parametrize("text", [MAIN, MAIN + "mynetworks_style = host\n", MAIN + "mynetworks = 127.0.0.0/8\n"])
def test_postconf_is_asked_once(counted, tmp_path, text):
    folder = laid(tmp_path, text)
    here = host.installed(folder)
    configuration, version = host.read_configuration(folder, None, here)
    assert counted() == ["-d" if "mynetworks = " in text else "-c " + folder]
    real = subprocess.check_output([POSTCONF, "-c", folder, "-xh", "mynetworks"], universal_newlines=True).strip()
    assert configuration.settings().value("mynetworks") == real
    assert version == subprocess.check_output([POSTCONF, "-dh", "mail_version"], universal_newlines=True).strip()


@needs_postconf
@pytest.mark.parametrize("text", ["no equals sign\n", MAIN + "mail_version = 2.0\n"])
def test_a_main_cf_that_says_nothing_of_its_postfix(tmp_path, text):
    """One that cannot be read, and one that lies about the version."""
    folder = laid(tmp_path, text)
    real = subprocess.check_output([POSTCONF, "-dh", "mail_version"], universal_newlines=True).strip()
    assert host.read_configuration(folder)[1] == real


@needs_postconf
def test_what_main_cf_sets_is_no_default(tmp_path):
    folder = laid(tmp_path, MAIN + "smtpd_helo_required = yes\n")
    assert "smtpd_helo_required" not in host.read_configuration(folder)[0].host.defaults


def test_no_postfix(monkeypatch):
    monkeypatch.setattr(host, "find_command", lambda dummy: None)
    here = host.installed()
    assert here.directory == "/etc/postfix" and here.version is None
