from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "sightpact.web"
    label = "web"
