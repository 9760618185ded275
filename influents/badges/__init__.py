"""Credentials, outside of GraphQL: what is published for others to check them by, and checking them."""
