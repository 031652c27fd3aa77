"""Figures: numbers and arrays in, Matplotlib figures out."""
