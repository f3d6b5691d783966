"""短信: the outbox, one text's story, and the texts that wait for a person."""

from .views import blueprint

__all__ = ["blueprint"]
