"""Society: who people are, what they would do, where they go, and what makes them hold back."""
