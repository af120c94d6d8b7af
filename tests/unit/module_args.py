# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a module that a test calls, handed over as the ansible-core at hand takes them."""

import json
from contextlib import contextmanager
from unittest import mock

try:
    from ansible.module_utils.testing import patch_module_args
except ImportError:  # older than 2.19
    from ansible.module_utils import basic

    @contextmanager
    def patch_module_args(options):
        """Let AnsibleModule find *options* for as long as the context lasts."""
        with mock.patch.object(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": options}).encode()):
            yield

__all__ = ["patch_module_args"]
