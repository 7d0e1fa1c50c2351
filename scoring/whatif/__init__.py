"""What-if: the same sites before and after something is built or a fact is changed."""
