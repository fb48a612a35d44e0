from django.apps import AppConfig


class ActivationConfig(AppConfig):
    name = "sightpact.activation"
    label = "activation"
