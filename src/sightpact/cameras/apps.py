from django.apps import AppConfig


class CamerasConfig(AppConfig):
    name = "sightpact.cameras"
    label = "cameras"
