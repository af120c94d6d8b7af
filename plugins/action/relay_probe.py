# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""relay_probe on the controller's side: a server that is not in the inventory is nobody's to ask."""

import ipaddress

from ansible.errors import AnsibleActionFail
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

HERE = ("localhost",)


class ActionModule(ActionBase):
    """Refuses a foreign target, else runs the module."""

    TRANSFERS_FILES = False

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        host = str(self._task.args.get("host") or "")
        if host and not boolean(self._task.args.get("allow_foreign", False), strict=False) and not is_ours(host, (task_vars or {}).get("hostvars") or {}):
            raise AnsibleActionFail(
                "{0} is no host of the inventory, by name or by ansible_host, so it may be somebody else's: nothing was asked. "
                "With allow_foreign=true it is.".format(host))
        result.update(self._execute_module(task_vars=task_vars))
        return result


def is_ours(host, hostvars):
    """Tell whether *host* is the controller, or the name or address of a host in the inventory.

    :param hostvars: {name: variables}
    """
    wanted = _plain(host)
    if wanted in HERE or _is_loopback(wanted):
        return True
    return bool(wanted) and any(wanted in (_plain(name), _plain(str(hostvars[name].get("ansible_host") or ""))) for name in hostvars)


def _plain(host):
    """Return a name in lower case, or an address in its usual form."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return host.rstrip(".").lower()


def _is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
