"""A second copy of a Sightpact record, kept and countersigned by somebody else. Shares no code with what it watches."""
