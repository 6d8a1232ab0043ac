"""Factories build the least valid object."""
