"""Brief: what studies come to, on a page for readers."""
