"""Points over time."""

from datetime import date

import strawberry

from domain import timeline as domain
from domain.timeline import TimelineInterval
from engine import reads
from schema.enums import described

described(
    TimelineInterval,
    description="How long the buckets of a timeline are.",
    DAY="A day.",
    WEEK="A week, from Monday on.",
    MONTH="A month.",
    YEAR="A year.",
)


@reads(domain.Bucket, participation_count="participations", total_points="total")
@strawberry.federation.type(shareable=True, description="What a stretch of time brought.")
class TimelineBucket:
    start: date = strawberry.field(description="Its first day.")
    participation_count: int = strawberry.field(description="Participations that were confirmed in it, and still are.")
    points: int = strawberry.field(description="Points that were recorded in it; negative where more was taken back.")
    total_points: int = strawberry.field(description="The points that there were at its end.")
    level: int = strawberry.field(description="The level that these are, by the policy in force now.")
