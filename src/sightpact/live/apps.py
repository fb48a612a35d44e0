from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "sightpact.live"
    label = "live"
