"""The product's words in the reader's language."""
