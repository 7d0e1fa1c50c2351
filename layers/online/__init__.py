"""Optional refresh from official public services: cached, dated, never needed."""
