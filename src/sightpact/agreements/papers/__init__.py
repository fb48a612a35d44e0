"""Papers of an agreement: PDF, Word file and board pack. From plain values to bytes; the same values give the same bytes.

Pure but for its own fonts and styles, which are read from this package. Never: a database, a clock, the network.
Papers are in English, the language of the signed text. `stored` (what is stored, for a reader) is the one file that knows Django.
"""
