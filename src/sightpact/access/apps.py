from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "sightpact.access"
    label = "access"
