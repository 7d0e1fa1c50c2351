"""Tables that strangers write: what their columns mean, where their rows lie, what their words say."""
