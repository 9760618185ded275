"""The edge, and where everything is put together."""
