"""Windows of days, and which days are workdays."""
