"""What is written down about single persons: their weeks told again from the same draws, what of it can be joined, and
how much of it singles one person out of the nation. It reads odds and tallies, and nothing of the world."""
