"""What goes wrong, told to the person who ran a command."""


class EmbeddedDatabaseError(Exception):
    """The embedded PostgreSQL can't be had; the message is one line and says what to do."""
