"""Messages: written first, sent once, asked about when in doubt.

`withdraw` is what other services call, in the transaction that calls a visit or a booking off; `retell`, in the one
that gives visits another time or helper.
"""

from .corrections import withdraw
from .handling import handle, opt_in, opt_out, resend
from .outbox import plan
from .retelling import retell

__all__ = ["handle", "opt_in", "opt_out", "plan", "resend", "retell", "withdraw"]
