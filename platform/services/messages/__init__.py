"""Messages: written first, sent once, asked about when in doubt.

`withdraw` is what other services call, in the transaction that calls a visit or a booking off.
"""

from .corrections import withdraw
from .handling import handle, opt_in, opt_out, resend
from .outbox import plan

__all__ = ["handle", "opt_in", "opt_out", "plan", "resend", "withdraw"]
