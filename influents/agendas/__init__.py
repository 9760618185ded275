"""Events from agendas that others keep, read into what the domain knows."""
