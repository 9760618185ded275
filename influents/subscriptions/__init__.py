"""Subscriptions: how changes come here from all processes (`carrying.py`), and how they are told to clients."""
