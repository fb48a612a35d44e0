"""Alarm sources that we go to: CAP feeds that are read every few seconds, MQTT brokers that are listened to.

One thread each, started and ended by `supervise.py` as sources come, change and go. Never: a connection to an address that
was not checked, or a message that is acknowledged before it was taken in.
"""
