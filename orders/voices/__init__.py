"""What buyers say in public and to producers: reviews, questions, wholesale requests (ADR 25)."""
