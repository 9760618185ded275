"""Measurements, each a program: `make bench`, `make bench-finding`. They make their own database, and leave nothing behind."""
