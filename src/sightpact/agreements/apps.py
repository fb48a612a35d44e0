from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "sightpact.agreements"
    label = "agreements"
