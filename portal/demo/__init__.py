"""The demo world (design.md §7): real municipalities, made-up people, amounts and applications, labelled デモ.

It is told through the same services that people use, day by day, with the clock standing at each day: so every state,
number, paper and audit event is real, and for one date the world is the same on each load.
"""
