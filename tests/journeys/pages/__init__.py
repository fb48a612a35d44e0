"""Ways through pages that show no picture: nothing here depends on time, so that two files can run at once."""
