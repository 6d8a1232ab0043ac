"""Find what is visible, read the form, call one service, answer."""
