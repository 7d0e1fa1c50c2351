"""The commands of the terminal, one a module, so that each loads only what it needs."""
