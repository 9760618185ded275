"""The doctor: what is right and wrong with an installation, in words.

`checks.py` lists what is looked at, a file a subject.
It writes nothing, and no finding holds a secret, an address of the database, or anything of a citizen's.
"""
