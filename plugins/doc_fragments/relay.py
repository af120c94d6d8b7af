# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


class ModuleDocFragment:
    """Options of every module that judges a configuration."""

    DOCUMENTATION = r"""
options:
  config_directory:
    description:
      - The folder that holds C(main.cf) and C(master.cf).
      - When not given, what the installed Postfix uses, else V(/etc/postfix).
    type: path
  trusted_networks:
    description:
      - The networks whose clients may relay. Every other public address is a stranger.
      - When not given, C(mynetworks) itself says so, as far as O(widest_public_network) lets it be believed.
    type: list
    elements: str
  widest_public_network:
    description:
      - The shortest prefix, by address family, that a public entry of C(mynetworks) may have and still be trusted.
    type: dict
    default:
      ipv4: 24
      ipv6: 48
  postfix_version:
    description:
      - The version of Postfix whose rules apply, such as V(3.7).
      - When not given, the version that is installed on the host, else the newest that is known.
    type: str
  waivers:
    description:
      - Findings that are accepted for a time. They are shown as waived, and nothing is edited for their sake.
    type: list
    elements: dict
    default: []
    suboptions:
      id:
        description: The id of the finding.
        type: str
        required: true
      reason:
        description: Why it is accepted.
        type: str
        required: true
      until:
        description: The last day on which the waiver holds, such as V(2026-12-31).
        type: str
        required: true
"""
