"""Spreadsheets, in and out: pure files, no database and no request."""
