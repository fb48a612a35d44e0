"""Copies of the record elsewhere, which countersign its heads. Kept by `cosign/` on somebody else's machine."""
