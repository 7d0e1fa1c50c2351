"""Outputs: judgement becomes what people take away; pure functions returning maps, text and bytes."""
