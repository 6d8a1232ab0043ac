"""The search: how words are folded, what of each kind is indexed, how the index keeps up, and who finds what."""
