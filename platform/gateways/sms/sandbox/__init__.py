"""A stand-in for the provider: speaks the Messages API on loopback, keeps what it accepted, shows a phone's screen."""

from .faults import Faults
from .reading import Bubble, SandboxAway, read_phone
from .server import Sandbox

__all__ = ["Bubble", "Faults", "Sandbox", "SandboxAway", "read_phone"]
