from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "sightpact.people"
    label = "people"
