"""Four ways to send. Each takes a `Job` and raises `SendFault`; none touches the database."""
