"""The demo city: the real one's shape, peopled with generated seniors and helpers. Only for demo mode."""
