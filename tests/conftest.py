"""What all tests share. Fixtures of one slice stand in that slice's own conftest."""
