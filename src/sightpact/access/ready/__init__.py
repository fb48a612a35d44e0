"""Readiness: what would fail if an emergency began now, school by school, each with what to do about it.

Questions of facts and of this machine; nothing here opens a picture. The frames that cameras are asked for are
`live.frame_check`'s, and only what became of them is stored here.
"""
