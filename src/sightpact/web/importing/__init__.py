"""`sightpact import FILE.toml`: a district's whole set-up from one file. lines and parse are pure, known reads, apply acts."""
