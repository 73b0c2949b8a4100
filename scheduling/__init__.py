"""The law and the calendar: county, regulation, windows, requirements, planning, plan and audit."""
