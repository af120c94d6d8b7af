# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


class ModuleDocFragment:
    """What a module of this collection can do, for C(extends_documentation_fragment: relaylock.postfix.attributes)."""

    # The module itself says how far it supports each.
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can tell what it would change and change nothing.
  diff_mode:
    description: Shows each change as the text before and after it.
  platform:
    description: Which systems a managed node may run.
    platforms: posix
    support: full
"""

    # For modules that only read.
    INFO_MODULE = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - This module changes nothing, in check mode or out of it.
  diff_mode:
    support: N/A
    details:
      - This module changes nothing.
"""

    # For the modules of the action group that meta/runtime.yml defines.
    ACTIONGROUP_RELAY = r"""
options: {}
attributes:
  action_group:
    description: Takes its defaults from C(module_defaults) of C(group/relaylock.postfix.relay).
    support: full
    membership:
      - relaylock.postfix.relay
"""
