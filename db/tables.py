"""The tables by name, for queries. Their columns are declared in `db.models`."""

from db.models import metadata

account = metadata.tables["account"]
citizen = metadata.tables["citizen"]
citizen_total = metadata.tables["citizen_total"]
event = metadata.tables["event"]
ledger_entry = metadata.tables["ledger_entry"]
organization = metadata.tables["organization"]
organization_member = metadata.tables["organization_member"]
participation = metadata.tables["participation"]
refresh_token = metadata.tables["refresh_token"]
scoring_policy = metadata.tables["scoring_policy"]
session = metadata.tables["session"]
skill_holding = metadata.tables["skill_holding"]
territory = metadata.tables["territory"]
territory_within = metadata.tables["territory_within"]
used_assessment = metadata.tables["used_assessment"]
