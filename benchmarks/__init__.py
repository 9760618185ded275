"""Measurements, each a program of its own, behind `make bench`, `make bench-load` and `make bench-finding`.

They make their own database, and leave nothing behind.
"""
