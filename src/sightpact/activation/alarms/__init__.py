"""What alarm products send, read safely and understood. Pure: bytes and instants in, a `Message` or a `Meaning` out.

Never: a database, a clock, a network, or a word about whether a sharing may start. The law says that, by way of `access`.
"""
