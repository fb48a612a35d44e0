"""The API at /api/v1/: what the pages can do, as JSON. One file a subject; each handler calls what its page calls.

Never here: a decision, a query, or a way to anything that a page does not have.
"""
