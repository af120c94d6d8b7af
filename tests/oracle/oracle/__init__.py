# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real smtpd(8) as judge: what does Postfix itself answer to a stranger?

    import oracle
    host = oracle.installations()[0]
    with oracle.start("/some/config/directory", postfix=host) as session:
        reply = session.ask(oracle.Dialogue("203.0.113.9", recipient="u@elsewhere.example"))
        reply.outcome   # accepted | discarded | refused | deferred | server error | dead

README.md beside this package tells the rest.
"""

from .dialogue import Dialogue, Reply
from .installations import Postfix, installations, missing
from .localise import localise
from .rewrite import classify
from .session import Session, listeners, start
from .stand_ins import stand_in
from .world import HOST_ADDRESS, HOST_NAME, world

__all__ = ["HOST_ADDRESS", "HOST_NAME",
           "Dialogue", "Postfix", "Reply", "Session", "classify", "installations", "listeners", "localise", "missing", "stand_in", "start",
           "world"]
