"""The words between the gate (records process) and an edge: typed messages and their framing. No behaviour, no I/O."""
