from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "sightpact.notices"
    label = "notices"
