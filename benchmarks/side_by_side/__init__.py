"""`make bench`: this service beside the hand-written limit and three servers on Node, on the same rows."""
