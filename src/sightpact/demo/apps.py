from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "sightpact.demo"
    label = "demo"
