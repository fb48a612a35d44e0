"""A school's worth of simulated RTSP cameras: drawn scenes, real protocol, faults on demand.

Stand-alone: imports nothing of sightpact, and the product never imports it, since it must not know that a
camera is simulated.
Where to start: `server.Simulator` (RTSP), `clip_encoding` (the pictures), `testing.running` (for tests).
"""
