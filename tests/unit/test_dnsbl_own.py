# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host's own public addresses, out of what its kernel and its commands say. The samples have the form of the real thing."""

import os
import socket

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._dnsbl import own

FIB_TRIE = """Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     |-- 1.2.3.0
        /24 link UNICAST
     |-- 1.2.3.4
        /32 host LOCAL
     |-- 1.2.3.255
        /32 link BROADCAST
     |-- 10.0.0.5
        /32 host LOCAL
     |-- 127.0.0.1
        /32 host LOCAL
Local:
     |-- 1.2.3.4
        /32 host LOCAL
"""
IF_INET6 = """00000000000000000000000000000001 01 80 10 80       lo
2a000123000000000000000000000025 02 40 00 80     eth0
fe80000000000000021122fffe334455 02 40 20 80     eth0
fd000000000000000000000000000001 02 40 00 80     eth0
"""
IP = """1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever
2: eth0    inet 1.2.3.4/24 brd 1.2.3.255 scope global eth0\\       valid_lft forever preferred_lft forever
2: eth0    inet6 2a00:123::25/64 scope global \\       valid_lft forever preferred_lft forever
3: ppp0    inet 5.6.7.8 peer 9.9.9.9/32 scope global ppp0\\       valid_lft forever preferred_lft forever
"""
BSD = """em0: flags=8863<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> metric 0 mtu 1500
\tether 00:11:22:33:44:55
\tinet 1.2.3.4 netmask 0xffffff00 broadcast 1.2.3.255
\tinet6 fe80::211:22ff:fe33:4455%em0 prefixlen 64 scopeid 0x1
\tinet6 2a00:123::25 prefixlen 64
"""
OLD = """eth0      Link encap:Ethernet  HWaddr 00:11:22:33:44:55
          inet addr:1.2.3.4  Bcast:1.2.3.255  Mask:255.255.255.0
          inet6 addr: 2a00:123::25/64 Scope:Global
"""


def texts(found):
    return [str(address) for address in found]


def test_what_linux_has_in_proc():
    assert texts(own.public(own.local_addresses(FIB_TRIE) + own.inet6_addresses(IF_INET6))) == ["1.2.3.4", "2a00:123::25"]


@pytest.mark.parametrize("text, found", [
    (IP, ["1.2.3.4", "5.6.7.8", "2a00:123::25"]), (BSD, ["1.2.3.4", "2a00:123::25"]), (OLD, ["1.2.3.4", "2a00:123::25"]),
])
def test_what_commands_show(text, found):
    assert texts(own.public(own.shown_addresses(text))) == found


@pytest.mark.parametrize("text", [
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.0.1", "127.0.0.1", "0.0.0.0", "224.0.0.1", "240.0.0.1", "192.0.2.1",
    "::1", "fe80::1", "fd00::1", "ff02::1", "2001:db8::1", "nonsense", "",
])
def test_what_is_not_public(text):
    assert own.public([text]) == []


def test_without_proc_the_commands_are_asked(monkeypatch, tmp_path):
    for name, text in (("ip", ""), ("ifconfig", BSD)):
        (tmp_path / name).write_text("#!/bin/sh\ncat <<'END'\n{0}END\n".format(text))
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(own, "FIB_TRIE", str(tmp_path / "none"))
    monkeypatch.setattr(own, "IF_INET6", str(tmp_path / "none"))
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + os.environ["PATH"])
    assert texts(own.own_addresses()) == ["1.2.3.4", "2a00:123::25"]
    monkeypatch.setattr(own, "COMMANDS", (("no-such-command",),))
    assert own.own_addresses() == []


def test_with_proc_no_command_is_asked(monkeypatch, tmp_path):
    (tmp_path / "fib_trie").write_text(FIB_TRIE)
    monkeypatch.setattr(own, "FIB_TRIE", str(tmp_path / "fib_trie"))
    monkeypatch.setattr(own, "IF_INET6", str(tmp_path / "none"))
    monkeypatch.setattr(own, "COMMANDS", (("sh", "-c", "touch {0}/asked; echo inet 5.6.7.8".format(tmp_path)),))
    assert texts(own.own_addresses()) == ["1.2.3.4"]
    assert not (tmp_path / "asked").exists()


@pytest.mark.skipif(not os.path.exists(own.FIB_TRIE), reason="NOT TESTED: no {0} here".format(own.FIB_TRIE))
def test_this_host_knows_its_own_address():
    """The address that the kernel would send from is among those found; nothing is sent."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.connect(("192.0.2.1", 9))
        address = sock.getsockname()[0]
    except OSError:
        pytest.skip("NOT TESTED: no route to anywhere here")
    finally:
        sock.close()
    with open(own.FIB_TRIE) as handle:
        assert address in own.local_addresses(handle.read())
