"""Mail: letters set as messages, and carried to a server or into a folder."""
