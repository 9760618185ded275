"""Why: the rules of Influents, as frozen values and pure functions. The time is an argument."""
