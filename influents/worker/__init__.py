"""The worker: the outbox's relay and what is done from time to time. Any number of them may run at once."""
