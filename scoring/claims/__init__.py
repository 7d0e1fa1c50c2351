"""What was said in public: claims against the evidence, promised dates against what happened."""
