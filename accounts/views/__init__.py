"""Pages of people: signing in, posts, the hand-over."""
