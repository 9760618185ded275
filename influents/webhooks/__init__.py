"""Webhooks as they leave: what a message says, how it is signed, and how it is sent."""
