"""With whom could a town apply? Every set of municipalities that hangs together, judged under a ruleset.

`connected` lists the sets once each, `forms` and `verdicts` judge them as arrays, `reasons` puts those first that
people would accept, `finder` asks the database and has the plain engine judge again whatever is shown.
"""
