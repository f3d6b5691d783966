"""When it happens: the clock, its ticks, the senders. Imports services; nothing imports it but wsgi.py."""
