"""What staffing asks of planning: a group's needs without its staff, counts, and plans to try."""
