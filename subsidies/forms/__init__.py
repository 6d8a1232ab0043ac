"""Reading what a person typed, with Japanese error texts that name the place."""
