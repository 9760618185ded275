"""Measurements, each a program: `make bench`. They make their own database, and leave nothing behind."""
