"""The edge process: cameras in, viewer sockets out. It asks the gate for everything and keeps nothing."""
