"""The proof: an agreement's policies over the whole finite world at once, and what must hold there. Decides nothing."""
