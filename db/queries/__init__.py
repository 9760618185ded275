"""Questions put to the database. Each takes many keys, asks once, and answers a mapping."""
