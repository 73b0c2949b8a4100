"""Drawing patrol zones after article 7 from what a map says about the land."""

from scheduling.zones.draft import Draft, draft_county

__all__ = ["Draft", "draft_county"]
