"""Spreadsheets in and out: the one home of reading, checking and writing sheets."""
