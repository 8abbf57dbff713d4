"""What came in and was refused, or is odd: counted, with a sample, by source, reason and day."""
