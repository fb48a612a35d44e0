"""The law: facts in, a grant or a refusal out. Pure: no Django, no clock, no I/O, no randomness."""
