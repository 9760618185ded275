"""How things are kept: models, queries, loaders, the unit of work, migrations."""
