"""Ways through pages that show no moving picture."""
