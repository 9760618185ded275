"""What operators see: whether a process is ready, metrics for Prometheus, and traces where they are wanted.

Nothing here holds anything of a client's: labels and attributes are words of our own, a bounded number of each.
"""
